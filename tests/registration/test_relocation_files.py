"""The file (登记档案) that one registrar hands to another: what is in it, and whose it has to be."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any

from shared.calendar import add_months, local_date
from shared.certificates import canonical_json
from shared.security.keys import decode_base64url, encode_base64url
from tests.registration import reporting
from tests.registration.authorities import enterprise_of, shown
from tests.registration.builders import ANN, FILINGS, filing, id_number, person
from tests.registration.moving import (
    ENTERPRISES,
    OF_HEJIN,
    OF_YONGJI,
    OFFICER_OF_HEJIN,
    OFFICER_OF_YONGJI,
    PREFIX,
    RELOCATIONS,
    TwoRegistrars,
    an_enterprise,
    ask_as_hejin,
    moved,
    moving_in,
    requested,
    signed_anew,
)
from tests.registration.test_abnormal_list import listed
from tests.registration.test_people import BARS, barred
from tests.registration.test_suspension import suspension
from tests.support.identities import enterprise_token


async def test_reports_of_past_years_travel_with_it(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    uscc, year = enterprise["uscc"], local_date(registrars.yongji.clock()).year - 1
    await registrars.yongji.rows_changed(
        "UPDATE enterprise SET established_on = :day WHERE uscc = :u", day=date(year, 5, 1), u=uscc
    )
    reported = await reporting.filed(registrars.yongji, uscc, year=year)

    await moved(registrars, enterprise)

    path = f"{ENTERPRISES}/{uscc}/annual-reports"
    there, here = (await registrars.yongji.get(path)).json(), (await registrars.hejin.get(path)).json()
    assert reported.status_code == 201, reported.text
    assert here == there
    assert len(here["reports"]) == 1


async def test_an_act_that_the_register_does_not_know_is_not_taken_over(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    given = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()["dossier"]
    [past] = json.loads(decode_base64url(given.split(".")[1]))["past"]
    strange = signed_anew(registrars, given, past=[past | {"act": "bewitched"}])

    refused = await registrars.hejin.post(
        f"{RELOCATIONS}/{made['request']['relocation_id']}/dossier", {"dossier": strange}, OF_YONGJI
    )

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/file-not-sound")


async def test_a_file_that_is_not_the_old_registrars_is_not_entered(registrars: TwoRegistrars) -> None:
    enterprise, other = await an_enterprise(registrars.yongji), await an_enterprise(registrars.yongji)
    one, two = await requested(registrars, enterprise), await requested(registrars, other)
    sound = (await ask_as_hejin(registrars, one["request"]["relocation_id"])).json()["dossier"]
    header, content, signature = sound.split(".")
    richer = json.loads(decode_base64url(content))
    richer["file"]["enterprise"]["registered_capital_fen"] *= 1000
    forged = ".".join((header, encode_base64url(canonical_json(richer)), signature))
    path = f"{RELOCATIONS}/{one['request']['relocation_id']}/dossier"

    answers = [
        await registrars.hejin.post(path, {"dossier": forged}, OF_YONGJI),
        await registrars.hejin.post(path, {"dossier": "nonsense"}, OF_YONGJI),
        await registrars.hejin.post(
            f"{RELOCATIONS}/{two['request']['relocation_id']}/dossier", {"dossier": sound}, OF_YONGJI
        ),
    ]

    assert [answer.status_code for answer in answers] == [409] * 3
    codes = [{error["code"] for error in answer.json()["errors"]} for answer in answers]
    assert codes == [{"signature"}, {"signature"}, {"reference", "uscc", "name"}]
    assert json.loads(decode_base64url(content))["file"]["enterprise"]["uscc"] == enterprise["uscc"]
    assert (await registrars.hejin.get(f"{ENTERPRISES}/{enterprise['uscc']}")).status_code == 404


async def test_an_alteration_that_races_with_the_hand_over_is_in_the_file_or_refused(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    alteration = {
        "kind": "alteration",
        "uscc": enterprise["uscc"],
        "decided_on": local_date(registrars.yongji.clock()).isoformat(),
        "resolution_signed": True,
        "scope": ["H6210-01", "H6210-03"],
    }

    given, altered = await asyncio.gather(
        ask_as_hejin(registrars, made["request"]["relocation_id"]),
        registrars.yongji.post(FILINGS, alteration, ANN),
    )

    content = json.loads(decode_base64url(given.json()["dossier"].split(".")[1]))["file"]["enterprise"]
    is_in_file = len(content["scope"]) == 2
    assert given.json()["status"] == "handed_over"
    assert altered.status_code == (201 if is_in_file else 409)
    assert altered.json().get("status", 409) in (("approved",) if is_in_file else (409,))


async def let_go(registrars: TwoRegistrars, enterprise: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Something is open: an officer lets the file go with it, and the new registrar enters the enterprise."""
    made = await requested(registrars, enterprise, **changes)
    request = made["request"]["relocation_id"]
    asked: dict[str, Any] = (await ask_as_hejin(registrars, request)).json()
    given = await registrars.yongji.post(f"{RELOCATIONS}/{asked['id']}/release", None, OFFICER_OF_YONGJI)
    assert given.status_code == 200, given.text
    dossier = {"dossier": given.json()["dossier"]}
    taken = await registrars.hejin.post(f"{RELOCATIONS}/{request}/dossier", dossier, OF_YONGJI)
    assert taken.status_code == 200, taken.text
    return asked


def itself(uscc: str) -> str:
    """A token in the enterprise's own name."""
    return enterprise_token(uscc, "agent", "registration.filing.submit", "registration.filing.read")


async def test_who_is_on_the_abnormal_list_is_on_it_where_it_goes_from_the_same_day(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    uscc = enterprise["uscc"]
    entry = await listed(registrars.yongji, uscc)

    asked = await let_go(registrars, enterprise)

    path = f"{ENTERPRISES}/{uscc}/abnormal-list"
    [here] = (await registrars.hejin.get(path)).json()
    [there] = (await registrars.yongji.get(path)).json()
    assert [matter["kind"] for matter in asked["open_matters"]] == ["abnormal_list"]
    assert (here["id"], here["state"], here["entered_at"]) == (entry["id"], "entered", entry["entered_at"])
    assert (await shown(registrars.hejin, uscc))["abnormal_since"] == entry["entered_at"]
    assert there["state"] == "removed"
    [told] = await registrars.hejin.events(f"{PREFIX}abnormal_list.entered.v1", uscc)
    assert told["data"]["entered_at"] == entry["entered_at"]
    days = "SELECT serious_on, division_code FROM abnormal_listing WHERE uscc = :u"
    [row] = await registrars.hejin.rows(days, u=uscc)
    since = local_date(registrars.yongji.clock())
    assert (row["serious_on"], row["division_code"]) == (add_months(since, 36), "140882001")


async def test_a_file_that_comes_back_unused_puts_it_on_the_list_again(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    entry = await listed(registrars.yongji, enterprise["uscc"])
    made = await requested(registrars, enterprise)
    asked = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    await registrars.yongji.post(f"{RELOCATIONS}/{asked['id']}/release", None, OFFICER_OF_YONGJI)

    back = await registrars.yongji.post(f"{RELOCATIONS}/{asked['id']}/taking-back", None, OF_HEJIN)

    assert back.json()["status"] == "taken_back"
    assert (await shown(registrars.yongji, enterprise["uscc"]))["abnormal_since"] == entry["entered_at"]


async def test_days_of_suspension_that_are_used_count_where_it_goes(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    uscc, today = enterprise["uscc"], local_date(registrars.yongji.clock())
    await registrars.yongji.rows_changed(
        """INSERT INTO suspension (id, uscc, filing_id, cause, begins_on, until_on, state, ended_on, "end")
        VALUES (gen_random_uuid(), :u, gen_random_uuid(), 'other', :first, :last, 'ended', :next, 'expired')""",
        u=uscc,
        first=today - timedelta(days=500),
        last=today - timedelta(days=101),
        next=today - timedelta(days=100),
    )
    running = suspension(uscc, today.isoformat(), (today + timedelta(days=99)).isoformat())
    filed = (await registrars.yongji.post(FILINGS, running, ANN)).json()
    assert filed["status"] == "approved", filed["findings"]

    asked = await let_go(registrars, enterprise)
    resumed = {"kind": "resumption", "uscc": uscc, "resumed_on": today.isoformat()}
    back = (await registrars.hejin.post(FILINGS, resumed, itself(uscc))).json()
    last = add_months(today - timedelta(days=400), 36) - timedelta(days=1)
    longer = suspension(uscc, today.isoformat(), (last + timedelta(days=1)).isoformat())
    beyond = (await registrars.hejin.post(FILINGS, longer, itself(uscc))).json()
    whole = (
        await registrars.hejin.post(FILINGS, longer | {"until_on": last.isoformat()}, itself(uscc))
    ).json()

    kept = (await registrars.hejin.get(f"{ENTERPRISES}/{uscc}/suspensions")).json()["entries"]
    assert [matter["kind"] for matter in asked["open_matters"]] == ["state"]
    assert (back["status"], beyond["status"], whole["status"]) == ("approved", "returned", "approved"), back
    [fault] = beyond["findings"]
    assert (fault["rule"], last.isoformat() in fault["text_en"]) == ("suspension.term", True), fault
    assert sorted(each["state"] for each in kept) == ["ended", "ended", "running"]


async def test_bars_that_come_from_it_bar_where_it_goes_and_others_do_not_travel(
    registrars: TwoRegistrars,
) -> None:
    uscc = await enterprise_of(registrars.yongji, 77)
    enterprise = await shown(registrars.yongji, uscc)
    since = local_date(registrars.yongji.clock()).isoformat()
    for kind, more in (("revoked_or_closed", {"uscc": uscc}), ("debt", {})):
        bar = barred(77, kind, since, **more)
        assert (await registrars.yongji.post(BARS, bar, OFFICER_OF_YONGJI)).status_code == 201
    coming = moving_in(registrars.hejin, enterprise)["coming_from"]

    made = await requested(
        registrars, enterprise, coming_from=coming | {"representative_id_number": id_number(77)}
    )
    given = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    path = f"{RELOCATIONS}/{made['request']['relocation_id']}/dossier"
    await registrars.hejin.post(path, {"dossier": given["dossier"]}, OF_YONGJI)

    another = filing(people=[person("legal_representative", "shareholder", serial=77)])
    another["name"]["division"], another["domicile"]["division_code"] = "河津市", "140882001"
    out = (await registrars.hejin.post(FILINGS, another, ANN)).json()
    assert {f["rule"] for f in out["findings"] if f["outcome"] == "fault"} == {"people.bar_revoked_or_closed"}
    bars = (await registrars.hejin.get(BARS, OFFICER_OF_HEJIN)).json()["entries"]
    assert [(bar["kind"], bar["until"]) for bar in bars if bar["uscc"] == uscc] == [
        ("revoked_or_closed", add_months(date.fromisoformat(since), 36).isoformat())
    ]


async def test_what_is_looked_at_after_registration_is_looked_at_where_it_went(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    uscc = enterprise["uscc"]
    late = {
        "kind": "relocation",
        "uscc": uscc,
        "domicile": {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True},
        "moves_on": (local_date(registrars.yongji.clock()) - timedelta(days=3)).isoformat(),
    }
    await registrars.yongji.post(FILINGS, late, ANN)
    await moved(registrars, enterprise)

    async def waiting(service: Any, officer: str) -> list[dict[str, Any]]:
        checks = "/registration/v1/address-checks"
        found = await service.get(checks, officer, rule="relocation.before_moving", limit=200)
        return [each for each in found.json()["entries"] if each["uscc"] == uscc]

    [check] = await waiting(registrars.hejin, OFFICER_OF_HEJIN)
    found = {"finding": "confirmed", "remark": "现场核查属实"}
    done = await registrars.hejin.post(
        f"/registration/v1/address-checks/{check['id']}/conclusion", found, OFFICER_OF_HEJIN
    )

    assert await waiting(registrars.yongji, OFFICER_OF_YONGJI) == []
    assert (done.status_code, await waiting(registrars.hejin, OFFICER_OF_HEJIN)) == (200, [])
