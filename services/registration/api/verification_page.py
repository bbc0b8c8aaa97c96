"""The page that the QR code of a licence leads to: whether it is genuine; no script, nothing loaded from elsewhere."""

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from shared.certificates import FileFinding
from shared.web.verification_page import CONTENT_SECURITY_POLICY, STYLE

# The page sends a file back to where it came from.
POLICY: Final = CONTENT_SECURITY_POLICY.replace("form-action 'none'", "form-action 'self'")
_PAGE: Final = """<!DOCTYPE html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ t.title }} · {{ found.holder_name or found.uscc }}</title>
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
<dt>{{ t.holder }}</dt><dd>{{ found.holder_name or t.unreadable }}</dd>
<dt>{{ t.uscc }}</dt><dd>{{ found.uscc }}</dd>
<dt>{{ t.certificate }}</dt><dd>{{ found.certificate_name or t.unreadable }}</dd>
<dt>{{ t.issuer }}</dt><dd>{{ found.issuing_authority_name or t.unreadable }}</dd>
<dt>{{ t.issued }}</dt><dd>{{ found.issued_on or t.unreadable }}</dd>
<dt>{{ t.state }}</dt><dd lang="zh-CN">{{ found.state_name }}</dd>
<dt>{{ t.version }}</dt><dd>{{ "%03d" % found.version }}</dd>
<dt>{{ t.identifier }}</dt><dd>{{ found.identifier }}</dd>
</dl>
{% if found.copy_mark %}
<h2>{{ t.copy }}</h2>
<dl>
<dt>{{ t.recipient }}</dt><dd>{{ found.copy_mark.recipient }}</dd>
<dt>{{ t.purpose }}</dt><dd>{{ found.copy_mark.purpose }}</dd>
<dt>{{ t.expires }}</dt><dd>{{ found.copy_mark.expires_at }}</dd>
</dl>
{% endif %}
<h2 id="checks">{{ t.checks }}</h2>
<ul aria-labelledby="checks">
{% for check in found.checks %}
<li>{{ text(check) }}{{ t.colon }}<strong>{{ t.passed if check.passed else t.failed }}</strong></li>
{% endfor %}
</ul>
{% if found.file %}
<h2>{{ t.file }}</h2>
<p class="verdict {{ 'good' if found.file.finding in sound else 'bad' }}">{{ text(found.file) }}</p>
{% if found.file.signer %}<p>{{ t.signer }}{{ t.colon }}{{ found.file.signer }}</p>{% endif %}
{% endif %}
{% if unreadable %}
<h2>{{ t.file }}</h2>
<p class="verdict bad">{{ t.no_licence }}</p>
{% endif %}
<h2>{{ t.have_file }}</h2>
<form method="post" enctype="multipart/form-data" action="?language={{ language[:2] }}">
<p><label for="pdf">{{ t.choose }}</label><br>
<input id="pdf" name="pdf" type="file" accept="application/pdf,.pdf" required></p>
<p><button type="submit">{{ t.check_file }}</button></p>
</form>
<p><small>{{ t.verified_at }} {{ found.verified_at }}</small></p>
</main>
</body>
</html>
"""

_ZH: Final = {
    "title": "电子营业执照核验",
    "other": "English",
    "valid": "✓ 真实有效：全部核验通过",
    "invalid": "✗ 未通过核验，请勿采信",
    "holder": "名称",
    "uscc": "统一社会信用代码",
    "certificate": "证照",
    "issuer": "登记机关",
    "issued": "颁发日期",
    "state": "状态",
    "version": "版本",
    "identifier": "电子证照标识",
    "copy": "加注件",
    "recipient": "仅供",
    "purpose": "用于",
    "expires": "有效期截止（UTC）",
    "checks": "核验项目",
    "colon": "：",
    "passed": "通过",
    "failed": "未通过",
    "unreadable": "无法读取",
    "verified_at": "核验时间（UTC）",
    "file": "所提交的文件",
    "signer": "签名证书",
    "no_licence": "✗ 所提交的文件无法读取，或不含电子营业执照的签名数据。上面是登记机关的记录，与该文件无关。",
    "have_file": "核验执照 PDF 文件",
    "choose": "选择 PDF 文件（不超过 1 MB）",
    "check_file": "核验文件",
}
_EN: Final = {
    "title": "Business licence verification",
    "other": "中文",
    "valid": "✓ Genuine and in force: every check passed",
    "invalid": "✗ Verification failed: do not rely on it",
    "holder": "Name",
    "uscc": "Unified social credit code",
    "certificate": "Certificate",
    "issuer": "Registrar",
    "issued": "Issued on",
    "state": "State",
    "version": "Version",
    "identifier": "Certificate identifier",
    "copy": "Copy for a purpose",
    "recipient": "For",
    "purpose": "To be used for",
    "expires": "Expires (UTC)",
    "checks": "Checks",
    "colon": ": ",
    "passed": "passed",
    "failed": "failed",
    "unreadable": "cannot be read",
    "verified_at": "Verified at (UTC)",
    "file": "The file that was presented",
    "signer": "Signed under the certificate of",
    "no_licence": "✗ The file cannot be read, or carries no signed licence. What stands above is the register's, "
    "and says nothing of the file.",
    "have_file": "Check a licence's PDF file",
    "choose": "PDF file (at most 1 MB)",
    "check_file": "Check the file",
}
_SOUND: Final = (FileFinding.WHOLE.value, FileFinding.PLATFORM_SIGNED.value)
_TEMPLATE: Final = Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE)


def render(found: Mapping[str, Any], *, english: bool, unreadable: bool = False) -> str:
    """Fill the page with a verification as it is answered in JSON; `unreadable` where a file was sent that is none."""

    def text(check: Mapping[str, str]) -> str:
        return check["text_en"] if english else check["text_zh"]

    return _TEMPLATE.render(
        found=found,
        language="en" if english else "zh-CN",
        other="zh-CN" if english else "en",
        t=_EN if english else _ZH,
        text=text,
        sound=_SOUND,
        unreadable=unreadable,
        style=Markup(STYLE),  # noqa: S704 - constant of this module
    )
