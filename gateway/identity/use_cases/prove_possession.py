"""A client proves at an endpoint of ours that it holds the key to which its tokens will be bound (DPoP)."""

from datetime import UTC, datetime
from typing import Final

from gateway.identity.domain.clients import Client
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.store.proofs import ProofStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.possession import LONGEST_AGE_SECONDS, Asked, ProofRefused, read_proof
from shared.security.tokens import LEEWAY_SECONDS

_REMEMBERED_SECONDS: Final = LONGEST_AGE_SECONDS + 2 * LEEWAY_SECONDS


async def prove_possession(proof: str | None, client: Client, url: str, uow: UnitOfWork) -> str | None:
    """Return the thumbprint of the key, or None without a proof; raises OAuthRefusal.

    Source: RFC 9449 sections 5 and 5.2 (`dpop_bound_access_tokens`).
    """
    if proof is None:
        if client.requires_dpop:
            raise _refused("the client's tokens are bound to a key: send a DPoP proof")
        return None
    now = int(uow.now.timestamp())
    try:
        read = read_proof(proof, Asked("POST", url), now)
    except ProofRefused as refused:
        raise _refused(
            f"the DPoP proof is not good here: {refused.reason.removeprefix('dpop_')}"
        ) from refused
    until = datetime.fromtimestamp(now + _REMEMBERED_SECONDS, UTC)
    if not await ProofStore(uow.session).take_note(read.digest, until):
        raise _refused("the DPoP proof was used before")
    return read.thumbprint


def _refused(why: str) -> OAuthRefusal:
    return OAuthRefusal(OAuthError.INVALID_DPOP_PROOF, why)
