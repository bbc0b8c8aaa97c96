"""The event of a look into the audit chain itself; its contract is listed once, by the matters part."""

from typing import Final

from shared.messaging.events import EventType

ACCESS_RECORDED: Final = EventType("gateway", "access", "recorded")
