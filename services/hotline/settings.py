"""Settings of the hotline service, read once from `TONGBAN_HOTLINE_*`."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class HotlineSettings(ServiceSettings):
    """The common settings under this service's own prefix."""

    model_config = SettingsConfigDict(
        env_prefix="TONGBAN_HOTLINE_", frozen=True, extra="ignore", populate_by_name=True
    )

    sweep_seconds: float = Field(default=20.0, gt=0, le=3600)
    """How often overdue and unrated tickets are looked for; the shortest limit of a pack is in hours."""
