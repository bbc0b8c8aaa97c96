"""Events about liquidations (清算): the group, the creditors' notice, the report, the end."""

from datetime import date, datetime
from typing import Final

from pydantic import Field

from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.liquidation import ExitReason, Liquidation, LiquidationState
from services.registration.published import examples
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

OPENED: Final = EventType("registration", "liquidation", "opened")
GROUP_CHANGED: Final = EventType("registration", "liquidation", "group_changed")
CREDITORS_NOTIFIED: Final = EventType("registration", "liquidation", "creditors_notified")
CONCLUDED: Final = EventType("registration", "liquidation", "concluded")
ABANDONED: Final = EventType("registration", "liquidation", "abandoned")


class LiquidationTold(Payload):
    """A liquidation as it stands; who is in the group is read at `GET /registration/v1/liquidations/{id}`."""

    liquidation_id: str
    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    state: LiquidationState
    division_code: str = Field(description="The town of the address")
    reason: ExitReason
    decided_on: date
    formed_on: date
    opened_at: datetime
    claims_until: date | None = Field(description="Until when creditors state their claims, once notified")
    ended_on: date | None
    apply_until: date | None


def liquidation_told(
    type_: EventType,
    liquidation: Liquidation,
    claims_until: date | None = None,
    apply_until: date | None = None,
) -> Announcement:
    """Tell what became of a liquidation."""
    payload = LiquidationTold(
        liquidation_id=str(liquidation.id),
        uscc=liquidation.uscc,
        name=liquidation.name,
        enterprise_kind=liquidation.enterprise_kind,
        state=liquidation.state,
        division_code=liquidation.division_code,
        reason=liquidation.reason,
        decided_on=liquidation.decided_on,
        formed_on=liquidation.group.formed_on,
        opened_at=liquidation.opened_at,
        claims_until=claims_until,
        ended_on=liquidation.report.ended_on if liquidation.report else None,
        apply_until=apply_until,
    )
    return Announcement(type_, liquidation.uscc, payload)


def _example(state: LiquidationState) -> LiquidationTold:
    is_notified = state in (LiquidationState.CREDITORS_NOTIFIED, LiquidationState.CONCLUDED)
    is_over = state is LiquidationState.CONCLUDED
    return LiquidationTold(
        liquidation_id="0198c0de-0000-7000-8000-000000000061",
        uscc=examples.USCC,
        name="永济市蒲津渡餐饮有限公司",
        enterprise_kind=EnterpriseKind.LIMITED_COMPANY,
        state=state,
        division_code="140881001",
        reason=ExitReason.RESOLUTION,
        decided_on=date(2026, 2, 24),
        formed_on=date(2026, 2, 26),
        opened_at=examples.AT,
        claims_until=date(2026, 4, 16) if is_notified else None,
        ended_on=date(2026, 4, 20) if is_over else None,
        apply_until=date(2026, 5, 20) if is_over else None,
    )


PUBLISHED: tuple[Published, ...] = (
    Published(
        OPENED,
        LiquidationTold,
        _example(LiquidationState.OPEN),
        "A liquidation group is on record and published: the enterprise only winds up from now on.",
    ),
    Published(
        GROUP_CHANGED,
        LiquidationTold,
        _example(LiquidationState.OPEN),
        "Others are in the liquidation group now.",
    ),
    Published(
        CREDITORS_NOTIFIED,
        LiquidationTold,
        _example(LiquidationState.CREDITORS_NOTIFIED),
        "Creditors were notified: claims are stated until the day named.",
    ),
    Published(
        CONCLUDED,
        LiquidationTold,
        _example(LiquidationState.CONCLUDED),
        "The liquidation report is confirmed: the enterprise applies for its deregistration.",
    ),
    Published(
        ABANDONED,
        LiquidationTold,
        _example(LiquidationState.ABANDONED),
        "The enterprise goes on: its liquidation was given up.",
    ),
)
