"""What routes are given: the city's rules, the subject's code, and what the caller is to that subject."""

from typing import Annotated, Final

from fastapi import Depends, Path
from starlette.requests import Request

from services.credit.domain.rules import CreditRules
from services.credit.domain.viewing import STRANGER, Relation, Viewer
from services.credit.use_cases.identify_viewer import identify_viewer
from shared.identifiers import Uscc
from shared.security.principal import SubjectKind
from shared.web.routes import CallerIfAny, InTransaction

READ_SCOPE: Final = "credit.subject.read"


async def _rules(request: Request) -> CreditRules:
    rules: CreditRules = request.app.state.rules
    return rules


async def _uscc(
    uscc: Annotated[
        str,
        Path(
            min_length=18,
            max_length=18,
            pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$",
            description="Unified social credit code (统一社会信用代码)",
            examples=["91140881MB9Y00075F"],
        ),
    ],
) -> Uscc:
    return Uscc(uscc)


Rules = Annotated[CreditRules, Depends(_rules)]
SubjectCode = Annotated[Uscc, Depends(_uscc)]


async def _viewer(uscc: SubjectCode, caller: CallerIfAny, uow: InTransaction) -> Viewer:
    """The scope says what kind of call it is; without it everybody is a stranger."""
    if caller is None or READ_SCOPE not in caller.scopes:
        return STRANGER
    if caller.enterprise == uscc:
        return Viewer(Relation.OWNER)
    name = None if caller.kind is SubjectKind.CLIENT else caller.subject
    return await identify_viewer(uscc, applicant=name, agency=caller.agency, uow=uow)


ViewerOfSubject = Annotated[Viewer, Depends(_viewer)]
