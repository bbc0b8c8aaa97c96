"""Answer what somebody claims of a record with yes or no, never with the value (数据核验, DS-08)."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import EventType
from shared.security.principal import Principal
from shared.sharing.deciding import Way
from shared.sharing.reading import Record, Stated, access_of, open_fields
from shared.sharing.refusals import TooManyClaims
from shared.sharing.store import SharingStore

CLAIMS_AN_HOUR: Final = 10
"""Calls about one record that an agency has in an hour: enough to mend a slip, too few to guess. Our own figure."""


class Verdict(StrEnum):
    """Whether a claim is true; a field without value matches nothing."""

    MATCH = "match"
    NO_MATCH = "no_match"


@dataclass(frozen=True)
class Claim:
    """What somebody says that a field holds."""

    field: str
    value: str


async def verify_claims(
    claims: Sequence[Claim],
    values: Mapping[str, str | None],
    record: Record,
    stated: Stated,
    reader: Principal,
    recorded_as: EventType,
    uow: UnitOfWork,
) -> dict[str, Verdict]:
    """Compare claims with what is held. Raises: ReadingRefused, CaseNumberMissing, TooManyClaims.

    Every field that is claimed must be named by a grant that allows the way `verify`.
    """
    asked = replace(stated, fields=frozenset(claim.field for claim in claims))
    await open_fields(record, asked, reader, recorded_as, uow, way=Way.VERIFY)
    made = await SharingStore(uow.session).count_claim(reader.agency or "", record.key, uow.now)
    if made > CLAIMS_AN_HOUR:
        refusal = TooManyClaims(allowed=CLAIMS_AN_HOUR)
        refusal.record = access_of(record, asked, reader, recorded_as, uow.now)
        raise refusal
    return {claim.field: _verdict(claim.value, values.get(claim.field)) for claim in claims}


def _verdict(claimed: str, held: str | None) -> Verdict:
    is_same = hmac.compare_digest(_plain(claimed), _plain(held or ""))
    return Verdict.MATCH if is_same and held is not None else Verdict.NO_MATCH


def _plain(value: str) -> bytes:
    return "".join(value.split()).upper().encode()
