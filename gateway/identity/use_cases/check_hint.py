"""An ID token that a client shows at sign-out: whose it is, and which client's."""

from gateway.identity.domain.clients import Client
from gateway.identity.store.clients import ClientStore
from gateway.identity.use_cases.authorize import SignedIn
from gateway.identity.use_cases.issuing import Issuer
from shared.database.unit_of_work import UnitOfWork
from shared.security.keys import decode_base64url
from shared.security.tokens import TokenRefused, check_header, split_token


async def client_of_hint(
    hint: str, signed_in: SignedIn | None, issuer: Issuer, uow: UnitOfWork
) -> Client | None:
    """Return the client that got this ID token, if we signed it for the person who is signed in.

    An expired one is as good as a fresh one. Source: OpenID Connect RP-Initiated Logout 1.0, section 4.
    """
    try:
        header, claims = split_token(hint)
        key = issuer.keys.former(check_header(header, "JWT"))
    except TokenRefused:
        return None
    signed, _, signature = hint.rpartition(".")
    if key is None or not key.verify(decode_base64url(signature), signed.encode()):
        return None
    if signed_in is not None and claims.get("sub") != signed_in.account.subject:
        return None
    audience = claims.get("aud")
    return await ClientStore(uow.session).find(audience) if isinstance(audience, str) else None
