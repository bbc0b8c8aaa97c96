"""The tables of progress: whatever the city's own parts and services tell of a case is followed and has a name."""

import pytest

from deploy.contracts import PACKAGES, published_by
from gateway.progress.consumers import CONSUMERS
from gateway.progress.domain.case import CaseKind
from gateway.progress.domain.followed_events import EVENTS
from gateway.progress.domain.records import FACTS
from gateway.progress.domain.standings import FIRST, STANDINGS
from shared.messaging.events import TYPE_PREFIX, EventType
from shared.messaging.topology import Consumer

CASES = {"filing", "application", "ticket", "matter", "task", "payment", "delivery"}
TOLD = {
    f"{each.type.service}.{each.type.aggregate}.{each.type.verb}"
    for package in PACKAGES
    for each in published_by(package)
}


def test_every_event_about_a_case_is_followed() -> None:
    assert {what for what in TOLD if what.split(".")[1] in CASES} - set(EVENTS) == set()


@pytest.mark.parametrize("what", sorted(EVENTS))
def test_what_an_event_makes_of_a_case_has_its_place_in_the_common_vocabulary(what: str) -> None:
    told = EVENTS[what]

    assert told.becomes is None or (told.kind, told.becomes) in STANDINGS


def test_every_kind_of_case_begins_somewhere() -> None:
    assert {(kind, own_state) for kind, own_state in FIRST.items()} <= set(STANDINGS)
    assert set(FIRST) == set(CaseKind)


def test_a_fact_about_an_enterprise_comes_from_an_event_that_is_published() -> None:
    assert set(FACTS) <= TOLD


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda each: str(each.follower.stream))
def test_every_event_that_is_to_be_filed_arrives(consumer: Consumer) -> None:
    followed = tuple(subject.removesuffix(">") for subject in consumer.follower.filter_subjects)
    handled = {EventType.parse(name).nats_subject for name in consumer.handlers}

    assert [subject for subject in handled if not subject.startswith(followed)] == []


def test_every_table_of_events_has_its_consumer() -> None:
    handled = {name for consumer in CONSUMERS for name in consumer.handlers}

    assert {f"{TYPE_PREFIX}{what}.v1" for what in {*EVENTS, *FACTS}} <= handled
