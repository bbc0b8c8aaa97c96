"""Establishment (设立登记): the name is taken, the enterprise gets its code, its place in the register, its licence."""

from datetime import datetime
from typing import ClassVar

from services.registration.domain.enterprise import Enterprise, EnterpriseFile, RegisteredScope
from services.registration.domain.errors import NameTaken
from services.registration.domain.establishment import Establishment
from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import Concerns, FilingContent, FilingKind
from services.registration.domain.kinds import EnterpriseState, Origin
from services.registration.domain.name_rules import SAME, NameConflicts
from services.registration.domain.name_terms import freed_on, reserved_until
from services.registration.domain.names import keys_of_parts
from services.registration.domain.policy import RegistryPolicy
from services.registration.domain.review import review_establishment
from services.registration.domain.rule import Outcome, RuleResult
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.names import NameClaim, NameStore
from services.registration.use_cases.acts.base import Act, Entered
from services.registration.use_cases.change_register import enter_in_register
from services.registration.use_cases.faults import faults_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault

_ROUNDS = 3


class EstablishmentAct(Act):
    """Source: 市场主体登记管理条例 ch. 2."""

    kind: ClassVar[FilingKind] = FilingKind.ESTABLISHMENT

    async def concerns(self, content: FilingContent, uow: UnitOfWork) -> Concerns:
        filed = _said(content)
        return Concerns(filed.name.full, filed.enterprise_kind, filed.domicile.division_code)

    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Raises: NameTaken. Another filing may take the name between look and claim: then look again."""
        store, policy, filed = NameStore(uow.session), desk.policy, _said(filing.content)
        for _ in range(_ROUNDS):
            conflicts = await store.conflicts(_claim(filing, now, desk), policy.names, now)
            results = review_establishment(filed, policy, conflicts, local_date(now))
            if conflicts.same:
                raise NameTaken(faults_of(results))
            if _has_name_fault(results):
                await store.release(filing.id)
                return results
            if await self._reserve(filing, uow, now, desk):
                return results
        lost = review_establishment(filed, policy, NameConflicts(same=True), local_date(now))
        raise NameTaken(faults_of(lost))

    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        """Established on the day of the licence (条例 art. 21). Raises: NameTaken, CodesExhausted."""
        if not await self._reserve(filing, uow, now, desk):
            raise NameTaken(
                (FieldFault("/name", SAME.id, "该名称已被他人使用", "somebody else has the name now"),)
            )
        policy, filed = desk.policy, _said(filing.content)
        kind = policy.kinds[filed.enterprise_kind]
        uscc = await EnterpriseStore(uow.session).next_uscc(
            policy.codes, kind.body_type, policy.division_code
        )
        file = EnterpriseFile(_enterprise(filing, filed, uscc, policy, now), filed.people)
        entered = await enter_in_register(file, uow, now, desk)
        await NameStore(uow.session).register(filing.id, uscc)
        return Entered(uscc, entered.enterprise.licence_identifier)

    async def release(self, filing: Filing, uow: UnitOfWork) -> None:
        """The name is free at once."""
        await NameStore(uow.session).release(filing.id)

    async def _reserve(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> bool:
        """Reserve the name for the filing; False where another was first."""
        until = reserved_until(now, desk.policy.names.reservation, local_date(now))
        return await NameStore(uow.session).reserve(_claim(filing, now, desk), until, now)


def _said(content: FilingContent) -> Establishment:
    assert isinstance(content, Establishment)  # noqa: S101 - the kind says so
    return content


def _claim(filing: Filing, now: datetime, desk: RegistrarDesk) -> NameClaim:
    names = desk.policy.names
    return NameClaim(
        keys=keys_of_parts(_said(filing.content).name, names),
        division_code=desk.policy.division_code,
        filing_id=filing.id,
        freed_on=freed_on(local_date(now), names.conflict_window),
    )


def _has_name_fault(results: tuple[RuleResult, ...]) -> bool:
    return any(r.outcome is Outcome.FAULT and r.rule.startswith("name.") for r in results)


def _enterprise(
    filing: Filing, filed: Establishment, uscc: str, policy: RegistryPolicy, now: datetime
) -> Enterprise:
    entries = [policy.scope[code] for code in filed.scope]
    accounts = [person.account for person in filed.people if person.is_principal and person.account]
    return Enterprise(
        uscc=uscc,
        name=filed.name.full,
        enterprise_kind=filed.enterprise_kind,
        state=EnterpriseState.ACTIVE,
        established_on=local_date(now),
        registered_capital_fen=filed.registered_capital_fen,
        capital_currency="CNY",
        domicile_division_code=filed.domicile.division_code,
        domicile_text=policy.address(filed.domicile.division_code, filed.domicile.street),
        scope=tuple(RegisteredScope(entry.code, entry.text.zh) for entry in entries),
        industry_code=entries[0].industry_code,
        registrar_uscc=policy.registrar.uscc,
        division_code=policy.division_code,
        licence_identifier=None,
        filing_id=filing.id,
        matter_id=filing.matter_id,
        owner_accounts=tuple(dict.fromkeys([filing.applicant, *accounts])),
        origin=Origin.FILING,
        registered_at=now,
        changed_at=now,
    )
