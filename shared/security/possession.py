"""Proof that the bearer holds the key to which a token is bound: DPoP (RFC 9449).

A proof is a small JWT, made for one request and good once, whose header carries the key that signed it: the only
place where a key in a header is looked at. That the token names this key makes it the right one.
"""

import base64
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from shared.security.keys import UnusableKey, VerificationKey, decode_base64url, thumbprint_of
from shared.security.principal import Principal
from shared.security.tokens import LEEWAY_SECONDS, TokenRefused, split_token

LONGEST_AGE_SECONDS: Final = 60
BEARER: Final = "bearer"
DPOP: Final = "dpop"
SCHEMES: Final = frozenset({BEARER, DPOP})
CHALLENGE: Final = 'DPoP error="invalid_dpop_proof", algs="ES256"'
BOUND_TOKEN_CHALLENGE: Final = 'DPoP error="invalid_token", algs="ES256"'  # noqa: S105 - a challenge, no token
_HEADER_NAMES: Final = frozenset({"alg", "typ", "jwk"})
_MOST_PROOFS: Final = 100_000
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class ProofRefused(TokenRefused):
    """The proof is missing, or not one for this request and this token; `challenge` is what the caller is told."""

    def __init__(self, reason: str, challenge: str = CHALLENGE) -> None:
        super().__init__(f"dpop_{reason}")
        self.challenge = challenge


@dataclass(frozen=True)
class Asked:
    """What was asked for: the method and the public address, and the token that came along, if one did."""

    method: str
    url: str
    access_token: str | None = None


@dataclass(frozen=True)
class Proof:
    """A proof whose signature is good: its key's thumbprint, its id and its time."""

    thumbprint: str
    proof_id: str
    issued_at: int

    @property
    def digest(self) -> str:
        """The name under which its use is remembered."""
        return hashlib.sha256(f"{self.thumbprint}:{self.proof_id}".encode()).hexdigest()


def read_proof(text: str, asked: Asked, now: int) -> Proof:
    """Check all of a proof but whether it was used before; raises ProofRefused.

    Source: RFC 9449 section 4.3.
    """
    try:
        header, claims = split_token(text)
    except TokenRefused as refused:
        raise ProofRefused(refused.reason) from refused
    key = _key(header)
    signed, _, signature = text.rpartition(".")
    if not key.verify(decode_base64url(signature), signed.encode()):
        raise ProofRefused("signature")
    if claims.get("htm") != asked.method:
        raise ProofRefused("method")
    if not _is_same_address(claims.get("htu"), asked.url):
        raise ProofRefused("address")
    if asked.access_token is not None and claims.get("ath") != _hash(asked.access_token):
        raise ProofRefused("token_hash")
    issued_at, proof_id = claims.get("iat"), claims.get("jti")
    if type(issued_at) is not int or not now - LONGEST_AGE_SECONDS <= issued_at <= now + LEEWAY_SECONDS:
        raise ProofRefused("time")
    if not isinstance(proof_id, str) or not 8 <= len(proof_id) <= 128:
        raise ProofRefused("id")
    return Proof(thumbprint_of(key.public_key), proof_id, issued_at)


class PossessionChecker:
    """Checks what a resource server must: a bound token comes with its key's proof, and each proof once.

    The proofs that were seen are remembered by this process as long as they could be taken again.
    """

    def __init__(self, public_url: str, clock: Callable[[], float] = time.time) -> None:
        self._public_url = public_url
        self._clock = clock
        self._seen: OrderedDict[str, int] = OrderedDict()

    def check(self, principal: Principal, scheme: str, token: str, request: "Presented") -> None:
        """Raise ProofRefused unless the token may be used like this; a token bound to no key needs no proof."""
        thumbprint = principal.facts.key_thumbprint
        if thumbprint is None:
            if scheme != BEARER:
                raise ProofRefused("token_not_bound", BOUND_TOKEN_CHALLENGE)
            return
        if scheme != DPOP:
            raise ProofRefused("bound_token_as_bearer", BOUND_TOKEN_CHALLENGE)
        if request.proof is None:
            raise ProofRefused("missing")
        now = int(self._clock())
        asked = Asked(request.method, f"{self._public_url}{request.path}", token)
        proof = read_proof(request.proof, asked, now)
        if proof.thumbprint != thumbprint:
            raise ProofRefused("other_key")
        self._take(proof, now)

    def _take(self, proof: Proof, now: int) -> None:
        """Take note of a proof, once; what is too old to be taken again is forgotten."""
        while self._seen and (len(self._seen) >= _MOST_PROOFS or next(iter(self._seen.values())) < now):
            self._seen.popitem(last=False)
        if proof.digest in self._seen:
            raise ProofRefused("used_before")
        self._seen[proof.digest] = now + LONGEST_AGE_SECONDS + LEEWAY_SECONDS


@dataclass(frozen=True)
class Presented:
    """A request as it came: its method, its path as sent, and its proof."""

    method: str
    path: str
    proof: str | None


def _key(header: Mapping[str, Any]) -> VerificationKey:
    if set(header) != _HEADER_NAMES:
        raise ProofRefused("header_name")
    if header["alg"] != "ES256" or header["typ"] != "dpop+jwt":
        raise ProofRefused("type")
    if not isinstance(header["jwk"], dict):
        raise ProofRefused("key")
    try:
        return VerificationKey.from_jwk(header["jwk"])
    except UnusableKey as error:
        raise ProofRefused("key") from error


def _hash(token: str) -> str:
    digest = hashlib.sha256(token.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_same_address(claimed: object, url: str) -> bool:
    """Compare without query and fragment, after the normalisation of RFC 3986 section 6.2.2 and 6.2.3."""
    if not isinstance(claimed, str) or len(claimed) > 4096:
        return False
    try:
        return _normalised(claimed) == _normalised(url)
    except ValueError:
        return False


def _normalised(url: str) -> tuple[str, str | None, int | None, str]:
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address of ours names nobody")
    scheme = parts.scheme.lower()
    return scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(scheme), unquote(parts.path) or "/"
