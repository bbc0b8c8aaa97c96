"""Give somebody a mandate: an offer, to a person who is named or to whoever holds an invitation code."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from gateway.identity.domain.mandates import (
    Mandate,
    MandateAction,
    MandateNotFound,
    MandateSource,
    MandateState,
    MatterHasHelper,
    Reach,
    RepresentativeOnly,
    Terms,
    end,
    flaws_of,
    offer,
)
from gateway.identity.store.mandates import MandateStore
from gateway.identity.use_cases.secret_texts import digest_of
from gateway.identity.use_cases.telling_of_mandates import GATEWAY, tell, tell_end
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal
from shared.web.problems import FieldFault

_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH: Final = 20  # 99 bits


@dataclass(frozen=True)
class NamedAgent:
    """Who is to act, by what only somebody who knows the person can say."""

    username: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True)
class GiveMandate:
    """Who gives what to whom; without an agent, whoever is handed the invitation code."""

    caller: Principal
    terms: Terms
    agent: NamedAgent | None


@dataclass(frozen=True)
class GivenMandate:
    """The offer, and the code of an invitation, which is shown this once."""

    mandate: Mandate
    invitation_code: str | None = field(repr=False)


@dataclass(eq=False)
class MandateNotPossible(Exception):
    """The terms cannot be given; every reason is listed."""

    faults: tuple[FieldFault, ...]


async def give_mandate(command: GiveMandate, uow: UnitOfWork, now: datetime) -> GivenMandate:
    """The answer is the same whether the person who is named has an account or not.

    Raises: RepresentativeOnly, MandateNotPossible, MatterHasHelper.
    """
    store = MandateStore(uow.session)
    await demand_representative(command.caller, store, now)
    terms = _for_one_matter(command.terms)
    flaws = flaws_of(terms, command.caller.kind, now)
    if flaws:
        raise MandateNotPossible(tuple(FieldFault(f.pointer, f.code, f.zh, f.en) for f in flaws))
    code = None if command.agent else _new_code()
    mandate = offer(
        new_uuid7(),
        (command.caller.kind, command.caller.subject),
        terms,
        given_by=giver_of(command.caller),
        agent=await _agent(command, store),
        invitation_digest=digest_of(code) if code else None,
        now=now,
    )
    await _add(mandate, store, uow, now)
    tell(mandate, "offered", command.caller, uow, now)
    return GivenMandate(mandate, code)


async def demand_representative(caller: Principal, store: MandateStore, now: datetime) -> None:
    """In an enterprise's name only its legal representative goes on. Raises: RepresentativeOnly."""
    if caller.enterprise is None:
        return
    try:
        own = await store.find(UUID(caller.facts.mandate_id or ""))
    except (ValueError, MandateNotFound) as error:
        raise RepresentativeOnly from error
    stands_for = own.source is MandateSource.BY_LAW and own.principal == caller.enterprise
    if not (stands_for and own.is_good(now)):
        raise RepresentativeOnly


def giver_of(caller: Principal) -> str:
    """The person behind a call: the first of those who act for the subject, or the subject."""
    return (
        caller.facts.actors[-1] if caller.enterprise is not None and caller.facts.actors else caller.subject
    )


async def _agent(command: GiveMandate, store: MandateStore) -> str | None:
    """The person who is named, unless that is the giver; nobody, where the two do not belong together."""
    if command.agent is None:
        return None
    found = await store.subject_named(command.agent.username, command.agent.phone)
    return found if found != giver_of(command.caller) else None


def _for_one_matter(terms: Terms) -> Terms:
    """A matter that is still to be opened gets its id now, so that the helper can open this one and no other."""
    is_open = terms.reach is Reach.ONE_MATTER and terms.matter_id is None
    return replace(terms, matter_id=new_uuid7()) if is_open else terms


async def _add(mandate: Mandate, store: MandateStore, uow: UnitOfWork, now: datetime) -> None:
    """A helper whose time is over makes room, whether or not that was written down yet."""
    if await store.add(mandate):
        return
    if mandate.matter_id is None:
        raise AssertionError("only a matter has one place")
    other = await store.lock_of_matter(mandate.principal, mandate.matter_id)
    if other is not None and other.state_at(now) is not MandateState.EXPIRED:
        raise MatterHasHelper(mandate.matter_id)
    if other is not None:
        expired = end(other, MandateAction.EXPIRE, by=GATEWAY, because=None, now=now)
        await store.save(expired)
        await tell_end(expired, None, uow, now)
    if not await store.add(mandate):
        raise MatterHasHelper(mandate.matter_id)


def _new_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    return "-".join(letters[at : at + 5] for at in range(0, _CODE_LENGTH, 5))
