"""Settings of the licensing service, read once from `TONGBAN_LICENSING_*`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class LicensingSettings(ServiceSettings):
    """The common settings under this service's own prefix."""

    model_config = SettingsConfigDict(
        env_prefix="TONGBAN_LICENSING_", frozen=True, extra="ignore", populate_by_name=True
    )

    signing_key_file: Path
    # A directory of public JWKs (*.json) that signed before; what they signed stays genuine.
    older_keys: Path | None = None
    # A grade comes within seconds of registration; an hour covers a restart of credit.
    credit_wait_minutes: int = Field(default=60, ge=1, le=2880)
