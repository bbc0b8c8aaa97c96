"""The facts of a token as claims, and back.

Source: RFC 9068, RFC 8693 (act), RFC 9449 (cnf), RFC 8176 (amr), OpenID Connect Core 2 (acr, auth_time).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.security.office import Office
from shared.security.principal import Facts, SubjectKind

NO_FACTS: Final = Facts()
MOST_ACTORS: Final = 4


@dataclass(eq=False)
class UnreadableFacts(Exception):
    """A claim is not of the form in which this suite issues it."""

    claim: str


def claims_of(facts: Facts) -> dict[str, Any]:
    """Write what is stated, leave out the rest."""
    office = facts.office
    claims: dict[str, Any] = {
        "sub_kind": facts.subject_kind.value if facts.subject_kind else None,
        "agency": facts.agency,
        "office": {"region": office.region, "posts": sorted(office.posts)} if office else None,
        "acr": facts.acr,
        "amr": list(facts.methods) or None,
        "auth_time": facts.authenticated_at,
        "act": _act(facts.actors),
        "grant_id": facts.grant_id,
        "consents": list(facts.consents) or None,
        "mandate_id": facts.mandate_id,
        "matter_id": facts.matter_id,
        "cnf": {"jkt": facts.key_thumbprint} if facts.key_thumbprint else None,
    }
    return {name: value for name, value in claims.items() if value is not None}


def facts_of(claims: Mapping[str, Any]) -> Facts:
    """Read the claims; raises UnreadableFacts: what is signed but not understood is not guessed at."""
    confirmation = _object(claims, "cnf")
    return Facts(
        subject_kind=_kind(claims),
        agency=_text(claims, "agency"),
        office=_office(claims),
        acr=_text(claims, "acr"),
        methods=_texts(claims, "amr"),
        authenticated_at=_whole(claims, "auth_time"),
        actors=_actors(claims),
        grant_id=_text(claims, "grant_id"),
        consents=_texts(claims, "consents"),
        mandate_id=_text(claims, "mandate_id"),
        matter_id=_text(claims, "matter_id"),
        key_thumbprint=None if confirmation is None else _text(confirmation, "jkt", required=True),
    )


def _act(actors: tuple[str, ...]) -> dict[str, Any] | None:
    """Nest the actors, the current one outermost. Source: RFC 8693 section 4.1."""
    act: dict[str, Any] | None = None
    for actor in reversed(actors):
        act = {"sub": actor} | ({"act": act} if act else {})
    return act


def _actors(claims: Mapping[str, Any]) -> tuple[str, ...]:
    actors: list[str] = []
    act = _object(claims, "act")
    while act is not None:
        actors.append(_text(act, "sub", required=True) or "")
        if len(actors) > MOST_ACTORS:
            raise UnreadableFacts("act")
        act = _object(act, "act")
    return tuple(actors)


def _kind(claims: Mapping[str, Any]) -> SubjectKind | None:
    text = _text(claims, "sub_kind")
    try:
        return SubjectKind(text) if text is not None else None
    except ValueError as error:
        raise UnreadableFacts("sub_kind") from error


def _office(claims: Mapping[str, Any]) -> Office | None:
    office = _object(claims, "office")
    if office is None:
        return None
    region = _text(office, "region", required=True) or ""
    if not region.isdecimal() or len(region) not in (6, 9, 12):
        raise UnreadableFacts("office")
    return Office(region, frozenset(_texts(office, "posts")))


def _object(claims: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    value = claims.get(name)
    if value is not None and not isinstance(value, dict):
        raise UnreadableFacts(name)
    return value


def _text(claims: Mapping[str, Any], name: str, *, required: bool = False) -> str | None:
    value = claims.get(name)
    if (value is None and not required) or (isinstance(value, str) and value):
        return value
    raise UnreadableFacts(name)


def _texts(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = claims.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UnreadableFacts(name)
    return tuple(value)


def _whole(claims: Mapping[str, Any], name: str) -> int | None:
    value = claims.get(name)
    if value is not None and type(value) is not int:
        raise UnreadableFacts(name)
    return value
