"""An electronic business licence (电子营业执照) as proof of an enterprise: what a wallet asserts, and which count.

A licence is a file that anybody can copy. What proves that its holder is here is the wallet's signed word; what
proves that the licence still holds is the register.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from gateway.identity.domain.outside_signatures import Algorithm, CompactJws, UnreadableJws, is_signed_by
from gateway.identity.domain.providers import LicenceWallet
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from shared.identifiers import is_ecert_id
from shared.identifiers.uscc import parse_uscc

METHOD: Final = "ecl"
LONGEST_ASSERTION: Final = 8192
LONGEST_SECONDS: Final = 300
LEEWAY_SECONDS: Final = 30
_HEADER_NAMES: Final = frozenset({"alg", "kid", "typ"})


class LicenceRefused(OAuthRefusal):
    """The licence, or the wallet's word for it, proves nothing. Source: GW-08 (401)."""

    def __init__(self, why: str) -> None:
        super().__init__(OAuthError.INVALID_GRANT, why)


@dataclass(eq=False)
class LicenceRegisterAway(Exception):
    """The register of licences gave no answer: nothing is known, so nothing is believed."""


@dataclass(frozen=True)
class ShownLicence:
    """What a wallet says: which licence was shown to it, of which enterprise, by whom."""

    wallet: str
    assertion_id: str
    good_until: datetime
    identifier: str
    uscc: str
    holder_citizen_id: str | None = field(default=None, repr=False)
    holder_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class LicenceOnRegister:
    """What the register says of a licence."""

    uscc: str
    is_valid: bool
    state_name: str


def read_assertion(
    text: str, wallets: Mapping[str, LicenceWallet], audiences: Collection[str], now: int
) -> ShownLicence:
    """Read what a wallet asserts (RFC 7523 section 3); raises LicenceRefused."""
    try:
        jws = CompactJws.read(text, longest=LONGEST_ASSERTION)
        claims = jws.claims()
    except UnreadableJws as error:
        raise LicenceRefused("assertion is not a JWT") from error
    wallet = wallets.get(_text(claims, "iss"))
    if wallet is None:
        raise LicenceRefused("iss is no wallet that this city trusts")
    _check_signature(jws, wallet)
    until = _check_times(claims, now)
    if claims.get("aud") not in [*audiences, *([each] for each in audiences)]:
        raise LicenceRefused("aud must be the issuer")
    if not 8 <= len(_text(claims, "jti")) <= 128:
        raise LicenceRefused("jti must have 8 to 128 characters")
    identifier, uscc = _text(claims, "licence_identifier"), _text(claims, "sub")
    if not is_ecert_id(identifier) or not _is_uscc(uscc):
        raise LicenceRefused("sub and licence_identifier must name an enterprise and its licence")
    return ShownLicence(
        wallet=wallet.issuer,
        assertion_id=_text(claims, "jti"),
        good_until=datetime.fromtimestamp(until + 2 * LEEWAY_SECONDS, UTC),
        identifier=identifier,
        uscc=uscc,
        holder_citizen_id=_text(claims, "holder_citizen_id") or None,
        holder_name=_text(claims, "holder_name")[:64].replace("\x00", "") or None,
    )


def check_on_register(shown: ShownLicence, found: LicenceOnRegister | None) -> None:
    """Compare what was shown with the register; raises LicenceRefused."""
    if found is None or found.uscc != shown.uscc:
        raise LicenceRefused("the register knows no such licence of this enterprise")
    if not found.is_valid:
        raise LicenceRefused(f"the licence is not in force: {found.state_name}")


def _check_signature(jws: CompactJws, wallet: LicenceWallet) -> None:
    kid = jws.header.get("kid")
    key = wallet.keys.get(kid) if isinstance(kid, str) else None
    if not set(jws.header) <= _HEADER_NAMES or jws.header.get("typ", "JWT") != "JWT":
        raise LicenceRefused("the header may hold alg, kid and typ JWT only")
    if jws.header.get("alg") not in list(Algorithm) or key is None:
        raise LicenceRefused("the assertion is not signed with a key of the wallet")
    if not is_signed_by(key, Algorithm(jws.header["alg"]), jws.signature, jws.signed):
        raise LicenceRefused("the assertion is not signed with a key of the wallet")


def _check_times(claims: Mapping[str, Any], now: int) -> int:
    until, since = claims.get("exp"), claims.get("iat")
    if type(until) is not int or type(since) is not int:
        raise LicenceRefused("exp and iat must be whole seconds")
    if until <= now - LEEWAY_SECONDS or since > now + LEEWAY_SECONDS:
        raise LicenceRefused("the assertion has expired, or is not good yet")
    if until - since > LONGEST_SECONDS:
        raise LicenceRefused(f"the assertion may be good for {LONGEST_SECONDS} s at most")
    return until


def _is_uscc(text: str) -> bool:
    try:
        parse_uscc(text)
    except ValueError:
        return False
    return True


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
