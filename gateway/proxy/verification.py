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

    A withdrawn token is refused although its signature is good and it was accepted before; when a key is taken away
    all are forgotten, so that what it signed is accepted no more.
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
        self._removals = keys.removals

    async def verify(self, token: str) -> Principal:
        """Return who calls; raises TokenRefused."""
        principal = self.recall(token)
        if principal is None:
            principal = await super().verify(token)
            self._known[_digest(token)] = principal
            if len(self._known) > self._most_tokens:
                self._known.popitem(last=False)
        return principal

    def recall(self, token: str) -> Principal | None:
        """Return who calls where the token is remembered; raises TokenRefused where it is good no more."""
        if self._keys.removals != self._removals:
            self._removals = self._keys.removals
            self._known.clear()
        digest = _digest(token)
        principal = self._known.get(digest)
        if principal is None:
            return None
        if principal.expires_at + LEEWAY_SECONDS <= self._clock():
            del self._known[digest]
            raise TokenRefused("expired")
        self._known.move_to_end(digest)
        if self._withdrawals.refuses(principal):
            raise TokenRefused("withdrawn")
        return principal

    def __len__(self) -> int:
        """How many tokens are remembered."""
        return len(self._known)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
