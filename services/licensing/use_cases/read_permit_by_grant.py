"""Read a permit for a stated purpose, or verify what is claimed of one, under a grant and recorded."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.licensing.domain.permit import Permit
from services.licensing.published.payloads import ACCESS_RECORDED
from services.licensing.use_cases.verify_permit import read_permit
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uscc import registered_in
from shared.security.principal import Principal
from shared.sharing.reading import Record, Stated, open_fields
from shared.sharing.verification import Claim, Verdict, verify_claims

RESOURCE: Final = "licensing.permit"


async def read_permit_by_grant(
    number: str, stated: Stated, reader: Principal, uow: UnitOfWork
) -> tuple[Permit, tuple[Permit, ...]]:
    """Its fields are public; who states a purpose is held to a grant for it (DS-13).

    Raises: PermitNotFound, ReadingRefused, CaseNumberMissing.
    """
    permit, parts = await read_permit(number, uow)
    await open_fields(_record(permit), stated, reader, ACCESS_RECORDED, uow)
    return permit, parts


async def verify_permit_claims(
    number: str, claims: Sequence[Claim], stated: Stated, reader: Principal, uow: UnitOfWork
) -> Mapping[str, Verdict]:
    """Say of each claim whether it is true.

    Raises: PermitNotFound, ReadingRefused, CaseNumberMissing, TooManyClaims.
    """
    permit, _ = await read_permit(number, uow)
    held = {
        "certificate_identifier": permit.certificate_identifier,
        "item": permit.item,
        "status": permit.certificate_state,
        "valid_until": permit.valid_to.isoformat() if permit.valid_to else None,
    }
    return await verify_claims(claims, held, _record(permit), stated, reader, ACCESS_RECORDED, uow)


def _record(permit: Permit) -> Record:
    return Record(
        resource=RESOURCE,
        key=permit.number,
        division=registered_in(permit.uscc),
        protected=frozenset(),
        subjects=(permit.uscc,),
    )
