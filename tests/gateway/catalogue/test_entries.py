"""Entries of the catalogue: drafted by whom the data belong to, published by the data bureau, versioned, kept fresh."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.catalogue.data.sharing_sweeps import sharing_sweeps
from tests.gateway.catalogue.sharing import (
    BUREAU_CLIENT,
    FIRE_CLIENT,
    HEALTH_CLIENT,
    RESOURCES,
    TAX_CLIENT,
    done,
    entry,
    field,
    published,
)
from tests.support.identities import bearer, person_token
from tests.support.service import ServiceUnderTest

ELEMENTS = (
    *("summary", "data_source", "kind", "sharing_class", "is_open", "publication_months", "update_cycle"),
    *("secrecy", "format", "ways", "fields"),
)


async def swept(gateway: ServiceUnderTest) -> None:
    """Let the part's clocks run once."""
    for sweep in sharing_sweeps(gateway.app.state.region):
        while await gateway.app.state.backend.transactions.run(sweep.run):
            pass


async def test_an_entry_goes_from_draft_through_return_to_the_catalogue(gateway: ServiceUnderTest) -> None:
    draft = await gateway.post(RESOURCES, entry("fire.check"), FIRE_CLIENT)
    path = f"{RESOURCES}/fire.check"
    twice = await gateway.post(RESOURCES, entry("fire.check"), FIRE_CLIENT)
    by_another = await gateway.post(RESOURCES, entry("fire.check"), TAX_CLIENT)
    unseen = await gateway.get(path)
    to_another = await gateway.get(f"{path}/draft", TAX_CLIENT)
    in_review = await done(await gateway.post(f"{path}/draft/submission", None, FIRE_CLIENT))
    by_owner = await gateway.post(f"{path}/draft/publication", {}, FIRE_CLIENT)
    returned = await done(await gateway.post(f"{path}/draft/return", {"reason": "条件不明确"}, BUREAU_CLIENT))
    current = await gateway.get(f"{path}/draft", FIRE_CLIENT)
    better = entry(None, conditions=["用于消防许可审查"])

    def revised(etag: str | None) -> Any:
        headers = bearer(FIRE_CLIENT) | ({"If-Match": etag} if etag else {})
        return gateway.client.put(f"{path}/draft", json=better, headers=headers)

    stale = await revised('"1"')
    unconditional = await revised(None)
    await done(await revised(current.headers["etag"]))
    await done(await gateway.post(f"{path}/draft/submission", None, FIRE_CLIENT))
    await done(await gateway.post(f"{path}/draft/publication", {}, BUREAU_CLIENT))
    shown = await done(await gateway.get(path))

    assert (draft.status_code, twice.status_code, by_another.status_code) == (201, 409, 403)
    assert by_another.json()["type"] == "/problems/not-the-owner"
    assert (unseen.status_code, to_another.status_code, by_owner.status_code) == (404, 404, 403)
    assert (in_review["status"], in_review["review_due_at"] is not None) == ("in_review", True)
    assert (returned["status"], returned["history"][-1]["reason"]) == ("returned", "条件不明确")
    assert (stale.status_code, unconditional.status_code) == (412, 428)
    assert shown["conditions"] == ["用于消防许可审查"]
    assert (shown["number"], shown["owner_uscc"], shown["sharing_code"]) == (1, "11140881MB9Y00083J", 2)
    verbs = [
        event["type"].split(".")[4]
        for verb in ("submitted", "returned", "published")
        for event in await gateway.events(f"cn.tongban.gateway.entry.{verb}.v1", "fire.check")
    ]
    assert verbs == ["submitted", "submitted", "returned", "published"]


@pytest.mark.parametrize("element", ELEMENTS)
async def test_an_entry_without_one_of_its_elements_is_refused(
    gateway: ServiceUnderTest, element: str
) -> None:
    told = {name: value for name, value in entry("fire.short").items() if name != element}

    answer = await gateway.post(RESOURCES, told, FIRE_CLIENT)

    assert answer.status_code == 400
    assert (f"/{element}", "missing") in {(f["pointer"], f["code"]) for f in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"secrecy": "classified"}, "/secrecy", "state_secret"),
        ({"sharing_class": "none", "conditions": [], "ways": []}, "/legal_basis", "missing"),
        ({"conditions": []}, "/conditions", "missing"),
        ({"sharing_class": "unconditional"}, "/conditions", "not_conditional"),
        ({"ways": []}, "/ways", "missing"),
        ({"related": ["no.such"]}, "/related/0", "unknown_resource"),
        ({"api_path": "/moon/v1/rocks"}, "/api_path", "unknown_service"),
        ({"event_type": "cn.tongban.moon.rock.found.v1"}, "/event_type", "unknown_event"),
        ({"fields": [field("phone", field_class="personal")]}, "/fields/0/closed_because", "missing"),
        (
            {"is_open": True, "fields": [field("n", field_class="shared", closed_because="privacy")]},
            "/is_open",
            "nothing_public",
        ),
        (
            {"record_schema": {"type": "object", "properties": {"number": {"pattern": "(a+)+$"}}}},
            "/record_schema/properties/number/pattern",
            "unknown_keyword",
        ),
        (
            {"record_schema": {"type": "object", "properties": {"number": {"$ref": "https://x.example/"}}}},
            "/record_schema/properties",
            "not_the_fields",
        ),
        ({"record_schema": {"type": "object", "maxLength": "x"}}, "/record_schema/maxLength", "not_a_schema"),
        ({"record_schema": {"type": "object", "required": 5}}, "/record_schema/required", "not_a_schema"),
        ({"record_schema": {"type": "foo"}}, "/record_schema/type", "not_a_schema"),
    ],
)
async def test_what_cannot_stand_in_the_catalogue_is_refused_with_its_place(
    gateway: ServiceUnderTest, changed: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await gateway.post(RESOURCES, entry("fire.wrong", **changed), FIRE_CLIENT)

    assert answer.status_code == 400, answer.text
    assert (pointer, code) in {(f["pointer"], f["code"]) for f in answer.json()["errors"]}


async def test_a_datum_has_one_collecting_department_and_a_form_does_not_ask_for_it(
    gateway: ServiceUnderTest,
) -> None:
    phone = field(
        "phone",
        datum="registration.enterprise.contact_phone",
        field_class="personal",
        closed_because="privacy",
    )

    second = await gateway.post(RESOURCES, entry("health.contacts", fields=[phone]), HEALTH_CLIENT)
    asks = [
        {"key": "a", "title_zh": "联系电话"},
        {"key": "b", "title_zh": "联系电话", "source": "registration.contact_phone"},
        {"key": "c", "title_zh": "手机", "datum": "registration.enterprise.contact_phone"},
        {"key": "d", "title_zh": "客房数"},
    ]
    linted = await gateway.post("/catalogue/v1/form-checks", {"fields": asks}, HEALTH_CLIENT)
    clean = await gateway.post("/catalogue/v1/form-checks", {"fields": [asks[1], asks[3]]}, HEALTH_CLIENT)

    assert (second.status_code, second.json()["owner_uscc"]) == (409, "11140881MB9Y00016L")
    assert [f["pointer"] for f in linted.json()["errors"]] == ["/fields/0", "/fields/2"]
    assert linted.json()["type"] == "/problems/form-asks-again"
    assert (clean.status_code, clean.json()) == (200, {"checked": 2})


async def test_a_new_version_holds_from_its_day_and_the_old_one_stays_readable(
    gateway: ServiceUnderTest,
) -> None:
    await published(gateway, "fire.versions")
    path = f"{RESOURCES}/fire.versions"
    number = field("number", datum="fire.versions.number")
    await done(await gateway.post(RESOURCES, entry("fire.versions", fields=[number]), FIRE_CLIENT), 201)
    await done(await gateway.post(f"{path}/draft/submission", None, FIRE_CLIENT))
    past = await gateway.post(f"{path}/draft/publication", {"effective_on": "2020-01-01"}, BUREAU_CLIENT)
    await done(await gateway.post(f"{path}/draft/publication", {"effective_on": "2039-01-01"}, BUREAU_CLIENT))

    today, later = await gateway.get(path), await gateway.get(path, at="2039-01-01")
    before = await gateway.get(path, at="2020-01-01")
    versions = await done(await gateway.get(f"{path}/versions"))
    schema = await done(await gateway.get(f"{path}/schema", at="2039-01-01"))

    assert past.status_code == 400
    assert (len(today.json()["fields"]), len(later.json()["fields"])) == (2, 1)
    assert (today.json()["number"], later.json()["number"], before.status_code) == (1, 2, 404)
    assert [version["number"] for version in versions["versions"]] == [2, 1]
    assert (list(schema["properties"]), schema["x-version"]) == (["number"], 2)


async def test_a_version_published_later_ends_one_that_was_to_hold_from_a_later_day(
    gateway: ServiceUnderTest,
) -> None:
    await published(gateway, "fire.overtaken")
    path = f"{RESOURCES}/fire.overtaken"
    for names, day in ((("number", "secret"), {"effective_on": "2039-01-01"}), (("number",), {})):
        fields = [field(name, datum=f"fire.overtaken.{name}") for name in names]
        await done(await gateway.post(RESOURCES, entry("fire.overtaken", fields=fields), FIRE_CLIENT), 201)
        await done(await gateway.post(f"{path}/draft/submission", None, FIRE_CLIENT))
        await done(await gateway.post(f"{path}/draft/publication", day, BUREAU_CLIENT))

    then = await done(await gateway.get(path, at="2039-01-01"))

    assert (then["number"], [each["name"] for each in then["fields"]]) == (3, ["number"])


async def test_records_are_checked_field_by_field_and_values_not_repeated(gateway: ServiceUnderTest) -> None:
    path = f"{RESOURCES}/registration.enterprise/record-checks"
    wrong = {"name": 5, "shoe_size": 43, "established_on": "yesterday"}

    good = await gateway.post(path, {"records": [{"name": "甲", "capital_fen": 100}]}, TAX_CLIENT)
    bad = await gateway.post(path, {"records": [{}, wrong]}, TAX_CLIENT)

    assert (good.status_code, good.json()) == (200, {"number": 1, "checked": 1})
    places = {(f["pointer"], f["code"]) for f in bad.json()["errors"]}
    assert places == {
        ("/records/1/name", "type"),
        ("/records/1/shoe_size", "extra_forbidden"),
        ("/records/1/established_on", "format"),
    }
    assert "yesterday" not in bad.text


async def test_old_data_are_listed_and_told_once_a_cycle_until_the_owner_brings_them_up_to_date(
    gateway: ServiceUnderTest,
) -> None:
    await published(gateway, "fire.fresh", update_cycle="weekly")
    path, stale = f"{RESOURCES}/fire.fresh", "cn.tongban.gateway.resource.stale.v1"

    gateway.clock.advance(timedelta(days=9))
    await swept(gateway)
    await swept(gateway)
    told_once = len(await gateway.events(stale, "fire.fresh"))
    is_stale = (await gateway.get(path)).json()["is_stale"]
    listed = (await gateway.get(RESOURCES, stale="true")).json()["entries"]
    gateway.clock.advance(timedelta(days=8))
    await swept(gateway)
    told_twice = len(await gateway.events(stale, "fire.fresh"))
    now = gateway.clock().astimezone(UTC).isoformat()
    by_another = await gateway.post(f"{path}/updates", {"as_of": now}, TAX_CLIENT)
    updated = await gateway.post(f"{path}/updates", {"as_of": now}, FIRE_CLIENT)
    ahead = await gateway.post(f"{path}/updates", {"as_of": "2039-01-01T00:00:00Z"}, FIRE_CLIENT)
    gateway.clock.advance(timedelta(days=-17))

    assert (told_once, is_stale, told_twice) == (1, True, 2)
    assert [each["key"] for each in listed] == ["fire.fresh"]
    assert (by_another.status_code, ahead.status_code) == (403, 400)
    assert (updated.status_code, updated.json()["is_stale"]) == (200, False)


async def test_an_entry_follows_a_change_in_ten_working_days_and_five_more_once(
    gateway: ServiceUnderTest,
) -> None:
    await published(gateway, "fire.changing")
    path, overdue = f"{RESOURCES}/fire.changing", "cn.tongban.gateway.resource.change_overdue.v1"
    more = {"reason": "系统改造", "legal_basis": "政务数据共享条例"}

    changed = await done(await gateway.post(f"{path}/change", {"reason": "新增信息项"}, FIRE_CLIENT))
    by_owner = await gateway.post(f"{path}/change/extension", more, FIRE_CLIENT)
    extended = await done(await gateway.post(f"{path}/change/extension", more, BUREAU_CLIENT))
    again = await gateway.post(f"{path}/change/extension", more, BUREAU_CLIENT)
    gateway.clock.advance(timedelta(days=60))
    await swept(gateway)
    await swept(gateway)
    told = len(await gateway.events(overdue, "fire.changing"))
    gateway.clock.advance(timedelta(days=-60))
    number = field("number", datum="fire.changing.number")
    await done(await gateway.post(RESOURCES, entry("fire.changing", fields=[number]), FIRE_CLIENT), 201)
    await done(await gateway.post(f"{path}/draft/submission", None, FIRE_CLIENT))

    first, second = (datetime.fromisoformat(each["change_due_at"]) for each in (changed, extended))
    assert timedelta(days=5) <= second - first <= timedelta(days=16)
    assert (by_owner.status_code, again.status_code, told) == (403, 409, 1)
    assert (await gateway.get(path)).json()["change_due_at"] is None


async def test_the_open_catalogue_holds_open_entries_and_their_public_fields_only(
    gateway: ServiceUnderTest,
) -> None:
    listed = (await gateway.get("/catalogue/v1/open-resources")).json()["entries"]
    closed = await gateway.get("/catalogue/v1/open-resources/hotline.ticket")
    enterprise = (await gateway.get("/catalogue/v1/open-resources/registration.enterprise")).json()

    assert {"registration.enterprise", "licensing.permit"} <= {each["key"] for each in listed}
    assert closed.status_code == 404
    assert {each["field_class"] for each in enterprise["fields"]} == {"public"}
    assert {each["name"] for each in enterprise["fields"]}.isdisjoint(
        {"contact_phone", "legal_representative_name"}
    )


async def test_people_draft_nothing(gateway: ServiceUnderTest) -> None:
    person = person_token("ann", "catalogue.resource.manage")

    answer = await gateway.post(RESOURCES, entry("fire.private"), person)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/agency-only")
