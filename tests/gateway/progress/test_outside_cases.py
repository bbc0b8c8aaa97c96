"""Cases of outside systems stand in the enterprise's list beside its own."""

from uuid import uuid4

from tests.gateway.acting import a_uscc
from tests.gateway.progress.conftest import READ, City, Json
from tests.support.identities import agency_token, bearer, enterprise_token
from tests.support.waiting import eventually


async def test_a_case_of_an_outside_system_is_shown_to_its_enterprise_alone(city: City) -> None:
    uscc, case_no = a_uscc(), f"BZ-{uuid4()}"
    power = city.pack.agency("power_supply").uscc
    owner, other = (enterprise_token(each, "ann", READ) for each in (uscc, a_uscc()))

    async def told(verb: str, **data: object) -> None:
        event = {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": "https://power.example.com",
            "type": f"cn.tongban.external.electricity.{verb}.v1",
            "subject": uscc if verb == "connected" else case_no,
            "time": "2026-11-20T01:30:00Z",
            "data": {"uscc": uscc, "case_no": case_no} | data,
        }
        answer = await city.gateway.client.post(
            "/integrations/v1/events",
            json=event,
            headers=bearer(agency_token("power", power, "integrations.event.send")),
        )
        assert answer.status_code == 202, answer.text

    async def shown(state: str) -> Json:
        answer = await city.gateway.get(f"/matters/v1/progress/{case_no}", owner)
        found: Json = answer.json()
        assert found.get("state") == state, answer.text
        return found

    surveyed = {"title": "低压用电报装", "state": "in_progress", "step": "现场勘查", "due_on": "2026-11-26"}
    await told("progressed", **surveyed)
    running = await eventually(lambda: shown("in_progress"))
    await told("connected", connected_on="2026-11-24")
    await told("progressed", **(surveyed | {"state": "completed", "step": "装表接电"}))

    done = await eventually(lambda: shown("completed"))
    mine = (await city.gateway.get("/matters/v1/mine", owner)).json()["entries"]
    theirs = (await city.gateway.get("/matters/v1/mine", other)).json()["entries"]
    refused = await city.progress(case_no, other)

    assert running["title"]["zh"] == "低压用电报装"
    assert running["current_step"]["zh"] == "现场勘查"
    assert running["due_at"].startswith("2026-11-26T15:59:59")
    assert running["handling_unit"]["uscc"] == power
    assert [entry["note"]["zh"] for entry in done["history"]] == ["现场勘查", "装表接电"]
    assert [(entry["case_no"], entry["kind"]) for entry in mine] == [(case_no, "external")]
    assert theirs == []
    assert refused.status_code == 404
