"""Issue a comprehensive permit and those inside it: 1 + N certificates in one transaction (LIC-12)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.licensing.domain.application import Application
from services.licensing.domain.enterprise import Enterprise, EnterpriseUnknown
from services.licensing.domain.holder_change import HolderTold, is_bound
from services.licensing.domain.permit import Permit, PermitKind, shared_valid_to, valid_to
from services.licensing.domain.rules import AgencyName, CertificateKind, Industry, PermitRule
from services.licensing.published.announcing import issued
from services.licensing.store.permit_versions import HolderChangeStore
from services.licensing.store.permits import PermitStore
from services.licensing.store.read_models import EnterpriseStore
from services.licensing.use_cases.follow_holder import let_permits_follow
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.rulebook import industry_as_accepted
from shared.calendar import local_date
from shared.certificates import (
    Certificate,
    CertificateState,
    CertificateType,
    FaceValue,
    Holder,
    HolderCodeType,
    issue_certificate,
)
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import CaseNumberParts, Uscc, compose_case_number

PREFIX = {PermitKind.COMPREHENSIVE: "ZH", PermitKind.COMPONENT: "DX"}  # 综合许可证, 单项许可证


@dataclass(frozen=True)
class _Places:
    """Where the holder is now, and the premises that were applied for and reviewed."""

    now: str
    applied_for: str

    def of(self, *rules: PermitRule) -> str:
        """The premises of a permit for these items."""
        return self.applied_for if is_bound(rules) else self.now


@dataclass(frozen=True)
class _Draft:
    """What one permit says, before it is signed."""

    kind: PermitKind
    number: str
    item: str | None
    certificate: CertificateKind
    issuer: AgencyName
    supervising: AgencyName
    valid_to: date | None
    part_of: str | None
    face: dict[str, FaceValue]


async def issue_permits(
    application: Application, items: Sequence[str], uow: UnitOfWork, now: datetime, office: Office
) -> Permit:
    """Issue all permits of an approved application; returns the comprehensive one."""
    store = PermitStore(uow.session)
    await store.keep_steady(application.uscc)
    enterprise = await _holder(application.uscc, uow)
    industry = industry_as_accepted(office.region, application.industry_code, items)
    today = local_date(now)
    whole_number = await _number(store, PermitKind.COMPREHENSIVE, today, office)
    part_numbers = [await _number(store, PermitKind.COMPONENT, today, office) for _ in industry.required]
    places = _Places(now=enterprise.address or "", applied_for=_applied_for(application, enterprise))
    parts = _parts(industry, part_numbers, whole_number, today, enterprise.name, places)
    drafted = _whole(industry, whole_number, parts, today, enterprise.name, places)
    whole = _sign(drafted, application, enterprise, now, office)
    await store.add(whole)
    for draft in parts:
        part = _sign(draft, application, enterprise, now, office)
        await store.add(part)
        uow.announce(issued(part, []))
    uow.announce(issued(whole, part_numbers))
    await let_permits_follow(_told(enterprise, today), uow, now, office)
    return whole


async def _holder(uscc: str, uow: UnitOfWork) -> Enterprise:
    """As the last event has it, heard by the read model or only by the permits so far."""
    enterprise = await EnterpriseStore(uow.session).find(uscc)
    if enterprise is None:  # the read model is being rebuilt: the caller tries again
        raise EnterpriseUnknown(uscc)
    newer = await HolderChangeStore(uow.session).newer_than_read_model(uscc)
    return replace(enterprise, name=newer.name, address=newer.address) if newer else enterprise


def _applied_for(application: Application, enterprise: Enterprise) -> str:
    """The premises that were reviewed: those of the application, whatever the register says by now."""
    return str(application.form.get("address") or enterprise.address or "")


def _told(enterprise: Enterprise, today: date) -> HolderTold:
    return HolderTold(enterprise.uscc, enterprise.name, enterprise.address, today)


async def _number(store: PermitStore, kind: PermitKind, today: date, office: Office) -> str:
    prefix = PREFIX[kind]
    serial = await store.next_serial(prefix, today)
    return compose_case_number(CaseNumberParts(prefix, office.region.region.code, today, serial))


def _parts(
    industry: Industry, numbers: Sequence[str], part_of: str, today: date, operator: str, places: _Places
) -> list[_Draft]:
    """Who approves supervises (谁审批、谁监管, LIC-36)."""
    return [
        _Draft(
            kind=PermitKind.COMPONENT,
            number=number,
            item=rule.item,
            certificate=rule.certificate,
            issuer=rule.agency,
            supervising=rule.agency,
            valid_to=valid_to(today, rule.valid_years),
            part_of=part_of,
            face={
                "operator": operator,
                "premises": places.of(rule),
                "permitted_item": rule.name.zh,
                "supervising_agency": rule.agency.name.zh,
                "comprehensive_permit": part_of,
            },
        )
        for rule, number in zip(industry.required, numbers, strict=True)
    ]


def _whole(
    industry: Industry, number: str, parts: Sequence[_Draft], today: date, operator: str, places: _Places
) -> _Draft:
    """The comprehensive permit lists number, authority and validity of each permit inside it (LIC-11)."""
    return _Draft(
        kind=PermitKind.COMPREHENSIVE,
        number=number,
        item=None,
        certificate=industry.certificate,
        issuer=industry.issuer,
        supervising=industry.lead,
        valid_to=shared_valid_to([part.valid_to for part in parts]),
        part_of=None,
        face={
            "industry": industry.name.zh,
            "operator": operator,
            "premises": places.of(*industry.required),
            "permitted_items": tuple(rule.name.zh for rule in industry.required),
            "component_permits": tuple(
                f"{part.number} {part.certificate.name.zh} {part.issuer.name.zh} "
                f"{today.isoformat()}至{part.valid_to.isoformat() if part.valid_to else '长期'}"
                for part in parts
            ),
            "supervising_agencies": tuple(dict.fromkeys(part.supervising.name.zh for part in parts)),
        },
    )


def _sign(
    draft: _Draft, application: Application, enterprise: Enterprise, now: datetime, office: Office
) -> Permit:
    today = local_date(now)
    certificate = _certificate(draft, enterprise, today, office)
    made = issue_certificate(certificate, office.keys.signing, office.seals)
    return Permit(
        number=draft.number,
        kind=draft.kind,
        item=draft.item,
        name=draft.certificate.name,
        uscc=enterprise.uscc,
        holder_name=enterprise.name,
        industry_code=application.industry_code,
        application_id=application.id,
        matter_id=application.matter_id,
        part_of=draft.part_of,
        issuer_uscc=draft.issuer.uscc,
        issuer_name=draft.issuer.name,
        supervising_uscc=draft.supervising.uscc,
        supervising_name=draft.supervising.name,
        valid_from=today,
        valid_to=draft.valid_to,
        certificate_identifier=certificate.identifier,
        certificate_state=CertificateState.IN_FORCE.value,
        digest=made.digest,
        jws=made.jws,
        seal_zh=made.seal.statement.zh,
        seal_en=made.seal.statement.en,
        issued_at=now,
        premises=str(draft.face["premises"]) or None,
    )


def _certificate(draft: _Draft, enterprise: Enterprise, today: date, office: Office) -> Certificate:
    kind = draft.certificate
    return Certificate(
        kind=CertificateType(kind.type_code, kind.name.zh, kind.defined_by),
        number=draft.number,
        serial=draft.number.replace("-", ""),
        version=1,
        issuer_name=draft.issuer.name.zh,
        issuer_code=Uscc(draft.issuer.uscc),
        issued_on=today,
        area_code=office.region.region.code,
        holders=(Holder(enterprise.name, enterprise.uscc, HolderCodeType.USCC),),
        face=draft.face,
        valid_from=today,
        valid_to=draft.valid_to,
        related_item_code=draft.item,
    )
