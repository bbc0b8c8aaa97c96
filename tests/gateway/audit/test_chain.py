"""The chain's rules, without a database."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.audit.domain.entry import (
    GENESIS,
    Head,
    Result,
    Verification,
    chained,
    digest,
)
from tests.gateway.audit.exporting import a_chain, an_act


def test_a_chain_begins_at_one_with_the_empty_predecessor() -> None:
    first = chained(Head(), an_act(0))

    assert (first.number, first.prev_hash) == (1, GENESIS)


def test_a_whole_chain_is_found_whole() -> None:
    walk = Verification()

    broken = walk.take(a_chain(20))

    assert broken is None
    assert walk.head.number == 20


CHANGES = st.sampled_from(
    [
        lambda r: replace(r, reader="client:police"),
        lambda r: replace(r, fields=(*r.fields, "name")),
        lambda r: replace(r, purpose="other"),
        lambda r: replace(r, result=Result.DENIED),
        lambda r: replace(r, read_at=r.read_at + timedelta(microseconds=1)),
        lambda r: replace(r, owner_subject=None),
        lambda r: replace(r, record_key=""),
    ]
)


@given(at=st.integers(0, 11), change=CHANGES, rehashed=st.booleans())
def test_the_first_changed_entry_is_named(at: int, change: "object", rehashed: bool) -> None:
    links = a_chain(12)
    forged = change(links[at].act)  # type: ignore[operator]
    own_hash = digest(at + 1, links[at].prev_hash, forged) if rehashed else links[at].hash
    links[at] = replace(links[at], act=forged, hash=own_hash)

    broken = Verification().take(links)

    if rehashed and at == 11:
        assert broken is None  # only a head that was noted before gives this one away
        return
    assert broken is not None
    assert broken.number == (at + 2 if rehashed else at + 1)


@given(at=st.integers(0, 10))
def test_a_removed_entry_is_named(at: int) -> None:
    links = a_chain(12)
    del links[at]

    broken = Verification().take(links)

    assert broken is not None
    assert broken.number == at + 1


@given(at=st.integers(0, 10))
def test_two_exchanged_entries_are_found(at: int) -> None:
    links = a_chain(12)
    links[at], links[at + 1] = links[at + 1], links[at]

    broken = Verification().take(links)

    assert broken is not None
    assert broken.number == at + 1
