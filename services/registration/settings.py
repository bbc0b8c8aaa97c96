"""Settings of the registration service, read once from `TONGBAN_REGISTRATION_*`."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class RegistrationSettings(ServiceSettings):
    """The common settings under this service's own prefix."""

    model_config = SettingsConfigDict(
        env_prefix="TONGBAN_REGISTRATION_", frozen=True, extra="ignore", populate_by_name=True
    )

    signing_key_file: Path
    older_keys: Path | None = None
    person_reference_key: SecretStr = Field(validation_alias="TONGBAN_PERSON_REFERENCE_KEY")
