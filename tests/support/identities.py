"""Tokens as the gateway would issue them, signed with a key of the test run."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from shared.security.key_set import FixedKeySet
from shared.security.keys import SigningKey
from shared.security.office import Office
from shared.security.principal import Facts, SubjectKind
from shared.security.strength import Strength
from shared.security.tokens import ACCESS_TOKEN_SECONDS, access_claims, issue_token, prepare_key

ISSUER = "http://127.0.0.1:8000"
EVERYWHERE = ("gateway", "registration", "credit", "licensing", "hotline")
SIGNING_KEY = SigningKey.generate()
KEYS = FixedKeySet([prepare_key(SIGNING_KEY.public_jwk())])


@dataclass(frozen=True)
class _Told:
    """What a token of the run says."""

    subject: str
    client_id: str
    scopes: tuple[str, ...]
    facts: Facts

    def sign(self) -> str:
        """Sign it as of now."""
        claims = access_claims(
            issuer=ISSUER,
            subject=self.subject,
            client_id=self.client_id,
            audience=EVERYWHERE,
            scopes=self.scopes or ("none.none.none",),
            now=int(time.time()),
            facts=self.facts,
        )
        return issue_token(claims, SIGNING_KEY)


_issued: dict[str, tuple[_Told, float]] = {}
_GOOD_SECONDS = ACCESS_TOKEN_SECONDS / 2


def person_token(
    subject: str, *scopes: str, acted_by: str | None = None, strength: Strength = Strength.PASSWORD
) -> str:
    """An access token of a signed-in person, through the portal."""
    actors = (acted_by,) if acted_by else ()
    return signed_token(subject, "portal", scopes, Facts(acr=strength.acr, actors=actors))


def enterprise_token(
    uscc: str,
    person: str,
    *scopes: str,
    mandate_id: str | None = None,
    strength: Strength = Strength.PASSWORD,
) -> str:
    """An access token of a person who acts in the name of an enterprise."""
    facts = Facts(
        subject_kind=SubjectKind.ENTERPRISE, acr=strength.acr, actors=(person,), mandate_id=mandate_id
    )
    return signed_token(uscc, "portal", scopes, facts)


def agency_token(client_id: str, agency: str, *scopes: str) -> str:
    """An access token of an agency's own client; `agency` is its unified social credit code."""
    return signed_token(client_id, client_id, scopes, Facts(agency=agency))


def officer_token(
    subject: str,
    agency: str,
    *scopes: str,
    office: Office | None = None,
    strength: Strength = Strength.PASSWORD,
) -> str:
    """An access token of an officer who signed in."""
    return signed_token(subject, "portal", scopes, Facts(agency=agency, office=office, acr=strength.acr))


def signed_token(subject: str, client_id: str, scopes: Sequence[str], facts: Facts) -> str:
    """An access token good everywhere that says what is asked for."""
    told = _Told(subject, client_id, tuple(scopes), facts)
    token = told.sign()
    _issued[token] = told, time.monotonic()
    return token


def still_good(token: str) -> str:
    """A token that a module made when it was collected may have grown old since: the same is signed anew."""
    told, issued_at = _issued.get(token, (None, 0.0))
    return told.sign() if told and time.monotonic() - issued_at > _GOOD_SECONDS else token


def bearer(token: str, *, key: str | None = None, language: str | None = None) -> dict[str, str]:
    """Headers of a call: the token, an idempotency key for commands, the caller's language."""
    headers = {"Authorization": f"Bearer {still_good(token)}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    if language is not None:
        headers["Accept-Language"] = language
    return headers
