"""The region pack's grants come into force by themselves, and what the data bureau decided stays decided."""

import asyncio
from datetime import date

from gateway.catalogue.data.sweeps import seed_sweep
from shared.region import RegionPack
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest

BUREAU = agency_token("data_bureau", "11140881MB9Y00155B", "catalogue.grant.manage", "catalogue.grant.read")
ISSUED = "cn.tongban.gateway.grant.issued.v1"
WITHDRAWN = "cn.tongban.gateway.grant.withdrawn.v1"


async def seeded(gateway: ServiceUnderTest, region: RegionPack) -> int:
    did: int = await gateway.app.state.backend.transactions.run(seed_sweep(region).run)
    return did


async def in_force(gateway: ServiceUnderTest) -> dict[str, str]:
    rows = await gateway.rows(
        "SELECT seed_key, grant_id::text AS id FROM catalogue_grant WHERE seed_key IS NOT NULL AND status = 'issued'"
    )
    return {row["seed_key"]: row["id"] for row in rows}


async def test_the_packs_grants_follow_the_pack(gateway: ServiceUnderTest) -> None:
    region: RegionPack = gateway.app.state.region
    tax_key = "tax/registration.enterprise/tax_registration"

    # Seeded once, however often and by however many.
    counts = [await seeded(gateway, region), await seeded(gateway, region)]
    await asyncio.gather(*(seeded(gateway, region) for _ in range(3)))
    first = await in_force(gateway)
    assert counts[-1] == 0  # the worker may have been first
    assert len(first) == len(region.grants) == len(await gateway.events(ISSUED))
    [told] = await gateway.events(ISSUED, first[tax_key])
    assert told["data"]["agency_uscc"] == "11140881MB9Y000405"
    assert told["data"]["valid_until"] == "2027-12-31T16:00:00Z"  # the last day in China is in it

    bank_key = "bank/registration.enterprise/bank_account_opening"
    [of_third_party] = await gateway.events(ISSUED, first[bank_key])
    assert (of_third_party["data"]["needs_consent"], told["data"]["needs_consent"]) == (True, False)

    # What the bureau withdrew stays withdrawn as long as the pack says the same.
    withdrawal = await gateway.post(f"/catalogue/v1/grants/{first[tax_key]}/withdrawal", None, BUREAU)
    assert withdrawal.status_code == 200
    assert await seeded(gateway, region) == 0
    assert tax_key not in await in_force(gateway)

    # A pack that says something else replaces what it said before; what it leaves out is withdrawn.
    changed = tuple(
        grant.model_copy(update={"until": date(2028, 6, 30)}) if grant.agency in ("tax", "police") else grant
        for grant in region.grants
        if grant.agency != "bank"
    )
    did = await seeded(gateway, region.model_copy(update={"grants": changed}))
    second = await in_force(gateway)
    police_key = "police/registration.enterprise/seal_filing"
    assert did == 4  # tax anew, police withdrawn and anew, bank withdrawn
    assert second[police_key] != first[police_key]
    assert len(await gateway.events(WITHDRAWN, first[police_key])) == 1
    assert tax_key in second
    assert not any(key.startswith("bank/") for key in second)

    # Back to the first pack: what only the pack had withdrawn comes into force again.
    await seeded(gateway, region)
    assert {key.split("/")[0] for key in await in_force(gateway)} >= {"bank", "police", "tax"}


async def test_a_grant_of_the_pack_that_is_over_is_not_issued(gateway: ServiceUnderTest) -> None:
    region: RegionPack = gateway.app.state.region
    over = region.grants[0].model_copy(update={"until": date(2020, 1, 1), "purpose": "long_past"})

    await seeded(gateway, region.model_copy(update={"grants": (*region.grants, over)}))

    assert not [key for key in await in_force(gateway) if key.endswith("/long_past")]
