"""Events of notices: alarms and deletions, never to whom or what."""

from typing import Final

from gateway.notices.domain.notice import Dispatch
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

GIVEN_UP: Final = EventType("gateway", "notice", "given_up")
PURGED: Final = EventType("gateway", "notice", "purged")


class NoticeGivenUpV1(Payload):
    """A channel did not take a notice for most of a day."""

    notice_id: str
    channel: str
    attempts: int


class NoticesPurgedV1(Payload):
    """Notices were deleted because their time was over."""

    notices: int
    kept_days: int


def notice_given_up(dispatch: Dispatch) -> Announcement:
    """Raise the alarm for a notice that did not leave."""
    notice_id = str(dispatch.notice_id)
    payload = NoticeGivenUpV1(notice_id=notice_id, channel=dispatch.channel.value, attempts=dispatch.attempts)
    return Announcement(GIVEN_UP, notice_id, payload)


def notices_purged(notices: int, kept_days: int) -> Announcement:
    """Say how many notices were deleted."""
    return Announcement(PURGED, "notices", NoticesPurgedV1(notices=notices, kept_days=kept_days))


PUBLISHED: tuple[Published, ...] = (
    Published(
        GIVEN_UP,
        NoticeGivenUpV1,
        NoticeGivenUpV1(notice_id="01938f0e-7c1a-7a52-9a53-0b6f0a4be301", channel="sms", attempts=24),
        "A notice could not be sent over a channel (通知发送失败)",
    ),
    Published(
        PURGED,
        NoticesPurgedV1,
        NoticesPurgedV1(notices=120, kept_days=730),
        "Notices whose time was over were deleted (通知到期删除)",
    ),
)
