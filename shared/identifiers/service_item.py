"""Code lists of service items (政务服务事项): one set for the region pack, the catalogue and whoever reads it."""

from enum import IntEnum, StrEnum
from typing import Final

ITEM_CODE_PATTERN: Final = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
"""Code of an item: who handles it, then what; the permit item `tobacco` is `licensing.tobacco`."""


class ItemType(StrEnum):
    """事项类型. Source: 国办 list of kinds of administrative powers and public services; `one_thing` is 一件事."""

    LICENCE = "licence"
    CONFIRMATION = "confirmation"
    PAYMENT = "payment"
    COLLECTION = "collection"
    REWARD = "reward"
    RULING = "ruling"
    OTHER_POWER = "other_power"
    PUBLIC_SERVICE = "public_service"
    ONE_THING = "one_thing"


class ServedSubject(StrEnum):
    """服务对象: whom an item or theme serves. Source: GW-21."""

    PERSON = "person"
    LEGAL_PERSON = "legal_person"
    PROJECT = "project"


class OnlineDepth(IntEnum):
    """网上办理深度 I to IV: information, application, decision, delivery online."""

    INFORMED = 1
    APPLIED = 2
    DECIDED = 3
    DELIVERED = 4


class CrossRegionMode(StrEnum):
    """跨域通办: 全程网办, 异地代收代办, 多地联办. Source: GW-19."""

    FULL_ONLINE = "full_online"
    COLLECT_AND_FORWARD = "collect_and_forward"
    MULTI_SITE = "multi_site"


class MaterialSource(StrEnum):
    """Where a material comes from: the applicant, another agency by sharing, or nobody any more (免提交)."""

    APPLICANT = "applicant"
    SHARED = "shared"
    WAIVED = "waived"


class Classification(StrEnum):
    """Whether an item may stand in a public catalogue at all. Source: NFR-21."""

    PUBLIC = "public"
    SECRET = "secret"  # noqa: S105 - a class of documents


class AccessKind(StrEnum):
    """Kinds of entries of the market-access list (市场准入负面清单): 禁止准入类, 许可准入类."""

    PROHIBITED = "prohibited"
    PERMIT_NEEDED = "permit_needed"
