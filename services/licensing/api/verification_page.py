"""The page that tells people whether a permit is genuine: no script, nothing loaded from elsewhere."""

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from shared.web.verification_page import STYLE

_PAGE: Final = """<!DOCTYPE html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ t.title }} · {{ text(found.permit.name) }}</title>
<style>{{ style }}</style>
</head>
<body>
<main>
<p><a href="?language={{ other[:2] }}" lang="{{ other }}" hreflang="{{ other }}">{{ t.other }}</a></p>
<h1>{{ t.title }}</h1>
{% if found.is_valid %}
<p class="verdict good" role="status">{{ t.valid }}</p>
{% else %}
<p class="verdict bad" role="status">{{ t.invalid }}</p>
{% endif %}
<dl>
<dt>{{ t.name }}</dt><dd>{{ text(found.permit.name) }}</dd>
<dt>{{ t.number }}</dt><dd>{{ found.permit.permit_number }}</dd>
<dt>{{ t.holder }}</dt><dd>{{ found.holder_name }} ({{ found.uscc }})</dd>
{% if found.holder %}
<dt>{{ t.holder_now }}</dt>
<dd>{{ found.holder.name }}{% if found.holder.address %}, {{ found.holder.address }}{% endif %} ({{ state }})</dd>
{% endif %}
{% if found.permit.premises %}
<dt>{{ t.premises }}</dt><dd>{{ found.permit.premises }}</dd>
{% endif %}
<dt>{{ t.issuer }}</dt><dd>{{ text(found.permit.issuer_name) }}</dd>
<dt>{{ t.supervising }}</dt><dd>{{ text(found.permit.supervising_name) }}</dd>
<dt>{{ t.validity }}</dt>
<dd>{{ found.permit.valid_from }} {{ t.to }} {{ found.permit.valid_to or t.endless }}</dd>
<dt>{{ t.identifier }}</dt><dd>{{ found.certificate_identifier }}</dd>
</dl>
{% if found.superseded_by %}
<p>{{ t.superseded }} <a href="/licensing/v1/verify/{{ found.superseded_by }}">{{ found.superseded_by }}</a></p>
{% endif %}
{% if left %}
<p role="note">{{ text(left.statement) }}{% if left.apply_by %} {{ t.apply_by }} {{ left.apply_by }}{% endif %}</p>
{% endif %}
<h2 id="checks">{{ t.checks }}</h2>
<ul aria-labelledby="checks">
{% for check in found.checks %}
<li>{{ text(check.statement) }}{{ t.colon }}<strong>{{ t.passed if check.passed else t.failed }}</strong></li>
{% endfor %}
</ul>
{% if found.components %}
<h2 id="inside">{{ t.inside }}</h2>
<table aria-labelledby="inside">
<thead><tr>
<th scope="col">{{ t.name }}</th>
<th scope="col">{{ t.number }}</th>
<th scope="col">{{ t.issuer }}</th>
<th scope="col">{{ t.supervising }}</th>
<th scope="col">{{ t.validity }}</th>
</tr></thead>
<tbody>
{% for part in found.components %}
<tr>
<th scope="row">{{ text(part.name) }}</th>
<td><a href="{{ part.verify_path }}">{{ part.permit_number }}</a></td>
<td>{{ text(part.issuer_name) }}</td>
<td>{{ text(part.supervising_name) }}</td>
<td>{{ part.valid_from }} {{ t.to }} {{ part.valid_to or t.endless }}</td>
</tr>
{% endfor %}
</tbody>
</table>
{% endif %}
<figure><div role="img" aria-label="{{ t.qr }}">{{ qr }}</div><figcaption>{{ t.qr }}</figcaption></figure>
<p><small>{{ text(found.seal) }}</small></p>
<p><small>{{ t.verified_at }} {{ found.verified_at }}</small></p>
</main>
</body>
</html>
"""

_ZH: Final = {
    "title": "许可证核验",
    "other": "English",
    "valid": "✓ 真实有效：全部核验通过",
    "invalid": "✗ 未通过核验，请勿采信",
    "name": "许可证",
    "number": "编号",
    "holder": "持证主体",
    "holder_now": "登记簿现载",
    "premises": "证载经营场所",
    "superseded": "本版本已由新版本替代：",
    "apply_by": "申请期限：",
    "issuer": "颁发机构",
    "supervising": "监管部门",
    "validity": "有效期",
    "to": "至",
    "endless": "长期",
    "identifier": "电子证照标识",
    "checks": "核验项目",
    "colon": "：",
    "passed": "通过",
    "failed": "未通过",
    "inside": "所含单项许可",
    "qr": "扫码打开本页进行核验",
    "verified_at": "核验时间（UTC）",
}
_EN: Final = {
    "title": "Permit verification",
    "other": "中文",
    "valid": "✓ Genuine and in force: every check passed",
    "invalid": "✗ Verification failed: do not rely on it",
    "name": "Permit",
    "number": "Number",
    "holder": "Holder",
    "holder_now": "In the register today",
    "premises": "Premises that it names",
    "superseded": "A later version took its place:",
    "apply_by": "To be applied for until",
    "issuer": "Issued by",
    "supervising": "Supervised by",
    "validity": "Valid",
    "to": "to",
    "endless": "no end",
    "identifier": "Certificate identifier",
    "checks": "Checks",
    "colon": ": ",
    "passed": "passed",
    "failed": "failed",
    "inside": "Permits inside",
    "qr": "Scan to open this page and verify",
    "verified_at": "Verified at (UTC)",
}
_STATES: Final = {
    "active": ("存续", "in business"),
    "suspended": ("歇业", "business suspended"),
    "in_liquidation": ("清算", "in liquidation"),
    "revoked": ("吊销", "licence revoked"),
    "closed": ("责令关闭", "ordered to close"),
    "annulled": ("撤销登记", "registration revoked"),
    "deregistered": ("注销", "deregistered"),
    "moved_out": ("迁出", "moved to another register"),
}
_TEMPLATE: Final = Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE)


def render(found: Mapping[str, Any], *, qr: str, english: bool) -> str:
    """Fill the page with a verification as it is answered in JSON; `qr` is an SVG of our own making."""

    def text(of: Mapping[str, str]) -> str:
        return of["en"] if english else of["zh"]

    return _TEMPLATE.render(
        found=found,
        left=found["permit"]["premises_changed"],
        language="en" if english else "zh-CN",
        other="zh-CN" if english else "en",
        t=_EN if english else _ZH,
        text=text,
        state=_state(found["holder"], english),
        style=Markup(STYLE),  # noqa: S704 - constant of this module
        qr=Markup(qr),  # noqa: S704 - drawn by shared.certificates from our own address
    )


def _state(holder: Mapping[str, Any] | None, english: bool) -> str:
    """What the register's word for a state means; a word of a later version stands as it is."""
    told = str(holder["state"]) if holder else ""
    zh, en = _STATES.get(told, (told, told))
    return en if english else zh
