"""Enterprises, their people and licences: rows to domain objects and back."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.enterprise import Enterprise, EnterpriseFile, Licence, RegisteredScope
from services.registration.domain.errors import CodesExhausted, EnterpriseNotFound, LicenceNotFound
from services.registration.domain.establishment import Person
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, Origin, Role
from services.registration.domain.names import name_key
from services.registration.domain.policy import CodeBlock
from shared.identifiers import Uscc, compose_uscc, organisation_body
from shared.security.office import OfficeLevel, level_of, span_of

_COLUMNS = """uscc, name, enterprise_kind, kind_stated, state, established_on, registered_capital_fen,
    capital_currency, capital_stated, domicile_division_code, domicile_text, scope, scope_stated,
    industry_code, registrar_uscc, division_code, licence_identifier, filing_id, matter_id, owner_accounts,
    origin, version,    registered_at, changed_at"""
_FIND = text(f"SELECT {_COLUMNS} FROM enterprise WHERE uscc = :uscc")  # noqa: S608 - constants only
_PEOPLE = text("SELECT * FROM enterprise_person WHERE uscc = :uscc ORDER BY position")
_SERIAL = text("SELECT nextval('organisation_code_serial')")
_EXISTS = text("SELECT EXISTS (SELECT FROM enterprise WHERE uscc = :uscc)")
_ADD = text("""
    INSERT INTO enterprise (uscc, name, name_key, enterprise_kind, state, established_on,
        registered_capital_fen, capital_currency, domicile_division_code, domicile_text, scope, industry_code,
        registrar_uscc, division_code,
        licence_identifier, filing_id, matter_id, owner_accounts, origin, registered_at, changed_at)
    VALUES (:uscc, :name, :name_key, :kind, :state, :established_on, :capital, 'CNY', :town, :address,
        CAST(:scope AS jsonb), :industry_code, :registrar, :division, :licence, :filing_id, :matter_id,
        :owners, 'filing', :at, :at)
""")
_ADD_PERSON = text("""
    INSERT INTO enterprise_person (uscc, position, roles, is_principal, name, id_number, phone,
        subscribed_fen)
    VALUES (:uscc, :position, :roles, :is_principal, :name, :id_number, :phone, :subscribed_fen)
""")
_ADD_LICENCE = text(
    "INSERT INTO licence (identifier, uscc, state, digest, jws, issued_at)"
    " VALUES (:identifier, :uscc, :state, :digest, :jws, :issued_at)"
)
_LICENCE = text("SELECT * FROM licence WHERE identifier = :identifier")


@dataclass(frozen=True)
class Search:
    """Filters of the public register; `name` is the beginning of a name."""

    name: str | None = None
    division: str | None = None
    state: EnterpriseState | None = None
    established_from: date | None = None


class EnterpriseStore:
    """Reads and writes the register in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, uscc: str) -> EnterpriseFile:
        """Raises: EnterpriseNotFound."""
        row = (await self._session.execute(_FIND, {"uscc": uscc})).one_or_none()
        if row is None:
            raise EnterpriseNotFound
        people = (await self._session.execute(_PEOPLE, {"uscc": uscc})).all()
        return EnterpriseFile(_enterprise(row), tuple(_person(person) for person in people))

    async def search(self, wanted: Search, after: tuple[str, str] | None, limit: int) -> list[Enterprise]:
        """Enterprises by name and code; only filters asked for take part, so that an index serves."""
        clauses, values = _clauses(wanted)
        if after is not None:
            clauses.append("(name_key, uscc) > (:after_name, :after_uscc)")
            values |= {"after_name": after[0], "after_uscc": after[1]}
        where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
        statement = text(
            f"SELECT {_COLUMNS} FROM enterprise {where} ORDER BY name_key, uscc LIMIT :limit"  # noqa: S608
        )
        rows = (await self._session.execute(statement, values | {"limit": limit})).all()
        return [_enterprise(row) for row in rows]

    async def next_uscc(self, block: CodeBlock, body_type: str, division_code: str) -> Uscc:
        """Take the next code of the block that no enterprise has yet. Raises: CodesExhausted.

        The sequence gives each number once, to whichever transaction; a number that goes unused is lost.
        """
        while True:
            number = block.first + int((await self._session.execute(_SERIAL)).scalar_one())
            if number > block.last:
                raise CodesExhausted
            uscc = compose_uscc(
                authority="9",
                body_type=body_type,
                division_code=division_code,
                organisation_body=organisation_body(block.prefix, number),
            )
            if not (await self._session.execute(_EXISTS, {"uscc": uscc})).scalar_one():
                return uscc

    async def add(self, file: EnterpriseFile) -> None:
        """Enter a newly registered enterprise with its people."""
        one = file.enterprise
        await self._session.execute(
            _ADD,
            {
                "uscc": one.uscc,
                "name": one.name,
                "name_key": name_key(one.name),
                "kind": one.enterprise_kind.value,
                "state": one.state.value,
                "established_on": one.established_on,
                "capital": one.registered_capital_fen,
                "town": one.domicile_division_code,
                "address": one.domicile_text,
                "scope": json.dumps([asdict(entry) for entry in one.scope], ensure_ascii=False),
                "industry_code": one.industry_code,
                "registrar": one.registrar_uscc,
                "division": one.division_code,
                "licence": one.licence_identifier,
                "filing_id": one.filing_id,
                "matter_id": one.matter_id,
                "owners": list(one.owner_accounts),
                "at": one.registered_at,
            },
        )
        await self._session.execute(
            _ADD_PERSON,
            [
                {
                    "uscc": one.uscc,
                    "position": position,
                    "roles": [role.value for role in person.roles],
                    "is_principal": person.is_principal,
                    "name": person.name,
                    "id_number": person.id_number,
                    "phone": person.phone,
                    "subscribed_fen": person.subscribed_fen,
                }
                for position, person in enumerate(file.people)
            ],
        )

    async def add_licence(self, licence: Licence) -> None:
        """Keep an issued licence."""
        await self._session.execute(_ADD_LICENCE, asdict(licence))

    async def licence(self, identifier: str) -> Licence:
        """Raises: LicenceNotFound."""
        row = (await self._session.execute(_LICENCE, {"identifier": identifier})).one_or_none()
        if row is None:
            raise LicenceNotFound
        return Licence(row.identifier, row.uscc, row.state, row.digest, row.jws, row.issued_at)


def sort_key(enterprise: Enterprise) -> tuple[str, str]:
    """What the register is listed by."""
    return name_key(enterprise.name), enterprise.uscc


def _clauses(wanted: Search) -> tuple[list[str], dict[str, object]]:
    clauses: list[str] = []
    values: dict[str, object] = {}
    if wanted.name:
        begins = name_key(wanted.name)
        clauses.append("name_key >= :name_from AND name_key < :name_to")
        values |= {"name_from": begins, "name_to": begins + "\U0010ffff"}
    if wanted.division:
        clause, bounds = _in_division(wanted.division)
        clauses.append(clause)
        values |= bounds
    if wanted.state:
        clauses.append("state = :state")
        values["state"] = wanted.state.value
    if wanted.established_from:
        clauses.append("established_on >= :established_from")
        values["established_from"] = wanted.established_from
    return clauses, values


def _in_division(division: str) -> tuple[str, dict[str, object]]:
    """All that lie in the division: a county's as the register has them, above and below by the code's beginning."""
    match level_of(division):
        case OfficeLevel.COUNTY:
            return "division_code = :division", {"division": division[:6]}
        case OfficeLevel.PROVINCE | OfficeLevel.CITY:
            column = "division_code"
        case OfficeLevel.TOWN | OfficeLevel.VILLAGE:
            column = 'domicile_division_code COLLATE "C"'
    first, end = span_of(division)
    return f"{column} >= :division AND {column} < :division_end", {"division": first, "division_end": end}


def _enterprise(row: Row[Any]) -> Enterprise:
    return Enterprise(
        **dict(row._mapping)
        | {
            "enterprise_kind": EnterpriseKind(row.enterprise_kind),
            "state": EnterpriseState(row.state),
            "origin": Origin(row.origin),
            "owner_accounts": tuple(row.owner_accounts),
            "scope": tuple(RegisteredScope(entry["code"], entry["text"]) for entry in row.scope),
        }
    )


def _person(row: Row[Any]) -> Person:
    return Person(
        roles=tuple(Role(role) for role in row.roles),
        name=row.name,
        id_number=row.id_number,
        phone=row.phone,
        subscribed_fen=row.subscribed_fen,
    )
