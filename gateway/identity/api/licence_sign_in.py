"""The electronic business licence at the token endpoint."""

from collections.abc import Mapping
from datetime import datetime

from gateway.identity.api.dependencies import Identity
from gateway.identity.domain.electronic_licence import ShownLicence, read_assertion
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.use_cases.issue_licence_token import JWT_BEARER, check_licence
from gateway.identity.use_cases.outside_identities import OutsideIdentities


async def shown_licence(
    form: Mapping[str, str], identity: Identity, outside: OutsideIdentities, now: datetime
) -> ShownLicence | None:
    """Return the licence that a wallet's assertion in the form stands for, None where none is shown.

    The register is asked here, before the first statement: no transaction waits for another system.
    Raises: OAuthRefusal, LicenceRegisterAway.
    """
    if form.get("grant_type") != JWT_BEARER:
        return None
    wallets = outside.providers.wallets
    if not wallets:
        raise OAuthRefusal(OAuthError.UNSUPPORTED_GRANT_TYPE, "this city trusts no licence wallet")
    audiences = (identity.issuer.url, f"{identity.issuer.url}/oauth2/token")
    shown = read_assertion(form.get("assertion", ""), wallets, audiences, int(now.timestamp()))
    return await check_licence(shown, outside.register)
