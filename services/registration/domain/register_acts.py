"""What changes the register (登记簿): each act, and the fact that other departments are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from services.registration.domain.policy import Wording


class RegisterAct(StrEnum):
    """Why an enterprise stands in the register as it does; the name of its event too."""

    REGISTERED = "registered"  # 设立登记
    TAKEN_OVER = "taken_over"  # 导入
    REPRESENTATIVE_ENTERED = "representative_entered"  # 补录法定代表人
    ALTERED = "altered"  # 变更登记
    RECORDED = "recorded"  # 备案
    RELOCATED = "relocated"  # 迁入、区内迁移
    MOVED_OUT = "moved_out"  # 迁出
    SUSPENDED = "suspended"  # 歇业
    RESUMED = "resumed"  # 恢复营业
    DEREGISTERED = "deregistered"  # 注销
    FORCIBLY_DEREGISTERED = "forcibly_deregistered"  # 强制注销
    LICENCE_REVOKED = "licence_revoked"  # 吊销营业执照
    CLOSED_BY_ORDER = "closed_by_order"  # 责令关闭
    REGISTRATION_REVOKED = "registration_revoked"  # 撤销登记
    RESTORED = "restored"  # 恢复登记
    COURT_RULED = "court_ruled"  # 人民法院裁定（破产、强制清算）


@dataclass(frozen=True)
class Cause:
    """Why the register changes: the act, the filing or matter behind it, the reason and the day of effect.

    `details` go into the event as they are: public words only.
    """

    act: RegisterAct
    filing_id: UUID | None = None
    matter_id: UUID | None = None
    reason: Wording | None = None
    effective_on: date | None = None
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class FieldChange:
    """A public fact before and after; personal ones are named without their value."""

    field: str
    before: str | None
    after: str | None
