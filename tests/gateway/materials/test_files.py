"""Files are handed in once, are what they say they are, and are their owner's alone."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.materials.domain.file_names import LONGEST, clean_name, disposition_of, name_in
from gateway.materials.use_cases.forget_unattached import ForgetUnattached
from shared.security.office import Office
from tests.gateway.materials.handing_in import FILES, SCOPES, company, hand, handed_in, send_file
from tests.support.files import JPEG, PDF, PNG, PROGRAM, pdf
from tests.support.identities import agency_token, bearer, officer_token, person_token
from tests.support.service import ServiceUnderTest

COMPANY = "91140881MAE0000003"
WINDOW = "11140881MB9Y00024F"
SMALL = 4096


@pytest.fixture(scope="module")
def extra_settings() -> dict[str, Any]:
    return {"material_max_bytes": SMALL, "material_days": 30}


async def test_a_file_comes_back_as_it_was_handed_in(gateway: ServiceUnderTest) -> None:
    content = pdf("as it was")

    made = await handed_in(gateway, content, hand(), name="租赁合同 2026.pdf")
    back = await gateway.get(f"{FILES}/{made['material_id']}/content", hand())

    assert made["digest"] == hashlib.sha256(content).hexdigest()
    assert (made["name"], made["size"], made["kind"]) == ("租赁合同 2026.pdf", len(content), "lease_contract")
    assert back.content == content
    assert back.headers["content-type"] == "application/pdf"
    assert back.headers["content-disposition"].startswith("attachment;")
    assert "%E7%A7%9F%E8%B5%81%E5%90%88%E5%90%8C%202026.pdf" in back.headers["content-disposition"]
    assert back.headers["cache-control"] == "no-store"
    assert "sandbox" in back.headers["content-security-policy"]


async def test_the_same_file_of_the_same_owner_has_one_id(gateway: ServiceUnderTest) -> None:
    content = pdf("once")

    first = await send_file(gateway, content, hand())
    again = await send_file(gateway, content, hand())
    for_something_else = await send_file(gateway, content, hand(), kind="site_plan")
    of_another = await send_file(gateway, content, hand("bob"))

    assert [a.status_code for a in (first, again, for_something_else, of_another)] == [201, 200, 201, 201]
    ids = [a.json()["material_id"] for a in (first, again, for_something_else, of_another)]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("content", "media", "reason"),
    [
        (b"", "application/pdf", "empty"),
        (PROGRAM, "application/pdf", "not_what_it_says"),
        (PNG, "image/jpeg", "not_what_it_says"),
        (PDF[:-8], "application/pdf", "cut_off"),
        (b"<html>", "application/json", "not_what_it_says"),
        (b'{"a": 1, "a": 2}', "application/json", "duplicate_name"),
        (b'{"a":', "application/json", "not_json"),
    ],
)
async def test_a_file_that_only_pretends_is_not_taken(
    gateway: ServiceUnderTest, content: bytes, media: str, reason: str
) -> None:
    answer = await send_file(gateway, content, hand(), media=media)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/file-not-taken"
    assert answer.json()["reason_code"] == reason


async def test_every_kind_of_file_that_is_taken_comes_in(gateway: ServiceUnderTest) -> None:
    kinds = {
        "application/pdf": PDF,
        "image/png": PNG,
        "image/jpeg": JPEG,
        "application/json": b'{"certificate": "1.2.156.3005.2"}',
    }

    answers = [
        await send_file(gateway, content, hand("eve"), media=media) for media, content in kinds.items()
    ]

    assert [answer.status_code for answer in answers] == [201] * 4


async def test_what_is_no_such_file_or_too_large_is_refused(gateway: ServiceUnderTest) -> None:
    program = await send_file(gateway, PROGRAM, hand(), media="application/octet-stream")
    page = await send_file(gateway, b"<html>", hand(), media="text/html")
    large = await send_file(gateway, PDF + b" " * SMALL, hand())

    assert [a.status_code for a in (program, page, large)] == [415, 415, 413]


async def test_anothers_file_is_not_there(gateway: ServiceUnderTest) -> None:
    made = (await handed_in(gateway, pdf("mine"), hand()))["material_id"]
    headers = bearer(hand("bob"))

    seen = [
        await gateway.get(f"{FILES}/{made}", hand("bob")),
        await gateway.get(f"{FILES}/{made}/content", hand("bob")),
        await gateway.client.delete(f"{FILES}/{made}", headers=headers),
        await gateway.get(f"{FILES}/{made}", company(COMPANY)),
    ]
    listed = await gateway.get(FILES, hand("bob"), limit=200)
    agency = await gateway.get(FILES, agency_token("police", "11140881MB9Y000328", *SCOPES))
    anonymous = await gateway.get(f"{FILES}/{made}/content")

    assert [a.status_code for a in seen] == [404] * 4
    assert made not in {each["material_id"] for each in listed.json()["entries"]}
    assert (agency.status_code, anonymous.status_code) == (403, 401)


async def test_an_enterprises_files_are_the_enterprises(gateway: ServiceUnderTest) -> None:
    made = (await handed_in(gateway, pdf("company"), company(COMPANY, "ann")))["material_id"]

    colleague = await gateway.get(f"{FILES}/{made}", company(COMPANY, "bob"))
    as_oneself = await gateway.get(f"{FILES}/{made}", hand("ann"))

    assert (colleague.status_code, as_oneself.status_code) == (200, 404)


async def test_an_officer_at_the_window_takes_in_what_somebody_brought(gateway: ServiceUnderTest) -> None:
    at_window = officer_token(
        "olga", WINDOW, *SCOPES, office=Office("140881001001", frozenset({"comprehensive_window"}))
    )
    elsewhere = officer_token("olga", WINDOW, *SCOPES, office=Office("140881001"))

    made = await handed_in(gateway, pdf("brought"), at_window, on_behalf_of="carl")
    refused = await send_file(gateway, pdf("brought"), elsewhere, on_behalf_of="carl")
    owned = await gateway.get(f"{FILES}/{made['material_id']}", hand("carl"))

    assert owned.status_code == 200
    assert refused.status_code == 403


async def test_a_file_that_comes_again_as_a_confidential_one_is_confidential_from_then_on(
    gateway: ServiceUnderTest,
) -> None:
    made = await handed_in(gateway, pdf("again"), hand())

    again = await handed_in(gateway, pdf("again"), hand(), is_confidential=True)
    open_again = await handed_in(gateway, pdf("again"), hand())
    kept = (await gateway.get(f"{FILES}/{made['material_id']}", hand())).json()

    assert made["material_id"] == again["material_id"]
    answers = [each["is_confidential"] for each in (made, again, open_again, kept)]
    assert answers == [False, True, True, True]


async def test_a_file_that_no_case_refers_to_can_be_deleted(gateway: ServiceUnderTest) -> None:
    made = (await handed_in(gateway, pdf("gone"), hand()))["material_id"]

    gone = await gateway.client.delete(f"{FILES}/{made}", headers=bearer(hand()))
    again = await gateway.client.delete(f"{FILES}/{made}", headers=bearer(hand()))

    assert (gone.status_code, again.status_code) == (204, 404)
    assert (
        await gateway.rows("SELECT 1 FROM material_content WHERE material_id = CAST(:m AS uuid)", m=made)
        == []
    )


async def test_files_that_nobody_needs_are_forgotten_and_those_of_cases_are_not(
    gateway: ServiceUnderTest,
) -> None:
    old = (await handed_in(gateway, pdf("old"), hand()))["material_id"]
    used = (await handed_in(gateway, pdf("used"), hand()))["material_id"]
    young = (await handed_in(gateway, pdf("young"), hand()))["material_id"]
    drafted = (await handed_in(gateway, pdf("drafted"), hand()))["material_id"]
    drafting = person_token("ann", "matters.matter.submit")
    draft = {"theme": "open_restaurant", "form": {}, "materials": [drafted]}
    saved = await gateway.post("/matters/v1/drafts", draft, drafting)
    await gateway.rows_changed(
        "INSERT INTO material_attachment VALUES ('c', CAST(:m AS uuid), 'submitted', NULL, now())", m=used
    )
    for material, days in ((old, 31), (used, 31), (drafted, 31), (young, 29)):
        await gateway.rows_changed(
            "UPDATE material SET handed_in_at = :at WHERE material_id = CAST(:m AS uuid)",
            m=material,
            at=gateway.clock() - timedelta(days=days),
        )
    forget = ForgetUnattached(days=30)
    front_office = gateway.app.front_office  # type: ignore[attr-defined]
    forgotten = await front_office.state.backend.transactions.run(forget)

    assert (saved.status_code, forgotten) == (201, 1)
    rows = await gateway.rows(
        "SELECT material_id FROM material WHERE material_id = ANY(CAST(:all AS uuid[]))",
        all=[old, used, drafted, young],
    )
    assert {str(row["material_id"]) for row in rows} == {used, drafted, young}


@given(st.text(max_size=300))
def test_a_name_survives_the_header_and_never_leads_anywhere(name: str) -> None:
    clean = clean_name(name, "file")

    assert clean
    assert len(clean) <= LONGEST
    assert not {"/", "\\", "\n", "\r", "\x00"} & set(clean)
    assert name_in(disposition_of(clean), "other") == clean
    disposition_of(clean).encode("latin-1")
