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


# 公司. Source: 公司法 art. 2.
COMPANIES: Final = frozenset({EnterpriseKind.LIMITED_COMPANY, EnterpriseKind.JOINT_STOCK_COMPANY})


class KindVariant(StrEnum):
    """Which of its kind (类型、组成形式). Source: 市场主体登记管理条例实施细则 art. 6; 合伙企业法 art. 2."""

    GENERAL_PARTNERSHIP = "general_partnership"  # 普通合伙企业
    SPECIAL_GENERAL_PARTNERSHIP = "special_general_partnership"  # 特殊普通合伙企业
    LIMITED_PARTNERSHIP = "limited_partnership"  # 有限合伙企业
    PERSONAL_OPERATION = "personal_operation"  # 个人经营
    FAMILY_OPERATION = "family_operation"  # 家庭经营
    COOPERATIVE_UNION = "cooperative_union"  # 农民专业合作社联合社


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


class Party(StrEnum):
    """What somebody with a role is, and so what the number that names them is."""

    CITIZEN = "citizen"  # 居民身份证
    FOREIGN_PERSON = "foreign_person"  # 护照、通行证等
    ORGANISATION = "organisation"  # 统一社会信用代码
    FOREIGN_ORGANISATION = "foreign_organisation"  # 境外登记号码


FOREIGN: Final = frozenset({Party.FOREIGN_PERSON, Party.FOREIGN_ORGANISATION})
ORGANISATIONS: Final = frozenset({Party.ORGANISATION, Party.FOREIGN_ORGANISATION})


class ContributionForm(StrEnum):
    """出资方式. Source: 公司法 art. 48; 合伙企业法 art. 16 (labour, of general partners only)."""

    MONEY = "money"  # 货币
    IN_KIND = "in_kind"  # 实物
    INTELLECTUAL_PROPERTY = "intellectual_property"  # 知识产权
    LAND_USE_RIGHT = "land_use_right"  # 土地使用权
    EQUITY = "equity"  # 股权
    CLAIM = "claim"  # 债权
    LABOUR = "labour"  # 劳务


class SignMode(StrEnum):
    """How somebody signs: with an electronic signature, or on paper at the window (线下签名)."""

    ONLINE = "online"
    OFFLINE = "offline"


class Liability(StrEnum):
    """承担责任方式. Source: 合伙企业法 arts. 2 and 57; 公司法 art. 4."""

    UNLIMITED = "unlimited"  # 无限连带责任
    LIMITED = "limited"  # 以认缴出资额为限
    UNLIMITED_WHERE_AT_FAULT = "unlimited_where_at_fault"  # 特殊普通合伙: 故意或者重大过失


class Role(StrEnum):
    """What a person is to the enterprise (职务)."""

    LEGAL_REPRESENTATIVE = "legal_representative"  # 法定代表人
    INVESTOR = "investor"  # 投资人
    OPERATOR = "operator"  # 经营者
    EXECUTIVE_PARTNER = "executive_partner"  # 执行事务合伙人
    HEAD = "head"  # 负责人
    SHAREHOLDER = "shareholder"  # 股东
    PROMOTER = "promoter"  # 发起人
    GENERAL_PARTNER = "general_partner"  # 普通合伙人
    LIMITED_PARTNER = "limited_partner"  # 有限合伙人
    PARTNER_DELEGATE = "partner_delegate"  # 执行事务合伙人委派代表
    MEMBER = "member"  # 成员
    FAMILY_MEMBER = "family_member"  # 参加经营的家庭成员
    DIRECTOR = "director"  # 董事
    MANAGER = "manager"  # 经理
    SUPERVISOR = "supervisor"  # 监事
    FINANCE_OFFICER = "finance_officer"  # 财务负责人
    REGISTRATION_LIAISON = "registration_liaison"  # 登记联络员
    CONTACT = "contact"  # 联系人
    BENEFICIAL_OWNER = "beneficial_owner"  # 受益所有人
    FOREIGN_PAPERS_RECIPIENT = "foreign_papers_recipient"  # 外资法律文件送达接受人


# Whoever stands for the enterprise on the licence: 法定代表人, by kind also 投资人, 经营者, 执行事务合伙人, 负责人.
PRINCIPAL_ROLES: Final = frozenset(
    {Role.LEGAL_REPRESENTATIVE, Role.INVESTOR, Role.OPERATOR, Role.EXECUTIVE_PARTNER, Role.HEAD}
)
# Whoever contributes (出资人); an operator owns all of an individual business and states no share.
OWNER_ROLES: Final = frozenset(
    {
        Role.SHAREHOLDER,
        Role.PROMOTER,
        Role.GENERAL_PARTNER,
        Role.LIMITED_PARTNER,
        Role.MEMBER,
        Role.INVESTOR,
    }
)
# Filed with any kind (备案事项). Source: 市场主体登记管理条例 art. 9; the finance officer serves the tax registration.
FILED_ROLES: Final = frozenset({Role.FINANCE_OFFICER, Role.REGISTRATION_LIAISON, Role.CONTACT})
