"""Rules of items without a database: life cycle, search by need, the region pack's own items."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.catalogue.items.domain.errors import ItemActionNotAllowed, NothingDrafted
from gateway.catalogue.items.domain.facets import facets_of, open_at
from gateway.catalogue.items.domain.figures import Figure, FigureKey, Target, with_coverage
from gateway.catalogue.items.domain.flaws import flaws_of
from gateway.catalogue.items.domain.item import (
    TRANSITIONS,
    Item,
    ItemAction,
    ItemStatus,
    ItemWithdrawal,
    publish,
    revise,
    withdraw,
)
from gateway.catalogue.items.domain.needs import Vocabulary, need_of, tokens_of
from gateway.catalogue.items.domain.standard import Standard
from gateway.catalogue.items.use_cases.check_access import AccessResult, result_of
from gateway.catalogue.items.use_cases.checking import surroundings_of
from gateway.catalogue.items.use_cases.pack_items import items_of
from shared.identifiers.service_item import AccessKind
from shared.region import load_region_pack
from tests.support.service import REGION_PACK

REGION = load_region_pack(REGION_PACK)
PACK = {item.code: item.standard for item in items_of(REGION)}
FOOD = PACK["licensing.food_operation"]
AT, DAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC), date(2026, 3, 2)
WORDS = Vocabulary((("餐饮", "饭店"),), ("怎么", "办理"))
CHINESE = st.text("甲乙丙丁戊己庚辛壬癸", min_size=2, max_size=12)


def done(item: Item, action: ItemAction, draft: Standard) -> Item:
    if action is ItemAction.REVISE:
        return revise(item, draft)
    if action is ItemAction.PUBLISH:
        return publish(item, effective_from=DAY, by="p", at=AT)[0]
    return withdraw(item, ItemWithdrawal(DAY, "x", "p", AT))


@pytest.mark.parametrize("status", ItemStatus)
@pytest.mark.parametrize("action", ItemAction)
def test_an_item_moves_only_as_the_table_says(status: ItemStatus, action: ItemAction) -> None:
    item = Item("a.b", "x" * 18, status, FOOD)
    target = TRANSITIONS.get((status, action))

    if target is None:
        with pytest.raises(ItemActionNotAllowed):
            done(item, action, FOOD)
    else:
        moved = done(item, action, FOOD)
        assert (moved.status, moved.revision) == (target, 2)


def test_nothing_is_published_without_a_draft() -> None:
    with pytest.raises(NothingDrafted):
        publish(Item("a.b", "x" * 18, ItemStatus.PUBLISHED, None), effective_from=DAY, by="p", at=AT)


def test_every_item_of_the_pack_may_stand_and_no_other_paper_is_a_proof() -> None:
    listed = frozenset(proof.code for proof in REGION.service_items.proofs)

    flawed = {code: flaws_of(standard, surroundings_of(REGION, listed)) for code, standard in PACK.items()}
    unlisted = flaws_of(FOOD, surroundings_of(REGION, frozenset()))

    assert {code: flaws for code, flaws in flawed.items() if flaws} == {}
    assert [flaw.code for flaw in unlisted] == ["proof_not_listed"]


@given(CHINESE, CHINESE, CHINESE)
def test_a_text_answers_every_part_of_itself(before: str, part: str, after: str) -> None:
    held = tokens_of([before + part + after])

    need = need_of(part, WORDS)

    assert all(any(tokens <= held for tokens in concept.alternatives) for concept in need.concepts)


@given(st.text(max_size=50))
def test_any_words_make_a_need_that_asks_no_more_than_it_has(words: str) -> None:
    need = need_of(words, WORDS)

    assert 0 <= need.at_least <= len(need.concepts) <= 12


@pytest.mark.parametrize("words", ["饭店", "开饭店", "怎么办理饭店", "餐饮", "ＦＡＮ饭店"])
def test_a_known_word_is_looked_for_in_all_its_forms(words: str) -> None:
    [first, *_] = need_of(words, WORDS).concepts

    assert first.alternatives == (frozenset({"餐饮"}), frozenset({"饭店"}))


def test_a_place_is_served_where_its_level_is_open_or_the_place_is_named() -> None:
    narrowed = replace(FOOD, places=("140881100",))

    def is_served(standard: Standard, place: str) -> bool:
        return bool(facets_of(standard, "x") & set(open_at(place)))

    assert is_served(FOOD, "140881100")
    assert is_served(FOOD, "140881101")
    assert not is_served(FOOD, "140881100001")
    assert is_served(narrowed, "140881100")
    assert not is_served(narrowed, "140881101")


def test_a_share_of_towns_counts_those_that_reach_the_minimum() -> None:
    minimum, share = Target(Decimal(60), 2022, "there"), Target(Decimal(50), 2025, "here")
    towns = [
        Figure(FigureKey.TOWN_ITEMS, str(place), count, None, minimum) for place, count in enumerate((60, 59))
    ]

    coverage = with_coverage(towns, "140881", share)[-1]
    nothing = Figure(FigureKey.ONLINE_RATE, "140881", 0, 0, share)

    assert (coverage.value, coverage.is_met) == (Decimal("50.00"), True)
    assert (nothing.value, nothing.is_met) == (None, None)


def test_what_is_forbidden_is_not_opened_by_a_permit() -> None:
    [permit, *_] = REGION.service_items.market_access.entries
    ban = permit.model_copy(update={"kind": AccessKind.PROHIBITED, "items": ()})

    results = [result_of(entries) for entries in ([], [permit], [permit, ban])]

    assert results == [AccessResult.ALLOWED, AccessResult.PERMIT_NEEDED, AccessResult.PROHIBITED]
