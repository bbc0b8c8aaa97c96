"""Grants and consents: what is open is never more than was granted, agreed to and still holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.catalogue.data.published import CONSENT_GIVEN, ISSUED, NARROWED, PUBLISHED
from shared.sharing.consumers import ConsentGiven, GrantTerms
from shared.sharing.deciding import DataConsent, DataGrant, Missing, Opened, Wanted, Way, decide

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LATER, TICK = NOW + timedelta(days=1), timedelta(microseconds=1)
GRANT = DataGrant("g", "tax", "registration.enterprise", ("name", "phone"), "tax_registration", LATER)
CONSENT = DataConsent("c", "ann", "tax", GRANT.resource, ("phone",), GRANT.purpose, LATER)
WANTED = Wanted("140881001")
FIELDS = ("name", "phone", "id_number")


@pytest.mark.parametrize(
    ("grant", "wanted", "expected"),
    [
        (replace(GRANT, withdrawn_at=NOW), WANTED, Missing.WITHDRAWN),
        (replace(GRANT, valid_until=NOW), WANTED, Missing.EXPIRED),
        (replace(GRANT, valid_until=NOW + TICK), WANTED, None),
        (replace(GRANT, suspended_at=NOW), WANTED, Missing.SUSPENDED),
        (replace(GRANT, regions=("140882",)), WANTED, Missing.REGION),
        (replace(GRANT, regions=("140882", "140800")), WANTED, None),
        (replace(GRANT, regions=("140881002",)), WANTED, Missing.REGION),
        (replace(GRANT, scenes=("hotel",)), WANTED, Missing.SCENE),
        (replace(GRANT, scenes=("hotel",)), replace(WANTED, scene="hotel"), None),
        (GRANT, replace(WANTED, scene="hotel"), None),
        (GRANT, replace(WANTED, way=Way.VERIFY), Missing.WAY),
        (GRANT, replace(WANTED, fields=frozenset({"phone", "id_number"})), Missing.FIELDS),
        (replace(GRANT, needs_case_number=True), WANTED, Missing.CASE_NUMBER),
        (replace(GRANT, needs_case_number=True), replace(WANTED, case_number="1"), None),
        (replace(GRANT, needs_consent=True), WANTED, Missing.CONSENT),
    ],
)
def test_the_first_condition_that_is_missing_is_named(
    grant: DataGrant, wanted: Wanted, expected: Missing | None
) -> None:
    found = decide([grant], (), wanted, NOW)

    assert found == (expected or Opened(("g",), frozenset(GRANT.fields)))


@pytest.mark.parametrize(
    ("consent", "expected"),
    [
        (CONSENT, Opened(("g",), frozenset({"phone"}))),
        (replace(CONSENT, valid_until=NOW), Missing.CONSENT),
        (replace(CONSENT, withdrawn_at=NOW), Missing.CONSENT),
        (replace(CONSENT, fields=("id_number",)), Missing.CONSENT),
    ],
)
def test_a_consent_opens_what_both_it_and_the_grant_name(
    consent: DataConsent, expected: Opened | Missing
) -> None:
    assert decide([replace(GRANT, needs_consent=True)], [consent], WANTED, NOW) == expected


def test_who_asks_for_less_than_is_granted_gets_no_more() -> None:
    found = decide([GRANT], (), replace(WANTED, fields=frozenset({"phone"})), NOW)

    assert found == Opened(("g",), frozenset({"phone"}))


_instants = st.sampled_from((NOW - TICK, NOW, NOW + TICK))
_some_fields = st.lists(st.sampled_from(FIELDS), min_size=1, unique=True).map(tuple)
_grants = st.builds(
    replace,
    st.just(GRANT),
    grant_id=st.uuids().map(str),
    fields=_some_fields,
    valid_until=_instants,
    regions=st.sampled_from(((), ("140881",), ("140882",))),
    ways=st.sampled_from(((Way.COPY,), (Way.VERIFY,), (Way.COPY, Way.VERIFY))),
    needs_consent=st.booleans(),
    suspended_at=st.none() | _instants,
    withdrawn_at=st.none() | _instants,
)
_consents = st.builds(
    replace,
    st.just(CONSENT),
    fields=_some_fields,
    valid_until=_instants,
    withdrawn_at=st.none() | _instants,
)


@given(
    st.lists(_grants, max_size=4),
    st.lists(_consents, max_size=2),
    st.sampled_from(Way),
    st.frozensets(st.sampled_from(FIELDS)),
)
def test_nothing_is_open_that_no_living_grant_and_consent_names(
    grants: list[DataGrant], consents: list[DataConsent], way: Way, fields: frozenset[str]
) -> None:
    found = decide(grants, consents, replace(WANTED, way=way, fields=fields), NOW)

    if isinstance(found, Missing):
        return
    living = [
        grant
        for grant in grants
        if grant.valid_until > NOW
        and not (grant.withdrawn_at and grant.withdrawn_at <= NOW)
        and grant.suspended_at is None
        and grant.regions in ((), ("140881",))
        and way in grant.ways
    ]
    agreed = {
        name
        for consent in consents
        if consent.valid_until > NOW and not (consent.withdrawn_at and consent.withdrawn_at <= NOW)
        for name in consent.fields
    }
    open_to_it = {
        name for grant in living for name in grant.fields if not grant.needs_consent or name in agreed
    }
    assert found.fields == (fields or open_to_it)
    assert found.fields <= open_to_it


def test_services_read_what_the_gateway_publishes() -> None:
    examples = {each.type: each.example.model_dump(mode="json") for each in PUBLISHED}

    for kind in (ISSUED, NARROWED):
        grant = GrantTerms.model_validate(examples[kind]).grant()
        assert (grant.agency_uscc, grant.ways, grant.regions) == ("11140881MB9Y000405", ("copy",), ())
    assert GrantTerms.model_validate(examples[ISSUED] | {"region_code": "140881"}).grant().regions == (
        "140881",
    )
    assert ConsentGiven.model_validate(examples[CONSENT_GIVEN]).subject == "p-1"
