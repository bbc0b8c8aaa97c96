"""What may be granted, and what counts as narrower than what was granted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.catalogue.data.domain.grant import Terms
from shared.security.office import region_covers


@dataclass(frozen=True)
class ResourceOnOffer:
    """What the rules need to know of a resource; `secret_fields` are trade secrets (商业秘密)."""

    key: str
    is_shareable: bool
    field_names: frozenset[str]
    secret_fields: frozenset[str] = frozenset()
    is_state_secret: bool = False


@dataclass(frozen=True)
class Grantee:
    """What the rules need to know of the agency; a third party (第三方) has a whitelist. Source: DS-19, DS-27."""

    is_known: bool
    whitelist: frozenset[str] | None = None


@dataclass(frozen=True)
class Flaw:
    """One reason why a grant cannot be issued: where in the request, a stable code, what is wrong."""

    pointer: str
    code: str
    zh: str
    en: str


def flaws_of(
    terms: Terms,
    *,
    resource: ResourceOnOffer | None,
    grantee: Grantee,
    unknown_regions: Iterable[str],
    now: datetime,
) -> Iterator[Flaw]:
    """Yield every reason against a grant, so that one answer names them all.

    Sources: 政务数据共享条例 (国令809) on the three sharing classes; DS-14 on naming fields one by one; DS-19 and
    贵州条例 第二十六条、第二十八条 on third parties; NFR-21 and 贵州条例 第四十条 on state secrets.
    """
    if not grantee.is_known:
        yield Flaw("/agency", "unknown_agency", "没有这个部门", "there is no such agency in this region")
    for code in unknown_regions:
        place = terms.regions.index(code)
        yield Flaw(f"/regions/{place}", "unknown_division", "没有这个行政区划", "there is no such division")
    if terms.valid_until <= now:
        yield Flaw("/valid_until", "already_over", "有效期必须在将来", "must lie in the future")
    if resource is None:
        yield Flaw("/resource", "unknown_resource", "目录中没有该资源", "is not in the catalogue")
        return
    yield from _against_sharing(resource, terms, grantee)
    yield from _wrong_fields(terms.fields, resource)
    if grantee.whitelist is not None:
        for place, name in enumerate(terms.fields):
            if name in resource.secret_fields:
                yield Flaw(
                    f"/fields/{place}", "secret_field", "涉及商业秘密，不向第三方提供", "is a trade secret"
                )


def _against_sharing(resource: ResourceOnOffer, terms: Terms, grantee: Grantee) -> Iterator[Flaw]:
    if resource.is_state_secret:
        yield Flaw("/resource", "state_secret", "涉及国家秘密，不得共享", "holds state secrets")
    elif not resource.is_shareable:
        yield Flaw("/resource", "not_shared", "该资源不予共享", "its owner does not share it")
    if grantee.whitelist is not None and resource.key not in grantee.whitelist:
        yield Flaw(
            "/resource", "not_whitelisted", "不在该机构可用数据清单内", "is not on the agency's whitelist"
        )
    if grantee.whitelist is not None and not terms.needs_consent:
        yield Flaw(
            "/needs_consent",
            "authorisation_needed",
            "第三方须经数据主体授权",
            "a third party reads only what its subject authorised",
        )


def _wrong_fields(fields: tuple[str, ...], resource: ResourceOnOffer) -> Iterator[Flaw]:
    for place, name in enumerate(fields):
        if name not in resource.field_names:
            yield Flaw(
                f"/fields/{place}",
                "unknown_field",
                "该资源没有这个字段；须逐项列明，不接受通配",
                "is no field of the resource; fields are named one by one, wildcards are not taken",
            )
        elif name in fields[:place]:
            yield Flaw(f"/fields/{place}", "repeated", "字段重复", "is named twice")


def widenings_of(terms: Terms, before: Terms) -> Iterator[Flaw]:
    """Yield every respect in which terms are not within those granted before, or that nothing became less."""
    checks = (
        ("/fields", set(terms.fields) <= set(before.fields)),
        ("/regions", _within_regions(terms.regions, before.regions)),
        ("/scenes", not before.scenes or (bool(terms.scenes) and set(terms.scenes) <= set(before.scenes))),
        ("/ways", set(terms.ways) <= set(before.ways)),
        ("/valid_until", terms.valid_until <= before.valid_until),
        ("/needs_consent", terms.needs_consent or not before.needs_consent),
        ("/needs_case_number", terms.needs_case_number or not before.needs_case_number),
    )
    wider = [pointer for pointer, is_within in checks if not is_within]
    for pointer in wider:
        yield Flaw(pointer, "wider", "超出原授权范围", "goes beyond what was granted")
    if not wider and terms == before:
        yield Flaw("", "nothing_narrower", "与原授权相同", "is what was granted already")


def _within_regions(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    if not outer:
        return True
    return bool(inner) and all(any(region_covers(one, code) for one in outer) for code in inner)
