"""Filings, people and rows of registers for tests; every person is made up."""

import itertools
from copy import deepcopy
from typing import Any

from stdnum.iso7064 import mod_11_2

from services.registration.domain.names import name_key
from shared.identifiers import compose_uscc, organisation_body
from tests.support.identities import agency_token, officer_token, person_token

FILINGS = "/registration/v1/filings"
REGISTRAR = "11140881MB9Y00016L"
TAX = "11140881MB9Y000405"
ANN = person_token(
    "ann", "registration.filing.submit", "registration.filing.read", "registration.enterprise.read"
)
BOB = person_token(
    "bob", "registration.filing.submit", "registration.filing.read", "registration.enterprise.read"
)
OFFICER = officer_token(
    "olga",
    REGISTRAR,
    "registration.filing.read",
    "registration.filing.decide",
    "registration.enterprise.read",
)
OTHER_OFFICER = officer_token("omar", TAX, "registration.filing.read", "registration.filing.decide")
TAX_CLIENT = agency_token("tax", TAX, "registration.enterprise.read")
IMPORTER = agency_token("administrative_approval", REGISTRAR, "registration.register.import")

# Characters that are written in one way only; the stride and their number have no common factor.
_HAN = [each for each in map(chr, range(0x4E00, 0x9FA6)) if name_key(each) == each]
_STRIDE = 5_003
_numbers = itertools.count(1)


def id_number(serial: int = 1, born: str = "19900101") -> str:
    """A sound identity number that nobody has: division 140881."""
    body = f"140881{born}{serial:03d}"
    return body + mod_11_2.calc_check_digit(body)


def distinctive() -> str:
    """A distinctive part that no other test uses, with no character of any other one."""
    number = 4 * next(_numbers)
    return "".join(_HAN[(number + place) * _STRIDE % len(_HAN)] for place in range(4))


def person(*roles: str, serial: int = 1, subscribed_fen: int | None = 10_000_000) -> dict[str, Any]:
    """Someone with roles."""
    return {
        "roles": list(roles),
        "name": "张三丰",
        "id_number": id_number(serial),
        "phone": "13800000000",
        "subscribed_fen": subscribed_fen,
    }


def filing(**changes: Any) -> dict[str, Any]:
    """A sound establishment filing under a name of its own; `name__trade="..."` changes an inner field."""
    body: dict[str, Any] = {
        "kind": "establishment",
        "matter_id": None,
        "enterprise_kind": "limited_company",
        "name": {"division": "永济市", "distinctive": distinctive(), "trade": "餐饮", "form": "有限公司"},
        "domicile": {"division_code": "140881001", "street": "河东大道12号", "commitment": True},
        "service_address_confirmed": True,
        "scope": ["H6210-01"],
        "registered_capital_fen": 10_000_000,
        "exempt_from_beneficial_owners": True,
        "people": [person("legal_representative", "shareholder")],
    }
    for path, value in deepcopy(changes).items():
        target = body
        *outer, last = path.split("__")
        for name in outer:
            target = target[name]
        target[last] = value
    return body


def uscc(serial: int, division: str = "140881", body_type: str = "1") -> str:
    """A sound credit code of an enterprise."""
    return compose_uscc(
        authority="9",
        body_type=body_type,
        division_code=division,
        organisation_body=organisation_body("MB", serial),
    )


def row(serial: int, **cells: str) -> list[str]:
    """A row of an existing register."""
    made = {
        "name": f"永济市渡口{serial}号餐饮有限公司",
        "uscc": uscc(serial),
        "date": "2019-05-06",
        "kind": "有限责任公司",
        "capital": "50(万元)",
        "scope": "餐饮服务",
        "province": "山西",
        "area": "运城",
        "address": "永济市城西街道河东大道12号",
    }
    return list((made | cells).values())
