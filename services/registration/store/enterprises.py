"""Enterprises and their people: rows to domain objects and back."""

import json
from dataclasses import asdict, fields
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.addresses import FurtherAddress, InterimAddress, ServiceAddress
from services.registration.domain.enterprise import Enterprise, EnterpriseFile, RegisteredScope
from services.registration.domain.errors import (
    CodesExhausted,
    EnterpriseNotFound,
    StaleVersion,
)
from services.registration.domain.establishment import Articles
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, KindVariant, Origin
from services.registration.domain.names import name_key
from services.registration.domain.policy import CodeBlock
from services.registration.store.people import PeopleStore
from shared.identifiers import Uscc, compose_uscc, organisation_body

COLUMNS: Final = """uscc, name, enterprise_kind, kind_stated, state, established_on, registered_capital_fen,
    capital_currency, capital_stated, domicile_division_code, domicile_text, scope, scope_stated,
    industry_code, registrar_uscc, division_code, licence_identifier, filing_id, matter_id, owner_accounts,
    origin, version, registered_at, changed_at, suspended_until, ended_on, variant, term_until,
    further_addresses, service_address, articles, parent_uscc, parent_name, is_foreign_invested"""
_FIELDS: Final = frozenset(field.name for field in fields(Enterprise))
SHOWN: Final = f"""{COLUMNS}, (
        SELECT min(listing.entered_at) FROM abnormal_listing AS listing
        WHERE listing.uscc = enterprise.uscc AND listing.state = 'entered'
    ) AS abnormal_since"""  # noqa: S608 - constants only
"""All that is shown of one: the columns, and since when it is on the list of abnormal operations."""
_FIND = text(f"SELECT {SHOWN} FROM enterprise WHERE uscc = :uscc")  # noqa: S608 - constants only
_LOCK = text(f"SELECT {SHOWN} FROM enterprise WHERE uscc = :uscc FOR UPDATE")  # noqa: S608
_SERIAL = text("SELECT nextval('organisation_code_serial')")
_EXISTS = text("SELECT EXISTS (SELECT FROM enterprise WHERE uscc = :uscc)")
_VALUES = {
    "uscc": ":uscc",
    "name": ":name",
    "name_key": ":name_key",
    "enterprise_kind": ":kind",
    "state": ":state",
    "established_on": ":established_on",
    "registered_capital_fen": ":capital",
    "capital_currency": ":currency",
    "domicile_division_code": ":town",
    "domicile_text": ":address",
    "scope": "CAST(:scope AS jsonb)",
    "industry_code": ":industry_code",
    "registrar_uscc": ":registrar",
    "division_code": ":division",
    "licence_identifier": ":licence",
    "owner_accounts": ":owners",
    "suspended_until": ":suspended_until",
    "ended_on": ":ended_on",
    "variant": ":variant",
    "term_until": ":term_until",
    "further_addresses": "CAST(:further_addresses AS jsonb)",
    "service_address": "CAST(:service_address AS jsonb)",
    "articles": "CAST(:articles AS jsonb)",
    "parent_uscc": ":parent_uscc",
    "parent_name": ":parent_name",
    "is_foreign_invested": ":is_foreign_invested",
    "version": ":version",
    "changed_at": ":at",
}
_ADD = text(f"""
    INSERT INTO enterprise ({", ".join(_VALUES)}, filing_id, matter_id, origin, registered_at)
    VALUES ({", ".join(_VALUES.values())}, :filing_id, :matter_id, :origin, :registered_at)
""")  # noqa: S608 - constants only, here and below
_SAVE = text(f"""
    UPDATE enterprise SET {", ".join(f"{name} = {value}" for name, value in _VALUES.items() if name != "uscc")}
    WHERE uscc = :uscc AND version = :version - 1
""")  # noqa: S608
_FURTHER: Final = TypeAdapter(tuple[FurtherAddress, ...])
_SERVED: Final[TypeAdapter[InterimAddress | ServiceAddress]] = TypeAdapter(InterimAddress | ServiceAddress)
_ARTICLES: Final = TypeAdapter(Articles)


class EnterpriseStore:
    """Reads and writes the register in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, uscc: str) -> EnterpriseFile:
        """Raises: EnterpriseNotFound."""
        return await self._file(_FIND, uscc)

    async def lock(self, uscc: str) -> EnterpriseFile:
        """Read for change: others wait. Raises: EnterpriseNotFound."""
        return await self._file(_LOCK, uscc)

    async def _file(self, statement: TextClause, uscc: str) -> EnterpriseFile:
        row = (await self._session.execute(statement, {"uscc": uscc})).one_or_none()
        if row is None:
            raise EnterpriseNotFound
        return EnterpriseFile(enterprise_of(row), await PeopleStore(self._session).of(uscc))

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
        entered = {
            "filing_id": one.filing_id,
            "matter_id": one.matter_id,
            "origin": one.origin.value,
            "registered_at": one.registered_at,
        }
        await self._session.execute(_ADD, _columns(one) | entered)
        await PeopleStore(self._session).add(one.uscc, file.people)

    async def save(self, file: EnterpriseFile) -> None:
        """Write the next version of an enterprise that was locked. Raises: StaleVersion."""
        done = await self._session.execute(_SAVE, _columns(file.enterprise))
        if getattr(done, "rowcount", 0) != 1:
            raise StaleVersion(file.enterprise.uscc, file.enterprise.version)
        await PeopleStore(self._session).put(file.enterprise.uscc, file.people)


def _columns(one: Enterprise) -> dict[str, object]:
    return {
        "uscc": one.uscc,
        "name": one.name,
        "name_key": name_key(one.name),
        "kind": one.enterprise_kind.value,
        "state": one.state.value,
        "established_on": one.established_on,
        "capital": one.registered_capital_fen,
        "currency": one.capital_currency,
        "town": one.domicile_division_code,
        "address": one.domicile_text,
        "scope": json.dumps([asdict(entry) for entry in one.scope], ensure_ascii=False),
        "industry_code": one.industry_code,
        "registrar": one.registrar_uscc,
        "division": one.division_code,
        "licence": one.licence_identifier,
        "owners": list(one.owner_accounts),
        "suspended_until": one.suspended_until,
        "ended_on": one.ended_on,
        "variant": one.variant.value if one.variant else None,
        "term_until": one.term_until,
        "further_addresses": _FURTHER.dump_json(one.further_addresses).decode(),
        "service_address": _SERVED.dump_json(one.service_address).decode() if one.service_address else None,
        "articles": _ARTICLES.dump_json(one.articles).decode() if one.articles else None,
        "parent_uscc": one.parent_uscc,
        "parent_name": one.parent_name,
        "is_foreign_invested": one.is_foreign_invested,
        "version": one.version,
        "at": one.changed_at,
    }


def enterprise_of(row: Row[Any]) -> Enterprise:
    """Shape a row that has COLUMNS, and may have more."""
    return Enterprise(
        **{name: value for name, value in row._mapping.items() if name in _FIELDS}
        | {
            "enterprise_kind": EnterpriseKind(row.enterprise_kind),
            "state": EnterpriseState(row.state),
            "origin": Origin(row.origin),
            "owner_accounts": tuple(row.owner_accounts),
            "scope": tuple(RegisteredScope(entry["code"], entry["text"]) for entry in row.scope),
            "variant": KindVariant(row.variant) if row.variant else None,
            "further_addresses": tuple(FurtherAddress(**entry) for entry in row.further_addresses),
            "service_address": _SERVED.validate_python(row.service_address) if row.service_address else None,
            "articles": _ARTICLES.validate_python(row.articles) if row.articles else None,
        }
    )
