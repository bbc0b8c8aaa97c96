"""Event subscribers outside the suite that a local broker knows, each with what it may follow."""

from collections.abc import Mapping
from typing import Final

from deploy.local.broker import Subscriber
from shared.messaging.topology import Follower, follow

# User (and durable) by agency; the tax bureau follows the life of enterprises and nothing else.
SUBSCRIBERS: Final[dict[str, tuple[Follower, ...]]] = {
    "tax": (follow("tax", "registration", "enterprise"),),
}


def followers_outside() -> tuple[Follower, ...]:
    return tuple(follower for followers in SUBSCRIBERS.values() for follower in followers)


def subscribers_with(passwords: Mapping[str, str]) -> tuple[Subscriber, ...]:
    return tuple(Subscriber(user, passwords[user], followers) for user, followers in SUBSCRIBERS.items())
