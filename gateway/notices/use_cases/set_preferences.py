"""Sets how a person wants to be notified."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gateway.notices.domain.notice import Channel, Language, NoticeKind
from gateway.notices.domain.preferences import DEFAULT_CHANNELS, Preferences
from gateway.notices.store.preferences import PreferenceStore
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class SetPreferences:
    """How a person wants to be notified from now on; a kind that is not named is sent over every channel."""

    recipient: str
    language: Language
    mail: str | None = field(repr=False)
    channels: Mapping[NoticeKind, frozenset[Channel]]


async def set_preferences(
    command: SetPreferences, check_version: Callable[[int], None], uow: UnitOfWork
) -> Preferences:
    """Put them in the place of those before."""
    store = PreferenceStore(uow.session)
    before = await store.read(command.recipient, lock=True)
    check_version(before.version)
    channels = DEFAULT_CHANNELS | dict(command.channels)
    changed = Preferences(command.recipient, command.language, command.mail, channels, before.version + 1)
    await store.save(changed)
    return changed
