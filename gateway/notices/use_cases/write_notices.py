"""Writes notices of what was heard: one for each event, person and template; and puts them on their channels.

What is written stays written once: an event that is heard again finds its notices there, and adds none.
"""

from collections.abc import Mapping
from datetime import time
from typing import Final

from gateway.identity.public import persons_behind
from gateway.notices.clients import channels_of
from gateway.notices.domain.cases import CaseMemory, actors_of, remembered
from gateway.notices.domain.news import News, news_of
from gateway.notices.domain.notice import Dispatch, Notice
from gateway.notices.domain.quiet_hours import QuietHours
from gateway.notices.domain.templates import Template, render
from gateway.notices.store.dispatches import DispatchStore
from gateway.notices.store.notices import Fact, NoticeStore
from gateway.notices.store.preferences import PreferenceStore
from gateway.notices.use_cases.titles import Titles
from gateway.settings import GatewaySettings
from shared.calendar import CHINA
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.region import RegionPack

BATCH: Final = 100
QUIET_HOURS: Final = "notices.quiet_hours"


def quiet_hours_of(region: RegionPack) -> QuietHours:
    """The region's quiet hours. Raises: ValueError for what are no two times of the day."""
    value = region.parameter(QUIET_HOURS).value
    begin, end = value if isinstance(value, tuple) else (str(value), str(value))
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end), CHINA)


class WriteNotices:
    """The sweep."""

    def __init__(
        self, settings: GatewaySettings, region: RegionPack, templates: Mapping[str, Template]
    ) -> None:
        self._templates = templates
        self._titles = Titles(region)
        self._quiet = quiet_hours_of(region)
        self._channels = channels_of(settings)

    async def __call__(self, uow: UnitOfWork) -> int:
        """Return how many events were written about."""
        facts = await NoticeStore(uow.session).take_facts(BATCH)
        for fact in facts:
            news = news_of(fact.event_type, fact.said)
            if news is not None:
                await self._write_about(fact, news, uow)
        return len(facts)

    async def _write_about(self, fact: Fact, news: News, uow: UnitOfWork) -> None:
        store = NoticeStore(uow.session)
        before = await store.case(news.case_id)
        case = remembered(before, news, actors_of(fact.actor))
        if case is None:
            return  # nobody is named: a confidential request, or a case that began before notices did
        if case != before:
            await store.remember(case)
        template = self._templates.get(news.template)
        if template is None or not news.is_told:
            return
        applicant = news.applicant or case.applicant
        for recipient in await persons_behind(applicant, case.acting, uow) or (applicant,):
            await self._write_to(recipient, fact, news, template, case, uow)

    async def _write_to(
        self,
        recipient: str,
        fact: Fact,
        news: News,
        template: Template,
        case: CaseMemory,
        uow: UnitOfWork,
    ) -> None:
        preferences = await PreferenceStore(uow.session).read(recipient)
        language = preferences.language
        values = self._titles.values(news, case.case_no, case.theme, language)
        notice = Notice(
            notice_id=new_uuid7(),
            event_id=fact.event_id,
            recipient=recipient,
            template=template.key,
            kind=template.kind,
            case_no=case.case_no,
            language=language,
            title=template.title.in_language(language),
            content=render(template.content.in_language(language), values),
            path=template.path,
            written_at=uow.now,
        )
        if not await NoticeStore(uow.session).add(notice):
            return
        send_from = self._quiet.send_from(uow.now, urgent=template.urgent)
        for channel in preferences.channels_for(template.kind):
            if channel in self._channels:
                dispatch = Dispatch(
                    notice.notice_id, channel, recipient, case.case_no, send_from, template.urgent
                )
                await DispatchStore(uow.session).add(dispatch)
