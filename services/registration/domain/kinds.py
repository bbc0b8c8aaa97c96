"""Words of the register (登记簿): kinds of enterprise, roles of people, states, origins."""

from enum import StrEnum
from typing import Final


class EnterpriseKind(StrEnum):
    """经营主体类型. Source: 市场主体登记管理条例 art. 2."""

    LIMITED_COMPANY = "limited_company"
    JOINT_STOCK_COMPANY = "joint_stock_company"
    PARTNERSHIP = "partnership"
    SOLE_PROPRIETOR_ENTERPRISE = "sole_proprietor_enterprise"
    INDIVIDUAL_BUSINESS = "individual_business"
    COOPERATIVE = "cooperative"
    BRANCH = "branch"
    OTHER = "other"


class EnterpriseState(StrEnum):
    """登记状态. Whoever is revoked, closed or annulled does no business any more and has yet to be deregistered."""

    ACTIVE = "active"  # 存续
    SUSPENDED = "suspended"  # 歇业
    IN_LIQUIDATION = "in_liquidation"  # 清算
    REVOKED = "revoked"  # 吊销营业执照
    CLOSED = "closed"  # 责令关闭
    ANNULLED = "annulled"  # 撤销登记
    DEREGISTERED = "deregistered"  # 注销
    MOVED_OUT = "moved_out"  # 迁出


# Under its name it may act: an enterprise in liquidation only to wind up.
IN_BUSINESS: Final = frozenset({EnterpriseState.ACTIVE, EnterpriseState.SUSPENDED})
# It is in this register no more.
GONE: Final = frozenset({EnterpriseState.DEREGISTERED, EnterpriseState.MOVED_OUT})


class Origin(StrEnum):
    """How an enterprise came into this register: by a filing here, or from the register before it."""

    FILING = "filing"
    IMPORT = "import"


class Role(StrEnum):
    """What a person is to the enterprise (职务)."""

    LEGAL_REPRESENTATIVE = "legal_representative"
    INVESTOR = "investor"
    OPERATOR = "operator"
    SHAREHOLDER = "shareholder"
    MEMBER = "member"
    FAMILY_MEMBER = "family_member"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    FINANCE_OFFICER = "finance_officer"
    REGISTRATION_LIAISON = "registration_liaison"
    CONTACT = "contact"


# Whoever stands for the enterprise on the licence: 法定代表人（负责人等）, by kind also 投资人 or 经营者.
PRINCIPAL_ROLES: Final = frozenset({Role.LEGAL_REPRESENTATIVE, Role.INVESTOR, Role.OPERATOR})
# Filed with any kind (备案事项). Source: 市场主体登记管理条例 art. 9.
FILED_ROLES: Final = frozenset(
    {Role.MANAGER, Role.SUPERVISOR, Role.FINANCE_OFFICER, Role.REGISTRATION_LIAISON, Role.CONTACT}
)
