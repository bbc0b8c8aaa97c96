"""The rules of credit, pure: score and grade, publicity periods, exclusions, warnings, who sees what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.credit.domain.admission import Entry, Exclusion, Penalty, Procedure, admit, exclusion_of
from services.credit.domain.catalogue import CatalogueItem, Openness, Sharing
from services.credit.domain.errors import (
    DocumentNotEffective,
    NotInCatalogue,
    PenaltyFactsMissing,
    ProviderNotAllowed,
    RecordActionNotAllowed,
)
from services.credit.domain.evaluation import (
    Evaluation,
    Fact,
    FactorSubject,
    WarningReason,
    evaluate,
    facts_of,
    warning_reasons,
)
from services.credit.domain.records import (
    TRANSITIONS,
    Document,
    DocumentKind,
    Record,
    RecordAction,
    RecordId,
    RecordStatus,
    advance,
)
from services.credit.domain.rules import CreditRules
from services.credit.domain.viewing import STRANGER, Relation, Viewer, is_foreign, may_see
from services.credit.use_cases.read_rules import read_rules
from shared.calendar import add_months
from shared.identifiers import Uscc
from shared.region import load_region_pack
from tests.credit.builders import FIRE, MARKET, TAX
from tests.support.service import REGION_PACK

RULES = read_rules(load_region_pack(REGION_PACK))
CARD = RULES.scorecard
AT = datetime(2026, 5, 11, 2, tzinfo=UTC)
DAY = date(2026, 5, 11)
USCC = Uscc("91140881MB9Y00075F")
ITEMS = sorted(RULES.catalogue.items)
DAYS = st.dates(date(2026, 4, 1), date(2040, 12, 31))


def a_record(key: str, *, number: int = 1, found_on: date = DAY) -> Record:
    listed = RULES.catalogue.items[key]
    return Record(
        id=RecordId(UUID(int=number)),
        uscc=USCC,
        catalogue_item=key,
        elements=listed.elements,
        provider_uscc=MARKET,
        reference=str(number),
        happened_on=found_on,
        found_on=found_on,
        document=None,
        source_event=str(number),
        entered_at=AT,
    )


def score_of(*keys: str) -> Evaluation:
    records = [a_record(key, number=number) for number, key in enumerate(keys, start=1)]
    return evaluate(CARD, records, {}, AT)


def an_evaluation(score: str) -> Evaluation:
    made = score_of()
    return replace(made, score=Decimal(score), grade=CARD.step_of(Decimal(score)).grade)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "A"),
        ("90", "A"),
        ("89.99", "B"),
        ("70", "B"),
        ("69.99", "C"),
        ("50", "C"),
        ("49.99", "D"),
        ("0", "D"),
    ],
)
def test_a_grade_begins_exactly_at_its_threshold(score: str, grade: str) -> None:
    assert CARD.step_of(Decimal(score)).grade == grade


@pytest.mark.parametrize(
    ("keys", "score", "grade", "allowed"),
    [
        ((), "80.00", "B", True),
        (("penalty_general",), "70.00", "B", True),
        (("penalty_general", "penalty_minor"), "68.00", "C", False),
        (("penalty_serious", "penalty_minor", "penalty_minor"), "51.00", "C", False),
        (("penalty_serious",) * 5, "30.00", "D", False),
        (("serious_list", "penalty_serious", "penalty_serious"), "0.00", "D", False),
        (("honour", "honour", "commitment_kept", "commitment_kept"), "90.00", "A", True),
        (("honour",) * 9, "86.00", "B", True),
        (("administrative_permit", "commitment_made"), "80.00", "B", True),
    ],
)
def test_points_add_up_to_their_caps_and_make_the_grade(
    keys: tuple[str, ...], score: str, grade: str, allowed: bool
) -> None:
    made = score_of(*keys)

    assert (str(made.score), made.grade, made.allows_commitment) == (score, grade, allowed)


@given(st.lists(st.sampled_from(ITEMS), max_size=60), st.integers(0, 300))
def test_a_score_stays_between_floor_and_ceiling_and_is_explained(keys: list[str], years: int) -> None:
    records = [a_record(key, number=number) for number, key in enumerate(keys, start=1)]

    made = evaluate(CARD, records, {"years_in_business": Fact(years)}, AT)

    raw = CARD.base + sum((c.points for c in made.contributions), Decimal(0))
    assert CARD.floor <= made.score <= CARD.ceiling
    assert made.score == min(max(raw, CARD.floor), CARD.ceiling)
    caps = {factor.code: factor.cap for factor in CARD.factors}
    assert all(abs(c.points) <= abs(caps[c.code]) and c.points * caps[c.code] > 0 for c in made.contributions)
    record_factors = {f.code for f in CARD.factors if f.subject is FactorSubject.RECORD}
    assert all(len(c.records) == c.count for c in made.contributions if c.code in record_factors)


@given(st.lists(st.sampled_from(ITEMS), max_size=20), st.randoms(use_true_random=False))
def test_the_same_records_in_any_order_give_the_same_evaluation(keys: list[str], random: object) -> None:
    records = [a_record(key, number=number) for number, key in enumerate(keys, start=1)]
    shuffled = list(records)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert evaluate(CARD, shuffled, {}, AT) == evaluate(CARD, records, {}, AT)


@given(st.lists(st.sampled_from(ITEMS), max_size=20), st.sampled_from(ITEMS))
def test_one_record_more_never_moves_the_score_against_its_nature(keys: list[str], more: str) -> None:
    before, after = score_of(*keys).score, score_of(*keys, more).score

    nature = RULES.catalogue.items[more].elements.nature
    assert {"positive": after >= before, "negative": after <= before, "neutral": after == before}[nature]


@given(st.dates(date(1980, 1, 1), date(2040, 1, 1)), st.dates(date(1980, 1, 1), date(2040, 1, 1)))
def test_years_in_business_change_on_the_announced_day_and_not_before(established: date, day: date) -> None:
    fact = facts_of(established, day)["years_in_business"]

    assert fact.count >= 0
    assert fact.changes_on is not None and fact.changes_on > min(day, established)
    assert facts_of(established, fact.changes_on)["years_in_business"].count == fact.count + 1
    eve = fact.changes_on - timedelta(days=1)
    assert facts_of(established, eve)["years_in_business"].count == fact.count


def test_an_evaluation_says_on_which_day_time_alone_may_change_it() -> None:
    fine = a_record("penalty_general", found_on=date(2026, 4, 1))
    young = facts_of(date(2025, 6, 30), DAY)
    old = facts_of(date(2015, 6, 30), DAY)

    assert evaluate(CARD, [fine], {}, AT).review_on == date(2027, 4, 2)
    assert evaluate(CARD, [fine], young, AT).review_on == date(2026, 6, 30)
    assert evaluate(CARD, [], old, AT).review_on is None, "five years already count in full"


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [
        ("penalty_minor", date(2026, 8, 31), date(2026, 11, 30)),
        ("penalty_general", date(2026, 11, 30), date(2027, 8, 31)),
        ("penalty_serious", date(2027, 8, 31), date(2029, 8, 31)),
        ("abnormal_list", date(2026, 8, 31), None),
    ],
)
def test_publicity_periods_follow_the_class_and_end_with_the_month(
    key: str, least: date, most: date | None
) -> None:
    record = a_record(key, found_on=date(2026, 8, 31))

    assert (record.published_at_least_through, record.published_through) == (least, most)


@given(st.sampled_from(ITEMS), DAYS, st.integers(-400, 2000))
def test_a_record_is_public_exactly_when_open_and_inside_its_period(
    key: str, found: date, later: int
) -> None:
    record = a_record(key, found_on=found)
    day = found + timedelta(days=later)
    most = record.elements.most_months

    inside = found <= day and (most is None or day <= add_months(found, most))
    assert record.is_public(day) == (inside and record.elements.openness is Openness.PUBLIC)
    assert not replace(record, status=RecordStatus.ENDED).is_public(day)


@given(st.sampled_from([key for key in ITEMS if RULES.catalogue.items[key].elements.most_months]), DAYS)
def test_the_last_day_of_publicity_still_counts_and_the_next_does_not(key: str, found: date) -> None:
    record = a_record(key, found_on=found)
    last = record.published_through
    assert last is not None

    assert not record.is_over(last)
    assert record.is_public(last) == (record.elements.openness is Openness.PUBLIC)
    assert record.is_over(last + timedelta(days=1))
    assert not record.is_public(last + timedelta(days=1))
    assert not record.is_public(found - timedelta(days=1))


@pytest.mark.parametrize("status", list(RecordStatus))
@pytest.mark.parametrize("action", list(RecordAction))
def test_a_record_moves_only_as_the_table_says(status: RecordStatus, action: RecordAction) -> None:
    record = replace(a_record("honour"), status=status)
    target = TRANSITIONS.get((status, action))

    if target is None:
        with pytest.raises(RecordActionNotAllowed):
            advance(record, action)
    else:
        assert advance(record, action).status is target


@given(st.sampled_from(Procedure), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_exactly_three_kinds_of_penalty_are_excluded(
    procedure: Procedure, slight: bool, first: bool, mild: bool, remedied: bool
) -> None:
    found = exclusion_of(Penalty(procedure, slight, first, mild, remedied))

    excluded = procedure is Procedure.SIMPLE or (remedied and (slight or (first and mild)))
    assert (found is not None) == excluded


def an_entry(key: str = "penalty_general", **changes: object) -> Entry:
    document = Document(DocumentKind.ADMINISTRATIVE_PENALTY, "1", DAY, DAY)
    ordinary = Penalty(Procedure.ORDINARY, False, False, False, False)
    return replace(Entry(USCC, key, MARKET, DAY, document, ordinary), **changes)  # type: ignore[arg-type]


def test_an_entry_is_admitted_by_catalogue_provider_and_effective_document() -> None:
    catalogue = RULES.catalogue

    assert isinstance(admit(an_entry(), catalogue, DAY), CatalogueItem)
    simple = Penalty(Procedure.SIMPLE, False, False, False, False)
    assert isinstance(admit(an_entry(penalty=simple), catalogue, DAY), Exclusion)
    with pytest.raises(NotInCatalogue):
        admit(an_entry("gossip"), catalogue, DAY)
    with pytest.raises(ProviderNotAllowed):
        admit(an_entry("tax_arrears"), catalogue, DAY)
    with pytest.raises(PenaltyFactsMissing):
        admit(an_entry(penalty=None), catalogue, DAY)
    with pytest.raises(DocumentNotEffective):
        admit(an_entry(), catalogue, DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        ("70", "69.99", (WarningReason.GRADE,)),
        ("90", "89.99", ()),
        ("90", "70", (WarningReason.SCORE,)),
        ("90", "70.01", ()),
        ("50", "49.99", (WarningReason.GRADE,)),
        ("69", "51", ()),
        ("100", "40", (WarningReason.GRADE, WarningReason.SCORE)),
        ("40", "60", ()),
    ],
)
def test_a_fall_to_a_bad_grade_or_by_many_points_is_warned_about(
    before: str, after: str, reasons: tuple[WarningReason, ...]
) -> None:
    assert warning_reasons(CARD, an_evaluation(before), an_evaluation(after)) == reasons
    assert warning_reasons(CARD, None, an_evaluation(after)) == ()


@pytest.mark.parametrize("sharing", list(Sharing))
@pytest.mark.parametrize("openness", list(Openness))
def test_who_sees_a_record_follows_its_openness_and_sharing(sharing: Sharing, openness: Openness) -> None:
    plain = a_record("penalty_general")
    record = replace(plain, elements=replace(plain.elements, sharing=sharing, openness=openness))
    is_open = openness is Openness.PUBLIC
    provider, other = Viewer(Relation.AGENCY, MARKET), Viewer(Relation.AGENCY, TAX)

    assert may_see(record, STRANGER, DAY) == is_open
    assert may_see(record, Viewer(Relation.OWNER), DAY)
    assert may_see(record, provider, DAY)
    assert may_see(record, other, DAY) == (is_open or sharing is Sharing.UNCONDITIONAL)
    assert is_foreign(record, other, DAY) == (not is_open)
    assert not is_foreign(record, provider, DAY)


def test_the_region_pack_gives_each_item_its_eight_elements_and_providers(rules: CreditRules) -> None:
    fire_may_provide = {key for key, listed in rules.catalogue.items.items() if FIRE in listed.providers}

    assert {"penalty_minor", "penalty_general", "penalty_serious", "commitment_broken"} <= fire_may_provide
    assert "tax_arrears" not in fire_may_provide
    assert rules.catalogue.item_of_event("cn.tongban.licensing.permit.issued.v1") is not None
    assert rules.catalogue.item_of_event("cn.tongban.licensing.permit.issued") is not None
    assert rules.catalogue.item_of_event("cn.tongban.licensing.permit.lapsed.v1") is None
