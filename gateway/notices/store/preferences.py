"""Preferences to rows and back."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.notices.domain.notice import Channel, Language, NoticeKind
from gateway.notices.domain.preferences import DEFAULT_CHANNELS, Preferences
from gateway.notices.store.tables import PreferenceRow


class PreferenceStore:
    """Rows to preferences and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def read(self, recipient: str, *, lock: bool = False) -> Preferences:
        """Return a person's preferences, those that everybody has unless others were set."""
        row = await self._session.get(PreferenceRow, recipient, with_for_update=lock, populate_existing=True)
        if row is None:
            return Preferences(recipient)
        channels = DEFAULT_CHANNELS | {
            NoticeKind(kind): frozenset(Channel(each) for each in chosen)
            for kind, chosen in row.channels.items()
        }
        return Preferences(recipient, Language(row.language), row.mail, channels, row.version)

    async def save(self, preferences: Preferences) -> None:
        """Keep preferences in the place of those before."""
        values = {
            "language": preferences.language.value,
            "mail": preferences.mail,
            "channels": {
                kind.value: sorted(each.value for each in chosen)
                for kind, chosen in preferences.channels.items()
            },
            "version": preferences.version,
        }
        kept = insert(PreferenceRow).values(recipient=preferences.recipient, **values)
        await self._session.execute(kept.on_conflict_do_update(index_elements=["recipient"], set_=values))
