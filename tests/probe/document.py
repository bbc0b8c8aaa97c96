"""The probe's OpenAPI document, of an app that is put together and never started."""

from typing import Any

from pydantic import SecretStr

from shared.settings import Mode
from tests.probe.app import create_app
from tests.probe.settings import HotlineSettings
from tests.support.identities import KEYS
from tests.support.service import REGION_PACK


def probe_document() -> dict[str, Any]:
    """The document that the probe serves of itself, at the place of the hotline."""
    settings = HotlineSettings(
        mode=Mode.LOCAL,
        region_pack=REGION_PACK,
        nats_url="nats://127.0.0.1:9",
        public_url="http://127.0.0.1:9",
        identity_url="http://127.0.0.1:9",
        database_url=SecretStr("postgresql+asyncpg://127.0.0.1:9/none"),
        nats_user="hotline",
        nats_password=SecretStr("none"),
        secret=SecretStr("none"),
    )
    return create_app(settings, keys=KEYS).openapi()
