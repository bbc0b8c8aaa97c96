"""Settings of the probe; it stands on the hotline's place in the topology."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class HotlineSettings(ServiceSettings):
    """As any service's."""

    model_config = SettingsConfigDict(
        env_prefix="TONGBAN_PROBE_", frozen=True, extra="ignore", populate_by_name=True
    )
