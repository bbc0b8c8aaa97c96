"""The people of an enterprise: rows to domain objects and back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.establishment import Person
from services.registration.domain.kinds import Role

_OF = text("SELECT * FROM enterprise_person WHERE uscc = :uscc ORDER BY position")
_REMOVE = text("DELETE FROM enterprise_person WHERE uscc = :uscc")
_ADD = text("""
    INSERT INTO enterprise_person (uscc, position, roles, is_principal, name, id_number, phone,
        subscribed_fen)
    VALUES (:uscc, :position, :roles, :is_principal, :name, :id_number, :phone, :subscribed_fen)
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
        if people:
            rows = [_columns(uscc, position, person) for position, person in enumerate(people)]
            await self._session.execute(_ADD, rows)


def _columns(uscc: str, position: int, person: Person) -> dict[str, object]:
    return {
        "uscc": uscc,
        "position": position,
        "roles": [role.value for role in person.roles],
        "is_principal": person.is_principal,
        "name": person.name,
        "id_number": person.id_number,
        "phone": person.phone,
        "subscribed_fen": person.subscribed_fen,
    }


def _person(row: Row[Any]) -> Person:
    return Person(
        roles=tuple(Role(role) for role in row.roles),
        name=row.name,
        id_number=row.id_number,
        phone=row.phone,
        subscribed_fen=row.subscribed_fen,
    )
