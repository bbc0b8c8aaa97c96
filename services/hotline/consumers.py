"""Events that the hotline service follows: grants and consents, by which other agencies read its tickets."""

from shared.messaging.topology import Consumer
from shared.sharing.consumers import sharing_consumers

CONSUMERS: tuple[Consumer, ...] = sharing_consumers("hotline")
