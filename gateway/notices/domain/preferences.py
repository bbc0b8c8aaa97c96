"""How a person wants to be notified: language, mail address, channels for each kind of notice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from gateway.notices.domain.notice import Channel, Language, NoticeKind

DEFAULT_CHANNELS: Final[MappingProxyType[NoticeKind, frozenset[Channel]]] = MappingProxyType(
    {kind: frozenset(Channel) for kind in NoticeKind}
)


@dataclass(frozen=True)
class Preferences:
    """Without any, everything is sent in Chinese over every channel on which the person has an address."""

    recipient: str
    language: Language = Language.ZH
    mail: str | None = field(default=None, repr=False)
    channels: Mapping[NoticeKind, frozenset[Channel]] = field(default_factory=lambda: DEFAULT_CHANNELS)
    version: int = 0

    def channels_for(self, kind: NoticeKind) -> tuple[Channel, ...]:
        """Return the channels that the person wants for a kind; mail needs an address."""
        wanted = self.channels.get(kind, frozenset())
        return tuple(
            channel
            for channel in Channel
            if channel in wanted and (channel is not Channel.MAIL or self.mail is not None)
        )
