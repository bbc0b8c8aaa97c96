"""Send each step that is due to its service, and take in the answer.

Nothing is held open while a service is called. The idempotency key follows from the matter, the step and the
version of its content, so that a worker that dies anywhere sends the same command again and it is done once.
"""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import httpx

from gateway.matters.clients import ApplicationClient, ExitNoticeClient, FilingClient, Order
from gateway.matters.domain.application_request import with_enterprise
from gateway.matters.domain.life_cycles import StepState
from gateway.matters.domain.model import Case, MatterId, Step, StepKind
from gateway.matters.domain.outcomes import NoAnswer, Outcome
from gateway.matters.domain.progress import LONGEST_DELAY
from gateway.matters.store.cases import CaseStore
from gateway.matters.store.due import DueStore
from gateway.matters.use_cases.follow_step import settle_answer
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.outbound import outbound_client

log = logging.getLogger(__name__)

BATCH: Final = 16
FILING_SCOPES: Final = ("registration.filing.submit", "registration.filing.read")
APPLICATION_SCOPES: Final = ("licensing.application.submit", "licensing.application.read")


class TokenIssuer(Protocol):
    """Issues a token for a person in whose name a step is carried out."""

    async def refresh(self, uow: UnitOfWork) -> None: ...

    def delegated_token(self, *, subject: str, scopes: Collection[str], now: datetime) -> str: ...


@dataclass(frozen=True)
class Services:
    """Where the services are, and who issues the tokens for them."""

    registration_url: str
    licensing_url: str
    issuer: TokenIssuer


class StepsErrand:
    """Carries out due steps."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, transactions: UnitOfWorkFactory) -> int:
        """Returns how many steps were called for."""
        now = transactions.clock()

        async def due(uow: UnitOfWork) -> list[tuple[MatterId, str]]:
            return await DueStore(uow.session).due_steps(now, BATCH)

        found = await transactions.run(due)
        if not found:
            return 0
        await transactions.run(self._services.issuer.refresh)
        async with outbound_client() as http:
            calls = (self._carry_out(matter_id, key, http, transactions) for matter_id, key in found)
            ends = await asyncio.gather(*calls, return_exceptions=True)
        for (matter_id, key), failure in zip(found, ends, strict=True):
            if failure is not None:
                await self._postpone(matter_id, key, failure, transactions)
        return len(found)

    async def _postpone(
        self, matter_id: MatterId, key: str, failure: BaseException, transactions: UnitOfWorkFactory
    ) -> None:
        """What went wrong with one step keeps neither the others nor the ones after it from going on."""
        log.error("step_failed", exc_info=failure, extra={"matter_id": str(matter_id), "step": key})
        until, fault = transactions.clock() + LONGEST_DELAY, type(failure).__name__
        await transactions.run(lambda uow: DueStore(uow.session).postpone(matter_id, key, until, fault))

    async def _carry_out(
        self,
        matter_id: MatterId,
        key: str,
        http: httpx.AsyncClient,
        transactions: UnitOfWorkFactory,
    ) -> None:
        async def read(uow: UnitOfWork) -> Case:
            return await CaseStore(uow.session).read(matter_id)

        case = await transactions.run(read)
        step = case.step(key)
        if step.state not in (StepState.READY, StepState.WITHDRAWING):
            return  # an event settled it in the meantime
        outcome = await _command(case, step, self._services, http, transactions.clock())

        async def settle(uow: UnitOfWork) -> None:
            await settle_answer(matter_id, key, step.attempt, outcome, uow, uow.now)

        await transactions.run(settle)


async def _command(
    case: Case, step: Step, services: Services, http: httpx.AsyncClient, now: datetime
) -> Outcome:
    matter = case.matter
    scopes = APPLICATION_SCOPES if step.kind is StepKind.PERMIT_APPLICATION else FILING_SCOPES
    action = "withdrawal" if step.state is StepState.WITHDRAWING else "submission"
    order = Order(
        found_by=step.key,
        token=services.issuer.delegated_token(subject=matter.applicant, scopes=scopes, now=now),
        key=f"matter-{matter.id}-{step.key}-{step.attempt}-{action}",
    )
    if step.kind is StepKind.FILING:
        filings = FilingClient(http, services.registration_url)
        if step.state is StepState.WITHDRAWING and step.reference is not None:
            return await filings.withdraw(step.reference, order)
        if step.reference is not None:
            return await filings.resubmit(step.reference, step.request, order)
        return await filings.submit(step.request, order)
    if step.kind is StepKind.EXIT_NOTICE:
        notices = ExitNoticeClient(http, services.registration_url)
        if step.state is StepState.WITHDRAWING and step.reference is not None:
            return await notices.withdraw(step.reference, order)
        return await notices.give(step.request, order)
    if matter.uscc is None:
        return NoAnswer("enterprise not registered yet")
    applications = ApplicationClient(http, services.licensing_url)
    return await applications.submit(with_enterprise(step.request, matter.uscc), order)
