"""Notices (通知): one's own, read marks, and how one wants to be notified."""

from datetime import UTC, datetime
from typing import Annotated, Final, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints

from gateway.notices.domain.errors import NoticeNotFound
from gateway.notices.domain.notice import Channel, Language, Notice, NoticeKind
from gateway.notices.domain.preferences import Preferences
from gateway.notices.store.notices import NoticeStore
from gateway.notices.store.preferences import PreferenceStore
from gateway.notices.use_cases.read_notices import mark_read, readers_of
from gateway.notices.use_cases.set_preferences import SetPreferences, set_preferences
from shared.security.access import requires
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import RequestModel, ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/notices/v1", route_class=ServiceRoute, tags=["notices"])

READ = requires("notices.notice.read")
MANAGE = requires("notices.notice.manage")
# An address as RFC 5321 writes it, without "?": with it a mail's header could hold an encoded word (RFC 2047).
_ATOM: Final = "[A-Za-z0-9!#$%&'*+/=^_`{|}~-]+"
_LABEL: Final = "[A-Za-z0-9]+(-+[A-Za-z0-9]+)*"
MAILBOX: Final = rf"^{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*$"
MailAddress = Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=MAILBOX)]
Chosen = Annotated[tuple[Channel, ...], Field(max_length=len(Channel))]
ChosenByKind = Annotated[
    dict[NoticeKind, Chosen],
    Field(
        max_length=len(NoticeKind),
        description="Over which channels each kind is sent; a kind that is left out is sent over all",
    ),
]


class NoticeOut(ResponseModel):
    """What one was told."""

    notice_id: UUID
    kind: NoticeKind
    case_no: str = Field(examples=["YJS-140881-20261123-000001-H"])
    language: Language
    title: str = Field(examples=["已受理"])
    content: str
    path: str = Field(examples=["/my/cases"], description="Where to go on")
    written_at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, notice: Notice) -> Self:
        """Shape a notice."""
        return cls(
            notice_id=notice.notice_id,
            kind=notice.kind,
            case_no=notice.case_no,
            language=notice.language,
            title=notice.title,
            content=notice.content,
            path=notice.path,
            written_at=notice.written_at.astimezone(UTC),
            read_at=notice.read_at.astimezone(UTC) if notice.read_at else None,
        )


class PreferencesIn(RequestModel):
    """How one wants to be notified; the list in the suite has everything, whatever is chosen here."""

    language: Annotated[Language, Field(examples=["zh"])]
    mail: Annotated[MailAddress | None, Field(examples=["ann@mail.example"])] = None
    channels: Annotated[ChosenByKind, Field(examples=[{"ticket": ["push"], "matter": ["sms", "push"]}])]


class PreferencesOut(ResponseModel):
    """How one is notified."""

    language: Language
    mail: str | None
    channels: dict[NoticeKind, list[Channel]]
    version: int

    @classmethod
    def of(cls, preferences: Preferences) -> Self:
        """Shape preferences."""
        return cls(
            language=preferences.language,
            mail=preferences.mail,
            channels={
                kind: [channel for channel in Channel if channel in preferences.channels.get(kind, ())]
                for kind in NoticeKind
            },
            version=preferences.version,
        )


@router.get("/mine", summary="My notices (我的通知)", dependencies=[READ])
async def list_notices(
    caller: Caller,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    unread: Annotated[bool, Query(description="Only what was not read yet")] = False,
) -> Page[NoticeOut]:
    """The newest first; also of the enterprise in whose name the caller acts."""
    before = UUID(str(paged.after[0])) if paged.after else None
    store = NoticeStore(uow.session)
    found = await store.page(readers_of(caller), unread=unread, before=before, limit=paged.fetch)
    return paged.page([NoticeOut.of(each) for each in found], lambda each: (each.notice_id,), response)


@router.post("/mine/{notice_id}/reading", summary="Mark a notice as read (标记已读)", dependencies=[READ])
@refuses(NoticeNotFound)
async def read_notice(notice_id: UUID, caller: Caller, uow: InTransaction, now: Now) -> NoticeOut:
    """The first time counts."""
    return NoticeOut.of(await mark_read(notice_id, caller, uow, now))


@router.get("/preferences", summary="How I am notified (通知设置)", dependencies=[READ])
async def show_preferences(caller: Caller, uow: InTransaction, response: Response) -> PreferencesOut:
    """Without any of one's own: everything, over every channel on which there is an address."""
    preferences = await PreferenceStore(uow.session).read(caller.subject)
    set_etag(response, preferences.version)
    return PreferencesOut.of(preferences)


@router.put("/preferences", summary="Set how I am notified (修改通知设置)", dependencies=[MANAGE])
async def change_preferences(
    body: PreferencesIn, caller: Caller, read: IfMatch, uow: InTransaction, response: Response
) -> PreferencesOut:
    """From the next notice on."""
    channels = {kind: frozenset(chosen) for kind, chosen in body.channels.items()}
    command = SetPreferences(caller.subject, body.language, body.mail, channels)
    preferences = await set_preferences(command, read.check, uow)
    set_etag(response, preferences.version)
    return PreferencesOut.of(preferences)
