"""Settings of the registration service, read once from `TONGBAN_REGISTRATION_*`."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class RegistrationSettings(ServiceSettings):
    """The common settings under this service's own prefix."""

    model_config = SettingsConfigDict(
        env_prefix="TONGBAN_REGISTRATION_", frozen=True, extra="ignore", populate_by_name=True
    )

    signing_key_file: Path
    older_keys: Path | None = None
    licence_certificate_file: Path | None = None
    licence_certificate_key_file: Path | None = None
    person_reference_key: SecretStr = Field(validation_alias="TONGBAN_PERSON_REFERENCE_KEY")

    @model_validator(mode="after")
    def _certificate_comes_with_its_key(self) -> Self:
        """Refuse one without the other."""
        if (self.licence_certificate_file is None) is not (self.licence_certificate_key_file is None):
            raise ValueError("licence_certificate_file and licence_certificate_key_file belong together")
        return self
