"""Requests and answers about liquidations."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from services.registration.api.exit_models import OnBehalf
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.liquidation import (
    CreditorNotice,
    ExitReason,
    GroupMember,
    Liquidation,
    LiquidationGroup,
    LiquidationReport,
    LiquidationState,
    group_due,
)
from services.registration.use_cases.conduct_liquidation import (
    OpenLiquidation,
    application_end,
    claims_end,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.security.principal import Principal
from shared.web.fields import CivilDate, Fen, Flag, RequestModel, ResponseModel, ShortText, UsccField

MemberName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=20, pattern=r"^[0-9+-]+$")]
Sha256 = Annotated[str, StringConstraints(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$")]
Place = Annotated[StrictInt, Field(ge=1, le=220)]


class MemberIn(RequestModel):
    """A member of the group; the names are published by law."""

    name: MemberName
    is_head: Flag


class GroupIn(RequestModel):
    """清算组: the day on which it was formed, one head and its members."""

    formed_on: CivilDate
    members: Annotated[list[MemberIn], Field(min_length=1, max_length=50)]

    def made(self) -> LiquidationGroup:
        """As the domain knows it."""
        return LiquidationGroup(
            self.formed_on, tuple(GroupMember(member.name, member.is_head) for member in self.members)
        )


class BehalfIn(RequestModel):
    """Nothing but for whom, where the window sends it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"on_behalf_of": "person-7c1d"}]})

    on_behalf_of: OnBehalf = None


class LiquidationIn(BehalfIn):
    """Why the enterprise ends, and who winds it up."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "uscc": "91140881MAE000002E",
                    "reason": "resolution",
                    "decided_on": "2026-02-24",
                    "group": {
                        "formed_on": "2026-02-26",
                        "members": [
                            {"name": "张三丰", "is_head": True},
                            {"name": "李四光", "is_head": False},
                        ],
                    },
                }
            ]
        }
    )

    uscc: UsccField
    reason: ExitReason
    decided_on: CivilDate
    group: GroupIn

    def command(self, caller: Principal) -> OpenLiquidation:
        """What the use case takes."""
        return OpenLiquidation(
            self.uscc, self.reason, self.decided_on, self.group.made(), caller, self.on_behalf_of
        )


class GroupChangeIn(BehalfIn):
    """The whole group anew."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"group": {"formed_on": "2026-03-02", "members": [{"name": "李四光", "is_head": True}]}}
            ]
        }
    )

    group: GroupIn


class CreditorNoticeIn(BehalfIn):
    """How creditors state their claims; all of it is published."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "contact_name": "李四光",
                    "contact_phone": "03598888888",
                    "address": "永济市城西街道河东大道12号",
                }
            ]
        }
    )

    contact_name: MemberName
    contact_phone: Phone
    address: ShortText

    def notice(self, now: datetime) -> CreditorNotice:
        """Published now."""
        return CreditorNotice(now, self.contact_name, self.contact_phone, self.address)


class ReportIn(BehalfIn):
    """清算报告: when it was over, who confirmed it, and that nothing is owed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ended_on": "2026-04-20",
                    "confirmed_on": "2026-04-22",
                    "signed_places": [1],
                    "assets_fen": 1_250_000,
                    "debts_unpaid_fen": 0,
                    "wages_settled": True,
                    "insurance_settled": True,
                    "document_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        }
    )

    ended_on: CivilDate
    confirmed_on: CivilDate
    signed_places: Annotated[
        list[Place],
        Field(max_length=220, description="Who signed, by place in the register; partners all sign"),
    ]
    assets_fen: Fen
    debts_unpaid_fen: Fen
    wages_settled: Flag
    insurance_settled: Flag
    document_sha256: Sha256

    def report(self) -> LiquidationReport:
        """As the domain knows it."""
        return LiquidationReport(
            ended_on=self.ended_on,
            confirmed_on=self.confirmed_on,
            signed_places=tuple(self.signed_places),
            assets_fen=self.assets_fen,
            debts_unpaid_fen=self.debts_unpaid_fen,
            wages_settled=self.wages_settled,
            insurance_settled=self.insurance_settled,
            document_sha256=self.document_sha256,
        )


class MemberOut(ResponseModel):
    """A member of the group."""

    name: str
    is_head: bool


class CreditorNoticeOut(ResponseModel):
    """债权人公告."""

    published_at: datetime
    contact_name: str
    contact_phone: str
    address: str
    claims_until: date | None


class LiquidationOut(ResponseModel):
    """A liquidation, as published."""

    id: UUID
    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    state: LiquidationState
    version: int
    reason: ExitReason
    decided_on: date
    opened_at: datetime
    formed_on: date
    members: list[MemberOut]
    group_days_late: int = Field(description="By how many days the group was published late (10 days)")
    creditor_notice: CreditorNoticeOut | None
    ended_on: date | None
    confirmed_on: date | None
    apply_until: date | None = Field(description="Until when the deregistration is applied for")

    @classmethod
    def of(cls, one: Liquidation, desk: RegistrarDesk) -> "LiquidationOut":
        """Shape a liquidation, with its days."""
        due = group_due(one.group.formed_on, desk.policy.exits.ordinary, desk.calendar).on
        return cls(
            id=one.id,
            uscc=one.uscc,
            name=one.name,
            enterprise_kind=one.enterprise_kind,
            state=one.state,
            version=one.version,
            reason=one.reason,
            decided_on=one.decided_on,
            opened_at=one.opened_at,
            formed_on=one.group.formed_on,
            members=[MemberOut(name=member.name, is_head=member.is_head) for member in one.group.members],
            group_days_late=max(0, (local_date(one.opened_at) - due).days),
            creditor_notice=_creditors(one, desk),
            ended_on=one.report.ended_on if one.report else None,
            confirmed_on=one.report.confirmed_on if one.report else None,
            apply_until=application_end(one, desk),
        )


def _creditors(one: Liquidation, desk: RegistrarDesk) -> CreditorNoticeOut | None:
    notice = one.creditors
    if notice is None:
        return None
    return CreditorNoticeOut(
        published_at=notice.published_at,
        contact_name=notice.contact_name,
        contact_phone=notice.contact_phone,
        address=notice.address,
        claims_until=claims_end(one, desk),
    )
