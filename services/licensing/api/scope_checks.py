"""Questions of enforcement agencies (经营范围与许可核查): no penalty for what needs no permit (REG-23)."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.licensing.api.dependencies import InOffice
from services.licensing.api.texts import TextOut
from services.licensing.domain.scope_check import (
    STATEMENTS,
    Activity,
    EnterpriseNotRegistered,
    RuleFinding,
    ScopeCheck,
    ScopeCheckNotFound,
)
from services.licensing.use_cases.check_scope import AskScope, ask_scope, read_check
from shared.security.access import requires
from shared.security.principal import Principal
from shared.web.fields import RequestModel, ResponseModel, UsccField
from shared.web.openapi import refuses
from shared.web.problems import FORBIDDEN, Refusal
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/licensing/v1/scope-checks", route_class=ServiceRoute, tags=["scope checks"])
READ_SCOPE = "licensing.application.read"


class ScopeCheckIn(RequestModel):
    """Whose activity, which one (by standard entry or by industry, not both), and for which case of the agency."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "uscc": "91140881MA0KXE2X64",
                    "scope_code": "F5213-04",
                    "case_number": "永市监罚〔2026〕17号",
                }
            ]
        }
    )

    uscc: UsccField
    scope_code: Annotated[
        str | None, Field(pattern=r"^[A-T]\d{4}-\d{2}$", max_length=8, examples=["F5213-04"])
    ] = None
    industry_class: Annotated[
        str | None, Field(pattern=r"^[A-T]\d{4}$", max_length=5, description="Class of GB/T 4754")
    ] = None
    case_number: Annotated[
        str, Field(min_length=1, max_length=64, description="Number of the agency's own case (案号)")
    ]

    @model_validator(mode="after")
    def _names_one_activity(self) -> Self:
        if (self.scope_code is None) is (self.industry_class is None):
            raise PydanticCustomError("one_of", "exactly one of scope_code and industry_class")
        return self


class RuleOut(ResponseModel):
    """What one rule found."""

    rule: Annotated[str, Field(examples=["scope.registered"])]
    legal_basis: str
    outcome: Annotated[str, Field(examples=["no"])]
    items: list[str]

    @classmethod
    def of(cls, finding: RuleFinding) -> "RuleOut":
        """From the domain."""
        return cls(
            rule=finding.rule,
            legal_basis=finding.legal_basis,
            outcome=finding.outcome.value,
            items=list(finding.items),
        )


class ScopeCheckOut(ResponseModel):
    """The answer, by rules as of `checked_on`; it decides nothing, the agency does."""

    id: UUID
    uscc: str
    scope_code: str | None
    industry_class: str | None
    case_number: str
    result: Annotated[str, Field(examples=["no_penalty"])]
    statement: TextOut
    rules: list[RuleOut]
    checked_on: date
    asked_at: datetime

    @classmethod
    def of(cls, check: ScopeCheck) -> "ScopeCheckOut":
        """From the domain."""
        return cls(
            id=check.id,
            uscc=check.uscc,
            scope_code=check.activity.scope_code,
            industry_class=check.activity.industry_class,
            case_number=check.case_number,
            result=check.result.value,
            statement=TextOut.of(STATEMENTS[check.result]),
            rules=[RuleOut.of(finding) for finding in check.findings],
            checked_on=check.checked_on,
            asked_at=check.asked_at,
        )


@router.post(
    "",
    status_code=201,
    dependencies=[requires(READ_SCOPE)],
    summary="Check an activity against scope and permits (经营范围与许可核查)",
)
@refuses(FORBIDDEN, EnterpriseNotRegistered)
async def ask(
    body: ScopeCheckIn, caller: Caller, uow: InTransaction, now: Now, office: InOffice
) -> ScopeCheckOut:
    """For agencies, in the region of the caller's office; question, asker and answer are kept, the reading audited."""
    activity = Activity(body.scope_code, body.industry_class)
    command = AskScope(body.uscc, activity, body.case_number, _agency(caller), caller)
    return ScopeCheckOut.of(await ask_scope(command, uow, now, office))


@router.get(
    "/{check_id}",
    dependencies=[requires(READ_SCOPE)],
    summary="Read a check of the own agency (查看核查结果)",
)
@refuses(FORBIDDEN, ScopeCheckNotFound)
async def read(check_id: UUID, caller: Caller, uow: InTransaction) -> ScopeCheckOut:
    """As it was answered then."""
    return ScopeCheckOut.of(await read_check(check_id, _agency(caller), uow))


def _agency(caller: Principal) -> str:
    if caller.agency is None:
        raise Refusal(FORBIDDEN)
    return caller.agency
