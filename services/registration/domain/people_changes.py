"""Who is behind an enterprise after some of its people changed: those told of are put among those on file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.registration.domain.kinds import OWNER_ROLES, PRINCIPAL_ROLES, Role
from services.registration.domain.person import Person

# An investor stands for the enterprise and owns it: as principal.
OWNERS: Final = OWNER_ROLES - PRINCIPAL_ROLES


@dataclass(frozen=True)
class Placed:
    """Someone, and where the filing tells of them; None for who is on file and is not told of."""

    person: Person
    pointer: str | None = None


def on_file(people: Sequence[Person]) -> tuple[Placed, ...]:
    """Nobody is told of yet."""
    return tuple(Placed(person) for person in people)


def with_people(
    before: Sequence[Placed], told: Sequence[Placed], instead_of: Collection[Role]
) -> tuple[Placed, ...]:
    """Those told of are the only ones with the roles `instead_of`; whoever is left without a role leaves."""
    placed = [_without(each, instead_of) for each in before]
    known_before = len(placed)
    for each in told:
        held = enumerate(placed[:known_before])
        at = next((n for n, known in held if _is_same(known.person, each.person)), None)
        if at is None:
            placed.append(each)
        else:
            placed[at] = Placed(_merged(placed[at].person, each.person), each.pointer)
    return tuple(each for each in placed if each.person.roles)


def _is_same(one: Person, other: Person) -> bool:
    return (one.party, one.id_number) == (other.party, other.id_number)


def _without(placed: Placed, roles: Collection[Role]) -> Placed:
    kept = tuple(role for role in placed.person.roles if role not in roles)
    person = replace(placed.person, roles=kept)
    if set(roles) >= OWNERS and not person.is_owner:
        person = replace(
            person, subscribed_fen=None, paid_fen=None, contribution_forms=(), contribute_by=None
        )
    return replace(placed, person=person)


def _merged(known: Person, told: Person) -> Person:
    """What is told counts; what is not said of somebody on file stays as it is."""
    return replace(
        told,
        roles=tuple(dict.fromkeys((*known.roles, *told.roles))),
        phone=told.phone or known.phone,
        residence=told.residence or known.residence,
        subscribed_fen=known.subscribed_fen if told.subscribed_fen is None else told.subscribed_fen,
        paid_fen=known.paid_fen if told.paid_fen is None else told.paid_fen,
        contribution_forms=told.contribution_forms or known.contribution_forms,
        contribute_by=told.contribute_by or known.contribute_by,
    )
