"""Answers about what a matter brought."""

from datetime import datetime
from typing import Any

from pydantic import Field

from gateway.matters.api.titles import TitleOut
from gateway.matters.domain.register_facts import FactChange, FilingAgent
from gateway.matters.use_cases.results import MatterResult, PermitNeeded, ResultItem, StartUpPackage
from shared.region import PackageSection
from shared.web.fields import ResponseModel


class ResultItemOut(ResponseModel):
    """What one part came to."""

    key: str = Field(examples=["seal"])
    title: TitleOut
    agency_uscc: str
    result: dict[str, Any]
    free: list[TitleOut]
    handed_out_at: datetime | None = Field(
        description="When all results were handed out together (一次性发放)"
    )

    @classmethod
    def of(cls, item: ResultItem) -> "ResultItemOut":
        return cls(
            key=item.key,
            title=TitleOut.of(item.title),
            agency_uscc=item.agency_uscc,
            result=dict(item.result),
            free=[TitleOut.of(each) for each in item.free],
            handed_out_at=item.handed_out_at,
        )


class PermitNeededOut(ResponseModel):
    """A permit to apply for before operating (涉企经营许可事项), and the entries of the scope that call for it."""

    item: str = Field(examples=["food_operation"])
    title: TitleOut
    agency_uscc: str
    scope_codes: list[str]

    @classmethod
    def of(cls, needed: PermitNeeded) -> "PermitNeededOut":
        return cls(
            item=needed.item,
            title=TitleOut.of(needed.title),
            agency_uscc=needed.agency_uscc,
            scope_codes=list(needed.scope_codes),
        )


class MergedFilingOut(ResponseModel):
    """A filing that the licence took in (多证合一); nobody applies for it."""

    key: str
    title: TitleOut
    agency_uscc: str


class PackagePartOut(ResponseModel):
    section: PackageSection
    items: list[ResultItemOut]


class PolicyDocumentOut(ResponseModel):
    key: str
    title: TitleOut
    issued_by: str


class StartUpPackageOut(ResponseModel):
    """The start-up package (创业礼包): licence, permits, invoices, seals, and the policies of the industry."""

    parts: list[PackagePartOut]
    policy_documents: list[PolicyDocumentOut]

    @classmethod
    def of(cls, package: StartUpPackage) -> "StartUpPackageOut":
        return cls(
            parts=[
                PackagePartOut(section=part.section, items=[ResultItemOut.of(item) for item in part.items])
                for part in package.parts
            ],
            policy_documents=[
                PolicyDocumentOut(
                    key=each.key, title=TitleOut(zh=each.title.zh, en=each.title.en), issued_by=each.issued_by
                )
                for each in package.policies
            ],
        )


class MatterResultOut(ResponseModel):
    """What the matter brought so far."""

    items: list[ResultItemOut]
    cost_fen: int = Field(description="All fees together, in fen (办理费用)", examples=[0])
    permits_needed: list[PermitNeededOut] | None = Field(
        description="Permits that the new enterprise needs for its scope; empty means free to operate (告知许可事项)"
    )
    merged_filings: list[MergedFilingOut]
    start_up_package: StartUpPackageOut | None

    @classmethod
    def of(cls, result: MatterResult) -> "MatterResultOut":
        permits = result.permits_needed
        return cls(
            items=[ResultItemOut.of(item) for item in result.items],
            cost_fen=result.cost_fen,
            permits_needed=None if permits is None else [PermitNeededOut.of(each) for each in permits],
            merged_filings=[
                MergedFilingOut(
                    key=each.key,
                    title=TitleOut(zh=each.title_zh, en=each.title_en),
                    agency_uscc=each.agency_uscc,
                )
                for each in result.merged_filings
            ],
            start_up_package=StartUpPackageOut.of(result.package) if result.package else None,
        )


class FilingAgentOut(ResponseModel):
    """The institution that filed for the applicant, free of charge (代办机构)."""

    client_id: str = Field(examples=["bank"])
    agency_uscc: str

    @classmethod
    def of(cls, agent: FilingAgent) -> "FilingAgentOut":
        return cls(client_id=agent.client_id, agency_uscc=agent.agency_uscc)


class FactChangeOut(ResponseModel):
    """A field of the register before and after (变更前后内容)."""

    field: str = Field(examples=["domicile_text"])
    before: str | None
    after: str | None

    @classmethod
    def of(cls, change: FactChange) -> "FactChangeOut":
        return cls(field=change.field, before=change.before, after=change.after)
