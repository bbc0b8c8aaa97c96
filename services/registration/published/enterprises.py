"""Events about enterprises: one per fact that another department acts on, with all that it needs to act."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pydantic import Field

from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, KindVariant, Origin
from services.registration.domain.register_acts import Cause, FieldChange, RegisterAct
from services.registration.published import examples
from shared.identifiers import PersonReference
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

REGISTERED: Final = EventType("registration", "enterprise", "registered")
REPRESENTATIVE_DETERMINED: Final = EventType("registration", "representative", "determined")
CHANGED: Final[Mapping[RegisterAct, EventType]] = {
    act: EventType("registration", "enterprise", act.value)
    for act in RegisterAct
    if act not in (RegisterAct.REGISTERED, RegisterAct.TAKEN_OVER)
}
"""The event of each act that changes an enterprise; its entry in the register is `enterprise.registered`."""


class DomicilePart(Payload):
    """Where the enterprise is: the town's code, or only the division's where no more is known."""

    division_code: str
    text: str | None


class ScopePart(Payload):
    """An entry of the registered scope."""

    code: str | None
    text: str


class EnterpriseRegistered(Payload):
    """An enterprise stands in the register."""

    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    state: EnterpriseState
    established_on: date | None
    registered_capital_fen: int | None
    domicile: DomicilePart
    scope: list[ScopePart]
    industry_code: str | None
    registrar_uscc: str | None
    division_code: str
    licence_identifier: str | None
    filing_id: str | None
    matter_id: str | None
    origin: Origin
    variant: KindVariant | None = Field(None, description="Which of its kind, where there are several")
    parent_uscc: str | None = Field(None, description="Whose branch it is (所从属企业)")
    parent_name: str | None = None
    term_until: date | None = Field(None, description="End of its term; none is for long")
    further_addresses: list[DomicilePart] = Field(
        default_factory=list, description="Other places of business under the same licence (一照多址)"
    )
    is_foreign_invested: bool = False


class RepresentativeDetermined(Payload):
    """Who stands for an enterprise by law (法定代表人、经营者), by a reference that tells nothing of the person.

    Followed by the gateway's identity part alone, which holds the same key.
    """

    uscc: str
    person_reference: str | None = Field(
        description="HMAC-SHA-256 of the identity number under the key that registration and the gateway share"
    )


def representative_determined(uscc: str, reference: PersonReference | None) -> Announcement:
    """Tell who stands for the enterprise from now on; None where nobody does."""
    payload = RepresentativeDetermined(uscc=uscc, person_reference=reference)
    return Announcement(REPRESENTATIVE_DETERMINED, uscc, payload)


def enterprise_registered(enterprise: Enterprise) -> Announcement:
    """Tell that an enterprise stands in the register."""
    return Announcement(REGISTERED, enterprise.uscc, EnterpriseRegistered(**_content(enterprise)))


def _content(enterprise: Enterprise) -> dict[str, Any]:
    return {
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "enterprise_kind": enterprise.enterprise_kind,
        "state": enterprise.state,
        "established_on": enterprise.established_on,
        "registered_capital_fen": enterprise.registered_capital_fen,
        "domicile": DomicilePart(
            division_code=enterprise.domicile_division_code, text=enterprise.domicile_text
        ),
        "scope": [ScopePart(code=entry.code, text=entry.text) for entry in enterprise.scope],
        "industry_code": enterprise.industry_code,
        "registrar_uscc": enterprise.registrar_uscc,
        "division_code": enterprise.division_code,
        "licence_identifier": enterprise.licence_identifier,
        "filing_id": str(enterprise.filing_id) if enterprise.filing_id else None,
        "matter_id": str(enterprise.matter_id) if enterprise.matter_id else None,
        "origin": enterprise.origin,
        "variant": enterprise.variant,
        "parent_uscc": enterprise.parent_uscc,
        "parent_name": enterprise.parent_name,
        "term_until": enterprise.term_until,
        "further_addresses": [
            DomicilePart(division_code=each.division_code, text=each.text)
            for each in enterprise.further_addresses
        ],
        "is_foreign_invested": enterprise.is_foreign_invested,
    }


class ChangedPart(Payload):
    """A fact before and after; of people only that they changed, never who they are."""

    field: str
    before: str | None
    after: str | None


class EnterpriseChanged(EnterpriseRegistered):
    """An enterprise as it is after an act of the registrar, and what the act changed.

    `filing_id` and `matter_id` are those of the act. `details` are further public words about the act, by name:
    those its page in docs/registration lists.
    """

    act: RegisterAct
    version: int
    effective_on: date
    changes: list[ChangedPart]
    reason_zh: str | None = None
    reason_en: str | None = None
    suspended_until: date | None = None
    ended_on: date | None = None
    details: dict[str, str] = Field(default_factory=dict)


def enterprise_changed(
    file: EnterpriseFile, cause: Cause, changes: tuple[FieldChange, ...], effective_on: date
) -> Announcement:
    """Tell what an act made of an enterprise."""
    one = file.enterprise
    behind = {
        "filing_id": str(cause.filing_id) if cause.filing_id else None,
        "matter_id": str(cause.matter_id) if cause.matter_id else None,
    }
    payload = EnterpriseChanged(
        **(_content(one) | behind),
        act=cause.act,
        version=one.version,
        effective_on=effective_on,
        changes=[ChangedPart(field=c.field, before=c.before, after=c.after) for c in changes],
        reason_zh=cause.reason.zh if cause.reason else None,
        reason_en=cause.reason.en if cause.reason else None,
        suspended_until=one.suspended_until,
        ended_on=one.ended_on,
        details=dict(cause.details),
    )
    return Announcement(CHANGED[cause.act], one.uscc, payload)


_WHAT: Final = {
    RegisterAct.REPRESENTATIVE_ENTERED: "Who stands for a taken-over enterprise was entered by the registrar.",
    RegisterAct.ALTERED: "Registered items were altered (变更登记).",
    RegisterAct.RECORDED: "Recorded items changed (备案).",
    RegisterAct.RELOCATED: "The enterprise moved, into this register or within it (迁移).",
    RegisterAct.MOVED_OUT: "The enterprise moved to another register (迁出).",
    RegisterAct.SUSPENDED: "The enterprise suspends its business until a day (歇业).",
    RegisterAct.RESUMED: "The enterprise does business again (恢复营业).",
    RegisterAct.DEREGISTERED: "The enterprise was deregistered at its own will (注销).",
    RegisterAct.FORCIBLY_DEREGISTERED: "The registrar deregistered the enterprise (强制注销).",
    RegisterAct.LICENCE_REVOKED: "The business licence was revoked as a penalty (吊销营业执照).",
    RegisterAct.CLOSED_BY_ORDER: "The enterprise was ordered to close (责令关闭).",
    RegisterAct.REGISTRATION_REVOKED: "A registration gained by fraud was revoked (撤销登记).",
    RegisterAct.RESTORED: "The enterprise stands in the register again (恢复登记).",
    RegisterAct.COURT_RULED: "A court ruled on its bankruptcy or liquidation (破产、强制清算裁定).",
}


def _example(act: RegisterAct) -> EnterpriseChanged:
    return EnterpriseChanged(
        **_REGISTERED_EXAMPLE.model_dump(),
        act=act,
        version=2,
        effective_on=date(2026, 6, 1),
        changes=[ChangedPart(field="state", before="active", after="deregistered")]
        if act is RegisterAct.DEREGISTERED
        else [],
        ended_on=date(2026, 6, 1) if act is RegisterAct.DEREGISTERED else None,
    )


_REGISTERED_EXAMPLE: Final = EnterpriseRegistered(
    uscc=examples.USCC,
    name="永济市蒲津渡餐饮有限公司",
    enterprise_kind=EnterpriseKind.LIMITED_COMPANY,
    state=EnterpriseState.ACTIVE,
    established_on=date(2026, 3, 2),
    registered_capital_fen=10_000_000,
    domicile=DomicilePart(division_code="140881001", text="永济市城西街道河东大道12号"),
    scope=[ScopePart(code="H6210-01", text="餐饮服务")],
    industry_code="H6210",
    registrar_uscc="11140881MB9Y00016L",
    division_code="140881",
    licence_identifier=examples.LICENCE,
    filing_id=examples.FILING,
    matter_id=examples.MATTER,
    origin=Origin.FILING,
)

PUBLISHED: tuple[Published, ...] = (
    Published(
        REGISTERED,
        EnterpriseRegistered,
        _REGISTERED_EXAMPLE,
        "An enterprise was entered in the register, by a filing or from the register before it.",
    ),
    Published(
        REPRESENTATIVE_DETERMINED,
        RepresentativeDetermined,
        RepresentativeDetermined(uscc=examples.USCC, person_reference="5f" * 32),
        "Who stands for an enterprise by law was entered, or changed.",
    ),
    *(Published(CHANGED[act], EnterpriseChanged, _example(act), what) for act, what in _WHAT.items()),
)
