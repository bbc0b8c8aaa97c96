"""The people of an enterprise: rows to domain objects and back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.kinds import ContributionForm, Party, Role, SignMode
from services.registration.domain.person import Person

_OF = text("SELECT * FROM enterprise_person WHERE uscc = :uscc ORDER BY position")
_REMOVE = text("DELETE FROM enterprise_person WHERE uscc = :uscc")
_ADD = text("""
    INSERT INTO enterprise_person (uscc, position, roles, is_principal, name, id_number, phone,
        subscribed_fen, party, paid_fen, contribution_forms, contribute_by, residence, resides_in_china,
        represents, sign_mode, is_farmer)
    VALUES (:uscc, :position, :roles, :is_principal, :name, :id_number, :phone, :subscribed_fen, :party,
        :paid_fen, :contribution_forms, :contribute_by, :residence, :resides_in_china, :represents, :sign_mode,
        :is_farmer)
""")


class PeopleStore:
    """Reads and writes the people of an enterprise in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, uscc: str) -> tuple[Person, ...]:
        """In the order of the filing."""
        rows = (await self._session.execute(_OF, {"uscc": uscc})).all()
        return tuple(_person(row) for row in rows)

    async def put(self, uscc: str, people: Sequence[Person]) -> None:
        """These are the people from now on."""
        await self._session.execute(_REMOVE, {"uscc": uscc})
        await self.add(uscc, people)

    async def add(self, uscc: str, people: Sequence[Person]) -> None:
        """The people of an enterprise that is new to the register."""
        if people:
            first = next((person for person in people if person.is_principal), None)
            rows = [
                _columns(uscc, position, person) | {"is_principal": person is first}
                for position, person in enumerate(people)
            ]
            await self._session.execute(_ADD, rows)


def _columns(uscc: str, position: int, person: Person) -> dict[str, object]:
    return {
        "uscc": uscc,
        "position": position,
        "roles": [role.value for role in person.roles],
        "name": person.name,
        "id_number": person.id_number,
        "phone": person.phone,
        "subscribed_fen": person.subscribed_fen,
        "party": person.party.value,
        "paid_fen": person.paid_fen,
        "contribution_forms": [form.value for form in person.contribution_forms],
        "contribute_by": person.contribute_by,
        "residence": person.residence,
        "resides_in_china": person.resides_in_china,
        "represents": person.represents,
        "sign_mode": person.sign_mode.value,
        "is_farmer": person.is_farmer,
    }


def _person(row: Row[Any]) -> Person:
    return Person(
        roles=tuple(Role(role) for role in row.roles),
        name=row.name,
        id_number=row.id_number,
        phone=row.phone,
        subscribed_fen=row.subscribed_fen,
        party=Party(row.party),
        paid_fen=row.paid_fen,
        contribution_forms=tuple(ContributionForm(form) for form in row.contribution_forms),
        contribute_by=row.contribute_by,
        residence=row.residence,
        resides_in_china=row.resides_in_china,
        represents=row.represents,
        sign_mode=SignMode(row.sign_mode),
        is_farmer=row.is_farmer,
    )
