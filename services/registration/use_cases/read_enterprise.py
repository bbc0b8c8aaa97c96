"""Read an enterprise: which protected fields the reader gets, under which grant, and that it is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.published.access import ACCESSED
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.ownership import is_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import keeps_register_at
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.sharing.reading import Record, Stated, open_fields
from shared.sharing.verification import Claim, Verdict, verify_claims

RESOURCE: Final = "registration.enterprise"


@dataclass(frozen=True)
class ReadEnterprise:
    """Who reads what, what is stated, and which fields are protected at all."""

    uscc: str
    reader: Principal | None
    stated: Stated
    protected: frozenset[str]


@dataclass(frozen=True)
class OpenedFile:
    """The enterprise, and the protected fields that this reader may see."""

    file: EnterpriseFile
    shown: frozenset[str]


async def read_enterprise(command: ReadEnterprise, uow: UnitOfWork, desk: RegistrarDesk) -> OpenedFile:
    """Everybody sees the public fields; whoever states a purpose is recorded, allowed or refused.

    The owner and the registrar that keeps the register read their own; an officer only within the office's region.
    Raises: EnterpriseNotFound, ReadingRefused, CaseNumberMissing.
    """
    file = await EnterpriseStore(uow.session).find(command.uscc)
    reader, one = command.reader, file.enterprise
    if reader is not None and (is_owner(reader, one) or keeps_file(reader, one, desk)):
        return OpenedFile(file, command.protected)
    if reader is None or not command.stated.asks:
        return OpenedFile(file, frozenset())
    opened = await open_fields(_record(file, command.protected), command.stated, reader, ACCESSED, uow)
    return OpenedFile(file, command.protected & opened.fields)


async def verify_enterprise(
    uscc: str, claims: Sequence[Claim], stated: Stated, reader: Principal, uow: UnitOfWork
) -> Mapping[str, Verdict]:
    """Say of each claim whether it is true.

    Raises: EnterpriseNotFound, ReadingRefused, CaseNumberMissing, TooManyClaims.
    """
    file = await EnterpriseStore(uow.session).find(uscc)
    asked = frozenset(claim.field for claim in claims)
    return await verify_claims(claims, _values(file), _record(file, asked), stated, reader, ACCESSED, uow)


def _record(file: EnterpriseFile, protected: frozenset[str]) -> Record:
    one = file.enterprise
    return Record(
        resource=RESOURCE,
        key=one.uscc,
        division=one.domicile_division_code,
        protected=protected,
        owner=one.owner_accounts[0] if one.owner_accounts else None,
        subjects=(one.uscc, *one.owner_accounts),
    )


def _values(file: EnterpriseFile) -> Mapping[str, str | None]:
    """What can be claimed, under the names of the catalogue."""
    one, principal = file.enterprise, file.principal
    return {
        "name": one.name,
        "status": one.state.value,
        "established_on": one.established_on.isoformat() if one.established_on else None,
        "division_code": one.division_code,
        "address": one.domicile_text,
        "capital_fen": None if one.registered_capital_fen is None else str(one.registered_capital_fen),
        "legal_representative_name": principal.name if principal else None,
        "legal_representative_id_number": principal.id_number if principal else None,
        "contact_phone": file.contact_phone,
    }


def keeps_file(reader: Principal, one: Enterprise, desk: RegistrarDesk) -> bool:
    """Whether the reader keeps its file: an old register names no registrar, what is taken over from it is ours."""
    is_ours = one.registrar_uscc in (None, desk.policy.registrar.uscc)
    return is_ours and keeps_register_at(reader, one.domicile_division_code, desk)
