"""Verified tokens, remembered until they expire: a signature is checked once a token, not once a request."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable

from shared.security.principal import Principal
from shared.security.tokens import LEEWAY_SECONDS, KeySource, TokenRefused, TokenVerifier
from shared.security.withdrawals import Withdrawals

_MOST_TOKENS = 20_000


class RememberingVerifier(TokenVerifier):
    """Verifies like its parent; keyed by the SHA-256 of the whole token, signature included.

    A withdrawn token is refused although its signature is good and it was accepted before.
    """

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: KeySource,
        withdrawals: Withdrawals,
        most_tokens: int = _MOST_TOKENS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(issuer=issuer, audience=audience, keys=keys, withdrawals=withdrawals)
        self._most_tokens = most_tokens
        self._clock = clock
        self._known: OrderedDict[bytes, Principal] = OrderedDict()

    async def verify(self, token: str) -> Principal:
        """Return who calls; raises TokenRefused."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        principal = self._known.get(digest)
        if principal is not None and principal.expires_at + LEEWAY_SECONDS <= self._clock():
            del self._known[digest]
            raise TokenRefused("expired")
        if principal is None:
            principal = await super().verify(token)
            self._known[digest] = principal
            if len(self._known) > self._most_tokens:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(digest)
            if self._withdrawals.refuses(principal):
                raise TokenRefused("withdrawn")
        return principal

    def __len__(self) -> int:
        """How many tokens are remembered."""
        return len(self._known)
