"""Opening subjects: one statement for a new enterprise, and no record lost that comes at the same moment."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.engine import Engine

from services.credit.consumers import PERMIT_ISSUED
from services.credit.domain.evaluation import Factor, FactorSubject
from services.credit.domain.rules import CreditRules
from services.credit.domain.subjects import Enterprise, Subject
from services.credit.domain.wording import Wording
from services.credit.use_cases.open_credit_subject import open_credit_subject
from services.credit.use_cases.record_event import RecordEvent, record_event
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.identifiers import Uscc
from shared.messaging.events import EventSource
from tests.credit.builders import EVALUATED, MARKET, OPENED, new_uscc, today
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


@pytest.fixture
def permits_count(rules: CreditRules) -> CreditRules:
    """Rules under which a permit moves the score."""
    factor = Factor(
        "permits",
        Wording("许可", "permits"),
        FactorSubject.RECORD,
        "administrative_permit",
        Decimal(1),
        Decimal(1),
    )
    return replace(rules, scorecard=replace(rules.scorecard, factors=(*rules.scorecard.factors, factor)))


async def test_a_new_enterprise_without_records_is_opened_by_one_statement(
    credit: ServiceUnderTest, rules: CreditRules
) -> None:
    uscc = Uscc(new_uscc())

    with statements_about(uscc) as seen:
        async with of(credit).open() as uow:
            await open_now(uow, uscc, rules, credit)

    assert len([statement for statement in seen if "outbox" not in statement]) == 1, seen


async def test_a_record_that_is_being_written_while_its_subject_is_opened_is_counted(
    credit: ServiceUnderTest, permits_count: CreditRules
) -> None:
    uscc = Uscc(new_uscc())
    transactions = of(credit)
    async with transactions.open() as recording, transactions.open() as opening:
        record = await record_event(a_permit(uscc, credit), permits_count, recording)
        assert record is not None
        opened = asyncio.create_task(open_now(opening, uscc, permits_count, credit))
        await eventually(lambda: waits_for_a_lock(credit))
        await recording.commit()

        subject = await opened

    assert subject.evaluation is not None
    assert [c.records for c in subject.evaluation.contributions] == [(record.id,)]
    assert subject.evaluation_number == 1
    assert len(await credit.events(OPENED, uscc)) == len(await credit.events(EVALUATED, uscc)) == 1


async def test_openings_at_once_open_one_subject(credit: ServiceUnderTest, rules: CreditRules) -> None:
    uscc = Uscc(new_uscc())

    async def once() -> None:
        async with of(credit).open() as uow:
            await open_now(uow, uscc, rules, credit)

    await asyncio.gather(*(once() for _ in range(4)))

    assert len(await credit.events(OPENED, uscc)) == len(await credit.events(EVALUATED, uscc)) == 1
    assert await credit.rows("SELECT number FROM credit_evaluation WHERE uscc = :u", u=uscc) == [
        {"number": 1}
    ]


def of(credit: ServiceUnderTest) -> UnitOfWorkFactory:
    return UnitOfWorkFactory(credit.engine, EventSource("credit", "140881"), credit.clock)


async def open_now(uow: UnitOfWork, uscc: Uscc, rules: CreditRules, credit: ServiceUnderTest) -> Subject:
    enterprise = Enterprise(uscc, "永济市示例餐饮有限公司", "active", today(credit))
    subject = await open_credit_subject(enterprise, rules, uow)
    await uow.commit()
    return subject


def a_permit(uscc: Uscc, credit: ServiceUnderTest) -> RecordEvent:
    return RecordEvent(
        event_id=f"permit-of-{uscc}",
        event_type=PERMIT_ISSUED,
        uscc=uscc,
        provider_uscc=MARKET,
        reference=f"P-{uscc}",
        happened_on=today(credit),
    )


async def waits_for_a_lock(credit: ServiceUnderTest) -> bool:
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
    return bool(
        await credit.rows(f"{waiting} (SELECT oid FROM pg_database WHERE datname = current_database())")  # noqa: S608
    )


@contextmanager
def statements_about(uscc: Uscc) -> Iterator[list[str]]:
    """Collect the statements of this process that are given the code."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if uscc in str(parameters):
            seen.append(statement)

    sqlalchemy_event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sqlalchemy_event.remove(Engine, "before_cursor_execute", note)
