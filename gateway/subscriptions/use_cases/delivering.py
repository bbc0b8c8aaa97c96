"""Which types come through a durable."""

from shared.messaging.events import EventType
from shared.messaging.topology import Follower, stream_of


def delivers(follower: Follower, event_type: str) -> bool:
    """Whether events of a type come through a durable."""
    parsed = EventType.parse(event_type)
    if follower.stream != stream_of(parsed.service):
        return False
    return any(
        parsed.nats_subject.startswith(subject.removesuffix(">")) for subject in follower.filter_subjects
    )
