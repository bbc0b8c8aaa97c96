"""A sound establishment filing of each kind; every person and enterprise is made up."""

from typing import Any

from shared.identifiers import compose_uscc, organisation_body
from tests.registration.builders import filing, person, uscc

RESIDENCE = "永济市城西街道河东大道14号"
ABROAD = {"party": "foreign_organisation", "id_number": "HK1234567", "phone": None}


def partner(role: str, serial: int, fen: int, *more: str, **changes: Any) -> dict[str, Any]:
    """Someone who contributes money to a partnership by 2030."""
    agreed = {"residence": RESIDENCE, "contribution_forms": ["money"], "contribute_by": "2030-12-31"}
    return person(role, *more, serial=serial, subscribed_fen=fen) | agreed | changes


def organisation(code: str, name: str) -> dict[str, Any]:
    """What makes an owner an enterprise."""
    return {"party": "organisation", "id_number": code, "name": name, "phone": None}


def general_partnership(**changes: Any) -> dict[str, Any]:
    """Two partners, one of them executive."""
    partners = [
        partner("executive_partner", 1, 100_000, "general_partner"),
        partner("general_partner", 2, 200_000),
    ]
    sound = {
        "enterprise_kind": "partnership",
        "variant": "general_partnership",
        "name__form": "合伙企业（普通合伙）",
        "registered_capital_fen": 300_000,
        "articles": {"adopted_on": "2026-01-05"},
        "people": partners,
    }
    return filing(**(sound | changes))


def limited_partnership(**changes: Any) -> dict[str, Any]:
    """An enterprise of another register is the executive partner, and has a delegate."""
    sound = {
        "variant": "limited_partnership",
        "name__form": "合伙企业（有限合伙）",
        "exempt_from_beneficial_owners": False,
        "people": [
            partner("executive_partner", 1, 100_000, "general_partner")
            | organisation(uscc(900_001), "运城市盐湖投资有限公司"),
            partner("limited_partner", 2, 200_000),
            person("partner_delegate", "beneficial_owner", serial=3, subscribed_fen=None)
            | {"represents": uscc(900_001), "name": "王委派"},
        ],
    }
    return general_partnership(**(sound | changes))


def joint_stock_company(**changes: Any) -> dict[str, Any]:
    """Two promoters who have paid, a director and a supervisor."""
    promoters = [
        person("promoter", "legal_representative", "director", serial=1, subscribed_fen=600_000)
        | {"paid_fen": 600_000},
        person("promoter", serial=2, subscribed_fen=400_000) | {"paid_fen": 400_000},
    ]
    sound = {
        "enterprise_kind": "joint_stock_company",
        "name__form": "股份有限公司",
        "registered_capital_fen": 1_000_000,
        "people": [*promoters, person("supervisor", serial=3, subscribed_fen=None)],
    }
    return filing(**(sound | changes))


def sole_proprietorship(**changes: Any) -> dict[str, Any]:
    """An enterprise of one investor."""
    sound = {
        "enterprise_kind": "sole_proprietor_enterprise",
        "name__form": "中心",
        "people": [person("investor") | {"residence": RESIDENCE}],
        "exempt_from_beneficial_owners": False,
    }
    return filing(**(sound | changes))


def individual_business(**changes: Any) -> dict[str, Any]:
    """A family's, without a name of its own."""
    sound = {
        "enterprise_kind": "individual_business",
        "name": None,
        "registered_capital_fen": 0,
        "exempt_from_beneficial_owners": False,
        "people": [
            person("operator", serial=1, subscribed_fen=None) | {"residence": RESIDENCE},
            person("family_member", serial=2, subscribed_fen=None),
        ],
    }
    return filing(**(sound | changes))


def cooperative(**changes: Any) -> dict[str, Any]:
    """Five members, all of them farmers."""
    members = [
        person(*(["legal_representative"] if n == 1 else []), "member", serial=n, subscribed_fen=20_000)
        | {"is_farmer": True}
        for n in range(1, 6)
    ]
    sound = {
        "enterprise_kind": "cooperative",
        "name__form": "专业合作社",
        "registered_capital_fen": 100_000,
        "exempt_from_beneficial_owners": False,
        "people": members,
    }
    return filing(**(sound | changes))


def _cooperative_code(serial: int) -> str:
    """A sound credit code of a cooperative."""
    body = organisation_body("MB", serial)
    return compose_uscc(authority="9", body_type="3", division_code="140881", organisation_body=body)


def cooperative_union(members: int = 3, **changes: Any) -> dict[str, Any]:
    """Cooperatives of other registers, and who stands for their union."""
    cooperatives = [
        person("member", serial=n, subscribed_fen=20_000)
        | organisation(_cooperative_code(920_000 + n), f"盐湖{n}号专业合作社")
        for n in range(2, members + 2)
    ]
    sound = {
        "variant": "cooperative_union",
        "name__form": "专业合作社联合社",
        "registered_capital_fen": 20_000 * members,
        "people": [person("legal_representative", subscribed_fen=None), *cooperatives],
    }
    return cooperative(**(sound | changes))


def branch(parent_uscc: str, parent_name: str, place: str, **changes: Any) -> dict[str, Any]:
    """A branch of an enterprise, in this register or outside."""
    sound = {
        "enterprise_kind": "branch",
        "name": None,
        "branch_of": {"uscc": parent_uscc, "enterprise": parent_name, "place": place, "ending": "分公司"},
        "registered_capital_fen": 0,
        "exempt_from_beneficial_owners": False,
        "people": [person("head", subscribed_fen=None)],
    }
    return filing(**(sound | changes))
