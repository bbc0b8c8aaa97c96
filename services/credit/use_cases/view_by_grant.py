"""What a grant opens of a subject to an agency: the score, records that are shared on conditions; claims about it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from services.credit.domain.viewing import Relation, Viewer
from services.credit.published import ACCESS_RECORDED
from services.credit.use_cases.read_subject import read_subject
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import Uscc
from shared.identifiers.uscc import registered_in
from shared.security.principal import Principal
from shared.sharing.reading import Record, Stated, open_fields
from shared.sharing.verification import Claim, Verdict, verify_claims

EVALUATION: Final = "credit.evaluation"
RECORDS: Final = "credit.record"


async def view_by_grant(
    uscc: Uscc, resource: str, viewer: Viewer, stated: Stated, reader: Principal, uow: UnitOfWork
) -> Viewer:
    """Return the viewer with what is granted; whoever states nothing, and the owner, stays as they are.

    Raises: SubjectNotFound, ReadingRefused, CaseNumberMissing.
    """
    if not stated.asks or viewer.relation is Relation.OWNER:
        return viewer
    await read_subject(uscc, uow)
    opened = await open_fields(_record(uscc, resource), stated, reader, ACCESS_RECORDED, uow)
    return replace(viewer, granted=opened.fields)


async def verify_evaluation(
    uscc: Uscc, claims: Sequence[Claim], stated: Stated, reader: Principal, uow: UnitOfWork
) -> Mapping[str, Verdict]:
    """Say of each claim about the newest evaluation whether it is true.

    Raises: SubjectNotFound, ReadingRefused, CaseNumberMissing, TooManyClaims.
    """
    _, made = await read_subject(uscc, uow)
    held = {"grade": made.grade, "score": str(made.score), "version": made.scorecard_version}
    return await verify_claims(claims, held, _record(uscc, EVALUATION), stated, reader, ACCESS_RECORDED, uow)


def _record(uscc: Uscc, resource: str) -> Record:
    return Record(
        resource=resource,
        key=uscc,
        division=registered_in(uscc),
        protected=frozenset({"score"}) if resource == EVALUATION else frozenset({"conditional_records"}),
        subjects=(uscc,),
    )
