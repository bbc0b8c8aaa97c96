"""Settings of the gateway, read once from `TONGBAN_GATEWAY_*`."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class GatewaySettings(ServiceSettings):
    """The common settings, where the services are, and the key that signs tokens."""

    model_config = SettingsConfigDict(
        env_prefix="TONGBAN_GATEWAY_", frozen=True, extra="ignore", populate_by_name=True
    )

    registration_url: str
    credit_url: str
    licensing_url: str
    hotline_url: str
    signing_key_file: Path
    seed_file: Path | None = None

    @property
    def upstreams(self) -> dict[str, str]:
        """Base URL of each service by name, which is also its path prefix."""
        return {
            "registration": self.registration_url,
            "credit": self.credit_url,
            "licensing": self.licensing_url,
            "hotline": self.hotline_url,
        }
