"""Event subscribers outside the suite: agencies that follow streams over NATS, each with a user of its own.

Declared once: the broker's configuration and provisioner make users and durables of it, the gateway tells
each agency how it connects. The key is the agency's in the region pack and the name of its NATS user.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.messaging.topology import Follower, follow

OUTSIDE: Final[Mapping[str, tuple[Follower, ...]]] = MappingProxyType(
    # The tax bureau follows the life of enterprises and nothing else.
    {"tax": (follow("tax", "registration", "enterprise"),)}
)
