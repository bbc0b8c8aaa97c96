"""What the gateway knows of others who say who somebody is, and its connections to them."""

from types import TracebackType
from typing import Self

import httpx

from gateway.identity.clients import LicenceRegister, UpperPlatformClient
from gateway.identity.domain.providers import Providers
from gateway.identity.licence_wallets import LicenceWalletClient, licence_wallet_from
from gateway.identity.use_cases.read_providers import read_providers
from gateway.settings import GatewaySettings


class OutsideIdentities:
    """The configured providers and the clients that ask them; open as long as the app runs."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._http = httpx.AsyncClient(trust_env=False)
        self.providers: Providers = read_providers(settings.providers_file)
        self.platforms = {
            key: UpperPlatformClient(self._http, platform)
            for key, platform in self.providers.platforms.items()
        }
        self.register = LicenceRegister(self._http, settings.registration_url)
        self.wallet: LicenceWalletClient | None = licence_wallet_from(settings, self._http)
        if self.wallet is not None and not self.providers.wallets:
            raise ValueError("licence_wallet_url needs a licence wallet in providers_file, whose word counts")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()
