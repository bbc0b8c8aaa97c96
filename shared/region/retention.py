"""How long personal data of ended records is kept (保存期限)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.region.facts import Fact


class RecordKind(StrEnum):
    """What a rule is for."""

    HOTLINE_TICKET = "hotline_ticket"
    """12345工单, from its closing."""
    FILING = "filing"
    """登记申请 that led to no enterprise, from its refusal or withdrawal; the register's own file is an archive."""
    RECONCILIATION = "reconciliation"
    """数据比对: what an outside register said, from the completion, or from the start where there was none."""
    FALSE_REGISTRATION = "false_registration"
    """撤销登记 cases that led to nothing (不予受理、撤回), from their end."""
    PERMIT_APPLICATION = "permit_application"
    """许可申请, from its decision."""
    MATTER = "matter"
    """一件事 with its shared form, from its completion or withdrawal."""


class RetentionRule(Fact):
    """Personal data of a record is kept for so many years after the record has ended, and purged then.

    Source of the duty: 个人信息保护法 art. 19 (the shortest time that the purpose needs) and art. 47 (erased after it).
    """

    key: RecordKind
    years: Annotated[int, Field(ge=1, le=100)]
