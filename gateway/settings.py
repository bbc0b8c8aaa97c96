"""Settings of the gateway, read once from `TONGBAN_GATEWAY_*`."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import Mode, ServiceSettings


class GatewaySettings(ServiceSettings):
    """The common settings, where the services are, the key that signs tokens, and the proxy's limits."""

    model_config = SettingsConfigDict(
        env_prefix="TONGBAN_GATEWAY_", frozen=True, extra="ignore", populate_by_name=True
    )

    registration_url: str
    credit_url: str
    licensing_url: str
    hotline_url: str
    signing_key_file: Path
    seed_file: Path | None = None
    connect_seconds: float = Field(1.0, gt=0, description="until a service must have taken the connection")
    answer_seconds: float = Field(15.0, gt=0, description="until a service must have answered in full")
    rate_per_second: float = Field(100.0, gt=0, description="requests a second that a caller may keep up")
    rate_burst: int = Field(200, ge=1, description="requests that a caller may send at once")

    @model_validator(mode="after")
    def _seed_is_local(self) -> Self:
        """Made-up accounts with known passwords belong to a local suite only."""
        if self.seed_file is not None and self.mode is not Mode.LOCAL:
            raise ValueError("seed_file is refused outside local mode")
        return self

    @property
    def upstreams(self) -> dict[str, str]:
        """Base URL of each service by name, which is also its path prefix."""
        return {
            "registration": self.registration_url,
            "credit": self.credit_url,
            "licensing": self.licensing_url,
            "hotline": self.hotline_url,
        }
