"""The register tells who stands for an enterprise without telling who that is, and knows the enterprise itself."""

import json

from shared.identifiers import person_reference
from tests.registration.builders import (
    ANN,
    FILINGS,
    IMPORTER,
    OFFICER,
    OTHER_OFFICER,
    filing,
    id_number,
    person,
    row,
    uscc,
)
from tests.support.identities import enterprise_token, person_token
from tests.support.service import PERSON_REFERENCE_KEY, ServiceUnderTest

DETERMINED = "cn.tongban.registration.representative.determined.v1"
IMPORTS = "/registration/v1/imports"
READ = "registration.enterprise.read"


async def _registered(registration: ServiceUnderTest, serial: int) -> str:
    body = filing(people=[person("legal_representative", "shareholder", serial=serial)])
    answer = await registration.post(FILINGS, body, ANN)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["uscc"]
    return found


async def test_the_representative_is_told_by_a_reference_only_who_holds_the_key_can_make(
    registration: ServiceUnderTest,
) -> None:
    enterprise = await _registered(registration, serial=77)

    event = await registration.event(DETERMINED, enterprise)

    reference = person_reference(id_number(77), PERSON_REFERENCE_KEY.encode())
    assert event["data"] == {"uscc": enterprise, "person_reference": reference}
    outbox = await registration.rows("SELECT event::text AS event FROM outbox")
    assert id_number(77) not in json.dumps([row["event"] for row in outbox])


async def test_whoever_acts_for_the_enterprise_reads_its_own_record_in_full(
    registration: ServiceUnderTest,
) -> None:
    enterprise = await _registered(registration, serial=78)
    path = f"/registration/v1/enterprises/{enterprise}"

    own = await registration.get(path, enterprise_token(enterprise, "agent", READ))
    another = await registration.get(path, enterprise_token(uscc(901), "agent", READ))
    person_of_that_name = await registration.get(path, person_token(enterprise, READ))

    assert own.json()["legal_representative_id_number"] == id_number(78)
    assert another.json()["legal_representative_id_number"] == "***"
    assert person_of_that_name.json()["legal_representative_id_number"] == "***"


async def test_a_filing_in_an_enterprises_name_belongs_to_whoever_acts_for_it(
    registration: ServiceUnderTest,
) -> None:
    parent, scopes = uscc(902), ("registration.filing.submit", "registration.filing.read")

    made = await registration.post(FILINGS, filing(), enterprise_token(parent, "agent-1", *scopes))

    path = f"{FILINGS}/{made.json()['id']}"
    answers = [
        await registration.get(path, token)
        for token in (
            enterprise_token(parent, "agent-2", *scopes),
            person_token("agent-1", *scopes),
            enterprise_token(uscc(903), "agent-1", *scopes),
        )
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    [event] = await registration.events("cn.tongban.registration.filing.submitted.v1", made.json()["id"])
    assert event["actor"] == f"enterprise:{parent};by:agent-1"


async def _imported(registration: ServiceUnderTest, serial: int) -> str:
    started = await registration.post(
        IMPORTS, {"file_name": "old.csv", "sha256": "ab" * 32, "total_lines": 2}, IMPORTER
    )
    batch = {"first_line": 2, "rows": [row(serial)]}
    path = f"{IMPORTS}/{started.json()['id']}/batches"
    assert (await registration.post(path, batch, IMPORTER)).status_code in (200, 201)
    return uscc(serial)


async def test_nobody_is_entered_for_an_enterprise_that_is_gone(registration: ServiceUnderTest) -> None:
    started = (
        await registration.post(
            IMPORTS, {"file_name": "gone.csv", "sha256": "9e" * 32, "total_lines": 2}, IMPORTER
        )
    ).json()
    rows = {"first_line": 2, "rows": [[*row(961), "注销", "", ""]]}
    await registration.post(f"{IMPORTS}/{started['id']}/batches", rows, IMPORTER)
    someone = {"name": "李四光", "id_number": id_number(79)}

    answer = await registration.post(
        f"/registration/v1/enterprises/{uscc(961)}/representative", someone, OFFICER
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/state-forbids")


async def test_the_registrar_enters_once_who_stands_for_an_enterprise_of_the_old_register(
    registration: ServiceUnderTest,
) -> None:
    enterprise = await _imported(registration, 950)
    path = f"/registration/v1/enterprises/{enterprise}/representative"
    body = {"name": "李四光", "id_number": id_number(79), "phone": "13800000001"}
    by_others = [await registration.post(path, body, token) for token in (ANN, OTHER_OFFICER)]
    unsound = await registration.post(path, body | {"id_number": "1" * 18}, OFFICER)

    entered = await registration.post(path, body, OFFICER)
    again = await registration.post(path, body | {"id_number": id_number(80)}, OFFICER)

    assert [answer.status_code for answer in by_others] == [403, 403]
    assert [each["pointer"] for each in unsound.json()["errors"]] == ["/id_number"]
    assert (entered.status_code, entered.json()["legal_representative_name"]) == (201, "李四光")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/representative-on-file")
    [event] = await registration.events(DETERMINED, enterprise)
    reference = person_reference(id_number(79), PERSON_REFERENCE_KEY.encode())
    assert event["data"]["person_reference"] == reference
