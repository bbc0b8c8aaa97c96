"""People entered into the register after the enterprise itself."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.establishment import Person

_LOCK = text("SELECT version FROM enterprise WHERE uscc = :uscc FOR UPDATE")
_ADD = text("""
    INSERT INTO enterprise_person (uscc, position, roles, is_principal, name, id_number, phone)
    SELECT :uscc, coalesce(max(position) + 1, 0), :roles, :is_principal, :name, :id_number, :phone
    FROM enterprise_person WHERE uscc = :uscc
""")
_CHANGE = text("UPDATE enterprise SET version = version + 1, changed_at = :at WHERE uscc = :uscc")


class PeopleStore:
    """Changes the people of an enterprise in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, uscc: str) -> None:
        """Keep others from changing the enterprise until the transaction ends."""
        await self._session.execute(_LOCK, {"uscc": uscc})

    async def add(self, uscc: str, person: Person, at: datetime) -> None:
        """Enter a person; the enterprise's version goes up."""
        values = {
            "uscc": uscc,
            "roles": [role.value for role in person.roles],
            "is_principal": person.is_principal,
            "name": person.name,
            "id_number": person.id_number,
            "phone": person.phone,
        }
        await self._session.execute(_ADD, values)
        await self._session.execute(_CHANGE, {"uscc": uscc, "at": at})
