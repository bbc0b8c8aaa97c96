"""Establishment (设立登记): the name is taken, the enterprise gets its code, its place in the register, its licence."""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final

from services.registration.domain.addresses import ServiceAddress
from services.registration.domain.enterprise import Enterprise, EnterpriseFile, RegisteredScope
from services.registration.domain.errors import NameTaken
from services.registration.domain.establishment import Establishment
from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import Concerns, FilingContent, FilingKind
from services.registration.domain.item_rules import Item, items_of, variant_of
from services.registration.domain.kinds import EnterpriseState, Origin
from services.registration.domain.known_facts import KnownFacts
from services.registration.domain.name_rules import SAME, NameConflicts
from services.registration.domain.name_terms import freed_on, reserved_until
from services.registration.domain.names import NameKeys, keys_of_branch, keys_of_parts
from services.registration.domain.policy import RegistryPolicy
from services.registration.domain.review import (
    is_foreign_invested,
    review_establishment,
    settled_by_mode,
)
from services.registration.domain.rule import Outcome, RuleResult
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.follow_ups import FollowUpStore
from services.registration.store.names import NameClaim, NameStore
from services.registration.use_cases.acts.base import Act, Entered
from services.registration.use_cases.change_register import enter_in_register
from services.registration.use_cases.faults import faults_of
from services.registration.use_cases.known_facts import known_facts, known_investors
from services.registration.use_cases.name_relations import related_of
from services.registration.use_cases.noted_follow_ups import follow_ups_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.use_reservation import use_reservation
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault

UNNAMED: Final = "（未使用名称）"
_ROUNDS = 3
_ENTERPRISE_CODES: Final = "9"


class EstablishmentAct(Act):
    """Source: 市场主体登记管理条例 ch. 2."""

    kind: ClassVar[FilingKind] = FilingKind.ESTABLISHMENT

    async def concerns(self, content: FilingContent, uow: UnitOfWork) -> Concerns:
        filed = _said(content)
        return Concerns(filed.full_name or UNNAMED, filed.enterprise_kind, filed.domicile.division_code)

    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Raises: NameTaken. Another filing may take the name between look and claim: then look again."""
        store, filed = NameStore(uow.session), _said(filing.content)
        if filed.name_reservation_id is not None and filed.name is not None:
            await use_reservation(filed.name_reservation_id, filing, filed.name, uow, now)
        known = await known_facts(filed, filing, uow, now, desk)
        claim = _claim(filing, now, desk)
        if claim is not None:
            claim = replace(claim, related=await related_of(None, filed.people, filed.name_consent, uow))
        else:
            await store.release(filing.id)
            return _reviewed(filed, NameConflicts(), known, now, desk)
        for _ in range(_ROUNDS):
            conflicts = await store.conflicts(claim, desk.policy.names, now)
            results = _reviewed(filed, conflicts, known, now, desk)
            if conflicts.same:
                raise NameTaken(faults_of(results))
            if _has_name_fault(results):
                await store.release(filing.id)
                return results
            if await self._reserve(claim, uow, now, desk):
                return results
        raise NameTaken(faults_of(_reviewed(filed, NameConflicts(same=True), known, now, desk)))

    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        """Established on the day of the licence (条例 art. 21); the review before it took the name.

        Raises: NameTaken, CodesExhausted.
        """
        policy, filed = desk.policy, _said(filing.content)
        uscc = await EnterpriseStore(uow.session).next_uscc(
            policy.codes, _body_type(filed, policy), policy.division_code
        )
        is_foreign = is_foreign_invested(filed, await known_investors(filed, uow))
        one = _enterprise(filing, filed, uscc, policy, now, is_foreign=is_foreign)
        entered = await enter_in_register(EnterpriseFile(one, filed.people), uow, now, desk)
        took_name = await NameStore(uow.session).register(filing.id, uscc)
        if not took_name and _keys(filed, desk) is not None:
            raise NameTaken(
                (FieldFault("/name", SAME.id, "该名称已被他人使用", "somebody else has the name now"),)
            )
        await FollowUpStore(uow.session).add(follow_ups_of(filing, uscc, now))
        return Entered(uscc, entered.enterprise.licence_identifier)

    async def release(self, filing: Filing, uow: UnitOfWork) -> None:
        """The name is free at once."""
        await NameStore(uow.session).release(filing.id)

    async def _reserve(self, claim: NameClaim, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> bool:
        """Reserve the name for the filing; False where another was first."""
        until = reserved_until(now, desk.policy.names.reservation, local_date(now))
        return await NameStore(uow.session).reserve(claim, until, now)


def _said(content: FilingContent) -> Establishment:
    assert isinstance(content, Establishment)  # noqa: S101 - the kind says so
    return content


def _reviewed(
    filed: Establishment, conflicts: NameConflicts, known: KnownFacts, now: datetime, desk: RegistrarDesk
) -> tuple[RuleResult, ...]:
    results = review_establishment(filed, desk.policy, conflicts, local_date(now), known)
    return settled_by_mode(results, desk.policy.establishment.mode, filed.commitment)


def _keys(filed: Establishment, desk: RegistrarDesk) -> NameKeys | None:
    if filed.branch_of is not None:
        return keys_of_branch(filed.branch_of.name)
    return keys_of_parts(filed.name, desk.policy.names) if filed.name is not None else None


def _claim(filing: Filing, now: datetime, desk: RegistrarDesk) -> NameClaim | None:
    """What the filing claims; None where it asks for no name."""
    keys = _keys(_said(filing.content), desk)
    if keys is None:
        return None
    return NameClaim(
        keys=keys,
        division_code=desk.policy.division_code,
        filing_id=filing.id,
        freed_on=freed_on(local_date(now), desk.policy.names.conflict_window),
    )


def _has_name_fault(results: tuple[RuleResult, ...]) -> bool:
    return any(r.outcome is Outcome.FAULT and r.rule.startswith("name.") for r in results)


def _body_type(filed: Establishment, policy: RegistryPolicy) -> str:
    """A branch is of the type that its enterprise is (机构类别), a cooperative's one among cooperatives."""
    if filed.branch_of is not None and filed.branch_of.uscc.startswith(_ENTERPRISE_CODES):
        return filed.branch_of.uscc[1]
    return policy.kinds[filed.enterprise_kind].body_type


def _enterprise(
    filing: Filing,
    filed: Establishment,
    uscc: str,
    policy: RegistryPolicy,
    now: datetime,
    *,
    is_foreign: bool,
) -> Enterprise:
    """The register's entry; whoever uses no name is called by the code (个体工商户可以不使用名称)."""
    entries = [policy.scope[code] for code in filed.scope]
    accounts = [person.account for person in filed.people if person.is_principal and person.account]
    address = policy.address(filed.domicile.division_code, filed.domicile.street)
    has_capital = Item.CAPITAL in items_of(filed.enterprise_kind)
    return Enterprise(
        uscc=uscc,
        name=filed.full_name or uscc,
        enterprise_kind=filed.enterprise_kind,
        state=EnterpriseState.ACTIVE,
        established_on=local_date(now),
        registered_capital_fen=filed.registered_capital_fen if has_capital else None,
        capital_currency="CNY" if has_capital else None,
        domicile_division_code=filed.domicile.division_code,
        domicile_text=address,
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
        variant=variant_of(filed),
        term_until=filed.term_until,
        further_addresses=filed.further_addresses,
        service_address=filed.service_address or ServiceAddress(address),
        articles=filed.articles,
        parent_uscc=filed.branch_of.uscc if filed.branch_of else None,
        parent_name=filed.branch_of.name.enterprise if filed.branch_of else None,
        is_foreign_invested=is_foreign,
    )
