"""Who sends a request, and how much that caller may send."""

import time
from typing import Final

from starlette.types import Scope

from gateway.proxy.paths import raw_path_of
from gateway.proxy.rate import Allowance, TokenBuckets
from gateway.proxy.verification import RememberingVerifier
from shared.security.possession import BEARER, SCHEMES, PossessionChecker, Presented
from shared.security.principal import Principal
from shared.security.tokens import TokenRefused
from shared.web.addresses import counted_as

# Where a scope holds what was taken for its request.
ALLOWANCE: Final = "tongban.allowance"
PRINCIPAL: Final = "tongban.principal"


class Admission:
    """Knows tokens and callers' buckets."""

    def __init__(self, verifier: RememberingVerifier, buckets: TokenBuckets) -> None:
        self._verifier = verifier
        self._possession = PossessionChecker(verifier.issuer)
        self._buckets = buckets

    async def principal(self, headers: dict[bytes, bytes]) -> Principal | None:
        """Return whose token came; none is the service's to judge: it knows which of its routes are public.

        Raises: TokenRefused.
        """
        scheme, token = _token_of(headers)
        return None if scheme is None else await self._verifier.verify(token)

    def check_possession(self, scope: Scope, headers: dict[bytes, bytes], principal: Principal) -> None:
        """See that a token bound to a key comes with the key's proof; raises ProofRefused.

        Once a request: a proof is good once. What is not forwarded checks it itself.
        """
        scheme, token = _token_of(headers)
        if scheme == BEARER and principal.facts.key_thumbprint is None:
            return
        proof = headers.get(b"dpop")
        presented = Presented(
            scope["method"], raw_path_of(scope).decode("latin-1"), proof.decode("latin-1") if proof else None
        )
        self._possession.check(principal, scheme or "", token, presented)

    def recall(self, headers: dict[bytes, bytes]) -> tuple[bool, Principal | None]:
        """Return the same where that is known at once, and whether it is; raises TokenRefused.

        A token that is bound to a key has more to show: it is not known at once.
        """
        scheme, token = _token_of(headers)
        if scheme is None:
            return True, None
        principal = self._verifier.recall(token)
        if principal is None or principal.facts.key_thumbprint is not None or scheme != BEARER:
            return False, None
        return True, principal

    def take(self, scope: Scope, principal: Principal | None) -> Allowance:
        """Take one request from the caller's bucket, once a request."""
        taken: Allowance | None = scope.get(ALLOWANCE)
        if taken is not None:
            return taken
        client = scope.get("client")
        if principal is None:
            caller, client_id = counted_as(client[0] if client else ""), None
        else:
            caller, client_id = f"{principal.client_id}/{principal.subject}", principal.client_id
            scope[PRINCIPAL] = principal.reference
        allowance = self._buckets.take(caller, time.monotonic(), client_id)
        scope[ALLOWANCE] = allowance
        return allowance


def _token_of(headers: dict[bytes, bytes]) -> tuple[str | None, str]:
    header = headers.get(b"authorization")
    if header is None:
        return None, ""
    scheme, _, token = header.decode("latin-1").partition(" ")
    scheme = scheme.lower()
    if scheme not in SCHEMES or not token:
        raise TokenRefused("no_bearer_token")
    return scheme, token
