"""Which filings (登记申请) there are, and what every one of them says whatever it asks for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from services.registration.domain.kinds import EnterpriseKind


class FilingKind(StrEnum):
    """What is asked of the registrar, in the statute's words. Source: 市场主体登记管理条例 ch. 2 to 4."""

    ESTABLISHMENT = "establishment"  # 设立登记
    ALTERATION = "alteration"  # 变更登记
    RECORD = "record"  # 备案
    RELOCATION = "relocation"  # 迁移登记
    SUSPENSION = "suspension"  # 歇业备案
    RESUMPTION = "resumption"  # 恢复营业
    SIMPLE_DEREGISTRATION = "simple_deregistration"  # 简易注销登记
    DEREGISTRATION = "deregistration"  # 注销登记


@dataclass(frozen=True)
class FilingContent:
    """What a filing says; each act has its own."""

    kind: ClassVar[FilingKind]


@dataclass(frozen=True)
class Concerns:
    """Which enterprise a filing is about; before an establishment is decided, one that has no code yet.

    `division_code` is the town of its address, and so who decides.
    """

    name: str
    enterprise_kind: EnterpriseKind
    division_code: str
    uscc: str | None = None
