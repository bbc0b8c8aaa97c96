"""Builders: restaurants and hotels that registration and credit have told of, and their applications."""

import itertools
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared.identifiers import compose_uscc, organisation_body
from tests.support.identities import agency_token, person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
SUBMITTED = "cn.tongban.registration.filing.submitted.v1"
APPROVED = "cn.tongban.registration.filing.approved.v1"
EVALUATED = "cn.tongban.credit.subject.evaluated.v1"
APPLICATIONS = "/licensing/v1/applications"
MARKET = "11140881MB9Y00024F"
FIRE = "11140881MB9Y00083J"
SIGNS = "11140881MB9Y00091D"
POLICE = "11140881MB9Y00032A"
HEALTH = "11140881MB9Y00112X"

OWNER = person_token("owner-1", "licensing.application.submit", "licensing.application.read")
STRANGER = person_token("stranger-1", "licensing.application.submit", "licensing.application.read")
ANSWERS: dict[str, bool | int] = {
    "floor_area_m2": 180,
    "sells_tobacco": False,
    "discharges_to_sewer": False,
    "is_assembly_place": True,
}
HOTEL_ANSWERS: dict[str, bool | int] = {
    "floor_area_m2": 900,
    "guest_rooms": 20,
    "serves_food": False,
    "has_swimming_pool": False,
    "puts_up_signboard": False,
}
PREPACKED_ONLY: dict[str, bool | int] = {
    "floor_area_m2": 60,
    "prepacked_food_only": True,
    "sells_tobacco": False,
    "puts_up_signboard": False,
    "sells_otc_drugs": False,
    "sells_class2_devices": False,
}
"""A shop that needs no permit, only a filing."""
_PERSONAL = {
    "legal_representative_name": "测试甲",
    "legal_representative_id_number": "110105194912310021",
    "contact_phone": "13800000000",
    "premises_area_m2": 180,
}
FORM: dict[str, Any] = {
    **_PERSONAL,
    "permits": {
        "food_operation": {
            "food_business_items": ["热食类食品制售"],
            "kitchen_area_m2": 60,
            "food_safety_manager": "测试乙",
        },
        "signboard": {"signboard_text": "蒲津小馆", "signboard_width_cm": 300, "signboard_height_cm": 80},
        "fire_check": {
            "assembly_floor": 1,
            "capacity_people": 80,
            "safety_exit_count": 2,
            "has_automatic_fire_facilities": True,
        },
    },
}
HOTEL_FORM: dict[str, Any] = {
    **_PERSONAL,
    "permits": {
        "fire_check": FORM["permits"]["fire_check"],
        "special_trade_hotel": {
            "guest_room_count": 20,
            "bed_count": 40,
            "guest_register_system": "旅馆业治安管理信息系统",
        },
        "hygiene": {"has_central_air_conditioning": False},
    },
}


def agency(uscc: str) -> str:
    """A token of an agency's own client."""
    return agency_token(
        f"client-{uscc[-4:].lower()}", uscc, "licensing.application.read", "licensing.component.decide"
    )


@dataclass
class Restaurants:
    """Makes enterprises that licensing has heard of."""

    service: ServiceUnderTest
    _serials: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def new_uscc(self) -> str:
        """A sound credit code that nobody has yet."""
        body = organisation_body("MAT", next(self._serials))
        return compose_uscc(authority="9", body_type="1", division_code="140881", organisation_body=body)

    async def registered(
        self,
        *,
        grade: str | None = None,
        scope: str = "H6210-01",
        state: str = "active",
        holder: str | None = "owner-1",
        **told: Any,
    ) -> str:
        """An enterprise that registration told of; and credit, where a grade is given.

        `holder` applied for its establishment; nobody did where it came by import.
        """
        uscc = self.new_uscc()
        filing = f"filing-of-{uscc}" if holder else None
        origin = {"filing_id": filing, "origin": "filing" if holder else "import"}
        await self.service.hear(
            REGISTERED, uscc, registration(uscc, scope=scope, state=state) | origin | told
        )
        if filing and holder:
            await self.filed(filing, holder, uscc)
        if grade is not None:
            await self.graded(uscc, grade)
        await self.known("enterprise", uscc)
        if holder:
            await self.known("enterprise_holder", uscc)
        if grade is not None:
            await self.known("credit_standing", uscc)
        return uscc

    async def filed(self, filing: str, applicant: str, uscc: str, *, kind: str = "establishment") -> None:
        """Let registration tell of a filing that was submitted and approved."""
        submitted = {
            "filing_id": filing,
            "kind": kind,
            "matter_id": None,
            "applicant": applicant,
            "name": "蒲津",
        }
        await self.service.hear(SUBMITTED, filing, submitted)
        await self.service.hear(APPROVED, filing, {"filing_id": filing, "matter_id": None, "uscc": uscc})

    async def graded(self, uscc: str, grade: str, *, allows: bool | None = None) -> None:
        """Let credit tell a grade."""
        data = {
            "uscc": uscc,
            "grade": grade,
            "score": "82",
            "scorecard_version": "test",
            "evaluated_at": "2026-03-02T01:00:00Z",
            "allows_commitment": grade in ("A", "B") if allows is None else allows,
            "factors": [],
        }
        await self.service.hear(EVALUATED, uscc, data)

    async def known(self, table: str, uscc: str) -> None:
        """Wait until a read model has the enterprise."""

        async def there() -> bool:
            return bool(await self.service.rows(f"SELECT 1 FROM {table} WHERE uscc = :u", u=uscc))  # noqa: S608

        await eventually(there)

    async def apply(self, uscc: str, token: str = OWNER, **changes: Any) -> httpx.Response:
        """Send an application for a restaurant."""
        body = {
            "industry_code": "restaurant",
            "uscc": uscc,
            "answers": ANSWERS,
            "form": FORM,
            "commitments": [],
        } | changes
        return await self.service.post(APPLICATIONS, body, token, accept_language="en")

    async def apply_for_hotel(self, uscc: str, **changes: Any) -> httpx.Response:
        """Send an application for a hotel."""
        hotel = {"industry_code": "hotel", "answers": HOTEL_ANSWERS, "form": HOTEL_FORM}
        return await self.apply(uscc, **(hotel | changes))

    async def decide(
        self, application_id: str, item: str, by: str, decision: str = "granted", **body: Any
    ) -> httpx.Response:
        """Decide a component as an agency."""
        path = f"{APPLICATIONS}/{application_id}/components/{item}/decision"
        return await self.service.post(path, {"decision": decision, **body}, agency(by), accept_language="en")

    async def read(self, application_id: str, token: str = OWNER) -> dict[str, Any]:
        """Read an application."""
        answer = await self.service.get(f"{APPLICATIONS}/{application_id}", token)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def registration(uscc: str, *, scope: str = "H6210-01", state: str = "active") -> dict[str, Any]:
    """What registration tells of an enterprise."""
    return {
        "uscc": uscc,
        "name": "永济市蒲津餐饮服务有限公司",
        "enterprise_kind": "limited_company",
        "state": state,
        "established_on": "2026-03-02",
        "registered_capital_fen": 10000000,
        "domicile": {"division_code": "140881003", "text": "山西省运城市永济市城东街道舜都大道1号"},
        "scope": [{"code": scope, "text": "餐饮服务"}],
        "industry_code": None,
        "registrar_uscc": "11140881MB9Y00016L",
        "division_code": "140881",
        "origin": "filing",
        "a_field_of_a_later_version": True,
    }


def component(application: dict[str, Any], item: str) -> dict[str, Any]:
    """One component of an application."""
    found: dict[str, Any] = next(c for c in application["components"] if c["item"] == item)
    return found
