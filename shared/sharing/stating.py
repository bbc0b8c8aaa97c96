"""What a reader states with a request: the query parameters that every route with protected fields takes."""

from collections.abc import Mapping
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, StringConstraints

from shared.security.principal import Principal
from shared.sharing.reading import Stated
from shared.sharing.verification import Claim, Verdict
from shared.web.fields import RequestModel, ResponseModel
from shared.web.problems import SCOPE_MISSING, UNAUTHENTICATED, Refusal
from shared.web.routes import invalid

_Key = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
_FieldName = Annotated[
    str, StringConstraints(min_length=1, max_length=99, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
]
_CaseNumber = Annotated[str, StringConstraints(min_length=1, max_length=100)]


async def _stated(
    purpose: Annotated[
        _Key | None,
        Query(
            description="Why protected fields are read, as the grant names it (用途)",
            examples=["tax_registration"],
        ),
    ] = None,
    scene: Annotated[
        _Key | None,
        Query(
            description="In which scene, where the grant names scenes (场景)", examples=["open_restaurant"]
        ),
    ] = None,
    matter_id: Annotated[UUID | None, Query(description="In which matter (一件事)")] = None,
    case_number: Annotated[
        _CaseNumber | None, Query(description="For which case, where the grant asks for it (案号)")
    ] = None,
    fields: Annotated[
        tuple[_FieldName, ...],
        Query(max_length=100, description="Only these fields, each granted (最小必要); none for all granted"),
    ] = (),
) -> Stated:
    return Stated(purpose, scene, matter_id, case_number, frozenset(fields))


Stating = Annotated[Stated, Depends(_stated)]


def who_states(caller: Principal | None, scope: str | None = None) -> Principal:
    """Who states a purpose where everybody may read: known, with the scope if one is needed. Raises: Refusal."""
    if caller is None:
        raise Refusal(UNAUTHENTICATED, headers={"WWW-Authenticate": "Bearer"})
    if scope is not None and scope not in caller.scopes:
        raise Refusal(SCOPE_MISSING, values={"scope": scope})
    return caller


class ClaimIn(RequestModel):
    """What the record is said to hold in a field."""

    field: Annotated[_FieldName, Field(examples=["contact_phone"])]
    value: Annotated[str, StringConstraints(min_length=1, max_length=500), Field(examples=["13800000000"])]


class ClaimsIn(RequestModel):
    """A verification call (数据核验): one claim for each field, and why it is asked."""

    purpose: Annotated[_Key, Field(examples=["bank_account_opening"])]
    claims: Annotated[
        tuple[ClaimIn, ...],
        Field(min_length=1, max_length=20, examples=[[{"field": "contact_phone", "value": "13800000000"}]]),
    ]
    scene: Annotated[_Key | None, Field(examples=["open_restaurant"])] = None
    matter_id: Annotated[UUID | None, Field(examples=["019705e2-6d52-7c1e-9a46-5b1f0f0c7a11"])] = None
    case_number: Annotated[_CaseNumber | None, Field(examples=["（2026）晋0881执12号"])] = None

    def stated(self) -> Stated:
        """Why it is asked."""
        return Stated(self.purpose, self.scene, self.matter_id, self.case_number)

    def made(self) -> tuple[Claim, ...]:
        """The claims; several about one field would be guesses, and are refused."""
        names = [claim.field for claim in self.claims]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise invalid(f"/claims/{place}/field", "repeated")
        return tuple(Claim(claim.field, claim.value) for claim in self.claims)


class VerdictOut(ResponseModel):
    """Whether a claim is true."""

    field: Annotated[str, Field(examples=["contact_phone"])]
    verdict: Annotated[Verdict, Field(examples=["match"])]


class VerdictsOut(ResponseModel):
    """What became of each claim, in the order in which they were made."""

    verdicts: list[VerdictOut]

    @classmethod
    def of(cls, verdicts: Mapping[str, Verdict]) -> Self:
        """Shape the verdicts."""
        return cls(verdicts=[VerdictOut(field=name, verdict=said) for name, said in verdicts.items()])
