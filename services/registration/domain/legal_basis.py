"""How rules name the laws that they rest on (依据)."""

from services.registration.domain.wording import Wording


def regulation(article_zh: str, article: str) -> Wording:
    """市场主体登记管理条例."""
    return Wording(
        f"《市场主体登记管理条例》第{article_zh}条",
        f"Regulations on the Registration of Market Entities, art. {article}",
    )


def implementing_rules(article_zh: str, article: str) -> Wording:
    """市场主体登记管理条例实施细则."""
    return Wording(
        f"《市场主体登记管理条例实施细则》第{article_zh}条",
        f"Rules for the Implementation of the Regulations on Registration, art. {article}",
    )


def company_law(article_zh: str, article: str) -> Wording:
    """中华人民共和国公司法, in force since 2024-07-01."""
    return Wording(f"《中华人民共和国公司法》第{article_zh}条", f"Company Law, art. {article}")


def partnership_law(article_zh: str, article: str) -> Wording:
    """中华人民共和国合伙企业法."""
    return Wording(f"《中华人民共和国合伙企业法》第{article_zh}条", f"Partnership Law, art. {article}")


def cooperative_law(article_zh: str, article: str) -> Wording:
    """中华人民共和国农民专业合作社法."""
    return Wording(
        f"《中华人民共和国农民专业合作社法》第{article_zh}条", f"Law on Farmers' Cooperatives, art. {article}"
    )
