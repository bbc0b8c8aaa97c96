"""The register as of any day and version; people in it are open to whom they are open today."""

from datetime import timedelta

from shared.calendar import local_date
from shared.security.office import Office
from tests.registration import reporting
from tests.registration.builders import (
    ANN,
    BOB,
    IMPORTER,
    OFFICER,
    REGISTRAR,
    TAX_CLIENT,
    id_number,
    row,
    uscc,
)
from tests.registration.changing import altered, registered, represented_by
from tests.support.identities import officer_token
from tests.support.service import ServiceUnderTest

ENTERPRISES = "/registration/v1/enterprises"


async def test_a_day_shows_what_stood_at_its_end_and_none_before_registration(
    registration: ServiceUnderTest,
) -> None:
    made = await registered(registration)
    first_day, path = local_date(registration.clock()), f"{ENTERPRISES}/{made['uscc']}"
    for number in (1, 2):
        registration.clock.advance(timedelta(days=1))
        await altered(registration, made["uscc"], domicile_text=f"永济市城北街道{number}号")

    days = [first_day + timedelta(days=n) for n in range(-1, 4)]
    answers = [await registration.get(path, as_of=day.isoformat()) for day in days]

    assert [answer.status_code for answer in answers] == [404, 200, 200, 200, 200]
    assert [answer.json()["version"] for answer in answers[1:]] == [1, 2, 3, 3]
    assert answers[2].json()["domicile"]["text"] == "永济市城北街道1号"
    assert (await registration.get(path)).json()["version"] == 3


async def test_two_changes_of_one_day_are_told_apart_by_version(registration: ServiceUnderTest) -> None:
    made = await registered(registration)
    path = f"{ENTERPRISES}/{made['uscc']}"
    for capital in (20_000_000, 30_000_000):
        await altered(registration, made["uscc"], registered_capital_fen=capital)

    capitals = [
        (await registration.get(path, version=number)).json()["registered_capital_fen"]
        for number in (1, 2, 3)
    ]
    listed = (await registration.get(f"{path}/versions")).json()["entries"]
    first = (await registration.get(f"{path}/versions", limit=2)).json()
    rest = (await registration.get(f"{path}/versions", limit=2, cursor=first["next_cursor"])).json()

    assert capitals == [10_000_000, 20_000_000, 30_000_000]
    assert [(one["version"], one["act"]) for one in listed] == [
        (3, "altered"),
        (2, "altered"),
        (1, "registered"),
    ]
    assert listed[0]["changed"] == ["registered_capital_fen"]
    assert first["entries"] + rest["entries"] == listed
    assert (await registration.get(path, version=4)).status_code == 404
    assert (await registration.get(path, version=1, as_of="2026-01-01")).status_code == 400
    assert (await registration.get(f"{ENTERPRISES}/{REGISTRAR}/versions")).status_code == 404


async def test_people_of_the_past_are_open_to_those_who_read_them_today(
    registration: ServiceUnderTest,
) -> None:
    body = {"file_name": "old.csv", "sha256": "6f" * 32, "total_lines": 2}
    started = (await registration.post("/registration/v1/imports", body, IMPORTER)).json()
    batches = f"/registration/v1/imports/{started['id']}/batches"
    await registration.post(batches, {"first_line": 2, "rows": [row(600)]}, IMPORTER)
    path = f"{ENTERPRISES}/{uscc(600)}"
    entered = {"name": "李四光", "id_number": id_number(60)}
    assert (await registration.post(f"{path}/representative", entered, OFFICER)).status_code == 201
    made = await registered(registration)
    own = f"{ENTERPRISES}/{made['uscc']}"
    await altered(registration, made["uscc"], domicile_text="别处")

    before = (await registration.get(path, version=1)).json()
    owner = (await registration.get(own, ANN, version=1)).json()
    other = (await registration.get(own, BOB, version=1)).json()
    everybody = await registration.get(own, version=1)

    assert (before["version"], before["legal_representative_name"]) == (1, None)
    assert owner["people"][0]["name"] == "张三丰"
    assert (other["people"], everybody.json()["people"]) == ([], [])
    assert "张三丰" not in everybody.text


async def test_whoever_is_on_file_no_more_keeps_number_and_telephone_from_a_successor(
    registration: ServiceUnderTest,
) -> None:
    made = await registered(registration)
    path = f"{ENTERPRISES}/{made['uscc']}"
    await represented_by(registration, made["uscc"], "李四光", id_number(61))

    past = [(await registration.get(path, token, version=1)).json() for token in (ANN, OFFICER)]
    now = (await registration.get(path, ANN)).json()

    successor, registrar = ([person["id_number"] for person in told["people"]] for told in past)
    assert (successor, past[0]["contact_phone"]) == (["***"], None)
    assert past[0]["legal_representative_name"] == "张三丰"
    assert past[0]["legal_representative_id_number"] == "***"
    assert (registrar, past[1]["contact_phone"]) == ([id_number(1)], "13800000000")
    assert now["legal_representative_id_number"] == id_number(61)


async def test_the_registrar_sees_who_stands_for_an_enterprise_of_the_old_register(
    registration: ServiceUnderTest,
) -> None:
    code = await reporting.enterprise(registration, 601)
    entered = {"name": "李四光", "id_number": id_number(62)}
    await registration.post(f"{ENTERPRISES}/{code}/representative", entered, OFFICER)
    elsewhere = officer_token("hedda", REGISTRAR, "registration.enterprise.read", office=Office("140882"))

    told = [
        (await registration.get(f"{ENTERPRISES}/{code}", token)).json()
        for token in (OFFICER, elsewhere, TAX_CLIENT, ANN)
    ]

    assert [each["legal_representative_id_number"] for each in told] == [id_number(62), "***", "***", "***"]
    assert told[0]["people"][0]["name"] == "李四光"
