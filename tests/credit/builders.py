"""What the tests of the credit service tell it: enterprises, entries, callers."""

import itertools
from datetime import date, timedelta
from typing import Any

from shared.calendar import local_date
from shared.identifiers import compose_uscc, organisation_body
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest

RECORDS = "/credit/v1/records"
SUBJECTS = "/credit/v1/subjects"

REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
OPENED = "cn.tongban.credit.subject.opened.v1"
EVALUATED = "cn.tongban.credit.subject.evaluated.v1"
WARNED = "cn.tongban.credit.subject.warned.v1"
ENTERED = "cn.tongban.credit.record.entered.v1"
ACCESSED = "cn.tongban.credit.access.recorded.v1"

MARKET = "11140881MB9Y00024F"
TAX = "11140881MB9Y000405"
FIRE = "11140881MB9Y00083J"
SCOPES = ("credit.record.write", "credit.subject.read")
MARKET_TOKEN = agency_token("market_supervision", MARKET, *SCOPES)
TAX_TOKEN = agency_token("tax", TAX, *SCOPES)

_serials = itertools.count(1)
_numbers = itertools.count(1)


def new_uscc() -> str:
    """A credit code that no other test uses."""
    return str(
        compose_uscc(
            authority="9",
            body_type="1",
            division_code="140881",
            organisation_body=organisation_body("MA9", next(_serials)),
        )
    )


def registered(uscc: str, **changes: Any) -> dict[str, Any]:
    """Registration's event data for a new enterprise."""
    return {
        "uscc": uscc,
        "name": "永济市示例餐饮有限公司",
        "enterprise_kind": "limited_company",
        "state": "active",
        "established_on": "2026-05-11",
        "division_code": "140881",
        "origin": "filing",
    } | changes


async def an_open_subject(credit: ServiceUnderTest, **changes: Any) -> str:
    """Let credit hear of a new enterprise and wait until its subject is open."""
    uscc = new_uscc()
    changes = {"established_on": today(credit).isoformat()} | changes
    await credit.hear(REGISTERED, uscc, registered(uscc, **changes))
    await credit.event(EVALUATED, uscc)
    return uscc


def today(credit: ServiceUnderTest) -> date:
    """The civil day in China on the service's clock."""
    return local_date(credit.clock())


def entry(uscc: str, catalogue_item: str, made_on: date, **changes: Any) -> dict[str, Any]:
    """The body of an entry on a document of its own; penalties get circumstances that exclude nothing."""
    body: dict[str, Any] = {
        "uscc": uscc,
        "catalogue_item": catalogue_item,
        "document": {
            "kind": "administrative_penalty",
            "number": f"永市监罚〔2026〕{next(_numbers)}号",
            "made_on": made_on.isoformat(),
            "effective_on": made_on.isoformat(),
        },
        "happened_on": (made_on - timedelta(days=3)).isoformat(),
    }
    if catalogue_item.startswith("penalty"):
        body["penalty"] = penalty()
    return body | changes


def penalty(**changes: Any) -> dict[str, Any]:
    """Circumstances of a penalty."""
    return {
        "procedure": "ordinary",
        "is_slight": False,
        "is_first": False,
        "has_slight_consequences": False,
        "is_remedied": False,
    } | changes


async def enter(credit: ServiceUnderTest, body: dict[str, Any], token: str = MARKET_TOKEN) -> dict[str, Any]:
    """Enter a record and return it."""
    answer = await credit.post(RECORDS, body, token)
    assert answer.status_code == 201, answer.text
    record: dict[str, Any] = answer.json()["record"]
    return record


async def shown_to(credit: ServiceUnderTest, uscc: str, token: str | None = None) -> set[str]:
    """Catalogue items of the records that a caller sees."""
    answer = await credit.get(f"{SUBJECTS}/{uscc}/records", token)
    assert answer.status_code == 200, answer.text
    return {record["catalogue_item"] for record in answer.json()["entries"]}
