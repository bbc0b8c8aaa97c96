"""Settings that every process reads once from its environment; each service adds its own."""

from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Mode(StrEnum):
    """Where the process runs. `local` allows what production refuses, such as seed accounts."""

    LOCAL = "local"
    PRODUCTION = "production"


class ServiceSettings(BaseSettings):
    """Common settings (`TONGBAN_*`) and those of one service (`TONGBAN_<SERVICE>_*`, by `env_prefix`).

    A subclass sets `env_prefix`; a field without alias is read with that prefix.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    mode: Mode = Field(Mode.PRODUCTION, validation_alias="TONGBAN_MODE")
    region_pack: Path = Field(validation_alias="TONGBAN_REGION_PACK")
    nats_url: str = Field(validation_alias="TONGBAN_NATS_URL")
    nats_monitoring_url: str | None = Field(None, validation_alias="TONGBAN_NATS_MONITORING_URL")
    public_url: str = Field(validation_alias="TONGBAN_PUBLIC_URL")
    identity_url: str = Field(validation_alias="TONGBAN_IDENTITY_URL")

    database_url: SecretStr
    nats_user: str
    nats_password: SecretStr
    secret: SecretStr
    pool_size: int = 10
    pool_overflow: int = 5

    @model_validator(mode="after")
    def _secrets_are_long_enough(self) -> Self:
        """Refuse to start on a short or placeholder secret outside local mode."""
        if self.mode is Mode.PRODUCTION:
            secrets = [n for n, f in type(self).model_fields.items() if f.annotation is SecretStr]
            for name in (n for n in secrets if n != "database_url"):
                value = getattr(self, name).get_secret_value()
                if len(value) < 24 or len(set(value)) < 8:
                    raise ValueError(f"{name} looks like a default: at least 24 varied characters are needed")
        return self

    @property
    def jwks_url(self) -> str:
        """Where the gateway's key set is read, by an inside address."""
        return f"{self.identity_url.rstrip('/')}/.well-known/jwks.json"

    @property
    def withdrawals_url(self) -> str:
        """Where the gateway tells which tokens were withdrawn."""
        return f"{self.identity_url.rstrip('/')}/oauth2/withdrawals"

    @property
    def issuer(self) -> str:
        """Issuer of access tokens: the public URL of the gateway, without a trailing slash."""
        return self.public_url.rstrip("/")
