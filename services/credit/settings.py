"""Settings of the credit service, read once from `TONGBAN_CREDIT_*`."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class CreditSettings(ServiceSettings):
    """The common settings under this service's own prefix."""

    model_config = SettingsConfigDict(
        env_prefix="TONGBAN_CREDIT_", frozen=True, extra="ignore", populate_by_name=True
    )
