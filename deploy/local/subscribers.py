"""Event subscribers outside the suite as users of a local broker."""

from collections.abc import Mapping

from deploy.local.broker import Subscriber
from shared.messaging.subscribers import OUTSIDE
from shared.messaging.topology import Follower


def followers_outside() -> tuple[Follower, ...]:
    return tuple(follower for followers in OUTSIDE.values() for follower in followers)


def subscribers_with(passwords: Mapping[str, str]) -> tuple[Subscriber, ...]:
    return tuple(Subscriber(user, passwords[user], followers) for user, followers in OUTSIDE.items())
