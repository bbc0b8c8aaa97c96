"""Industries of the directory (行业目录): the questions, the one-time notice and the one form."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from services.licensing.api.dependencies import IndustryCode, InOffice, name_of
from services.licensing.api.texts import AgencyOut, LimitOut, TextOut
from services.licensing.domain.enterprise import EnterpriseNotFound, EnterpriseUnknown
from services.licensing.domain.notice import Notice, NoticeCondition, NoticeMaterial
from services.licensing.domain.rules import IndustryUnknown, PermitRule, Wording
from services.licensing.use_cases.check_input import InputRefused
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.prefill_form import PrefilledForm, prefill_form
from services.licensing.use_cases.rulebook import agency_name, rules_of, scheme_of, wording
from services.licensing.use_cases.tell_notice import tell_notice
from shared.region import IndustryScheme
from shared.security.access import public, requires
from shared.web.fields import Code, RequestModel, ResponseModel, UsccField
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, ServiceRoute

router = APIRouter(prefix="/licensing/v1/industries", route_class=ServiceRoute, tags=["industries"])
OPEN = public("what the law asks for is public")

Answers = Annotated[
    dict[Code, Any],
    Field(
        max_length=50,
        json_schema_extra={"additionalProperties": {"type": ["boolean", "integer"]}},
        examples=[
            {
                "floor_area_m2": 180,
                "sells_tobacco": False,
                "discharges_to_sewer": False,
                "is_assembly_place": True,
            }
        ],
    ),
]


class IndustryOut(ResponseModel):
    """An industry in the list."""

    code: str
    name: TextOut
    lead_agency: AgencyOut
    permit_items: list[str]


class IndustriesOut(ResponseModel):
    """The directory of a region."""

    industries: list[IndustryOut]
    pack_version: str


class ItemOut(ResponseModel):
    """A permit that the industry may ask for; without a condition it always does."""

    item: str
    name: TextOut
    agency: AgencyOut
    is_conditional: bool
    offers_commitment: bool


class IndustryDetailOut(ResponseModel):
    """An industry with its questions as JSON Schema."""

    code: str
    name: TextOut
    lead_agency: AgencyOut
    gbt4754: list[str]
    items: list[ItemOut]
    questions: dict[str, Any]
    pack_version: str


class NoticeIn(RequestModel):
    """Answers to the industry's questions."""

    answers: Answers


class RequiredOut(ResponseModel):
    """A permit that is needed."""

    item: str
    name: TextOut
    agency: AgencyOut
    mode: str
    statutory_limit: LimitOut
    promised_limit: LimitOut
    onsite_check: str
    onsite_within: LimitOut | None
    offers_commitment: bool
    commitment_text: TextOut | None
    commitment_minimum_grade: str | None
    comes_after: list[str]
    valid_years: int | None
    legal_basis: list[str]


class NotRequiredOut(ResponseModel):
    """A permit that is not needed, and why."""

    item: str
    name: TextOut
    agency: AgencyOut
    reason: TextOut


class ConditionOut(ResponseModel):
    """A condition and the permits that set it."""

    text: TextOut
    needed_for: list[str]


class MaterialOut(ResponseModel):
    """A paper and the permits that need it."""

    key: str
    name: TextOut
    is_main: bool
    needed_for: list[str]
    shared_from: str | None


class NoticeOut(ResponseModel):
    """The one notice."""

    industry_code: str
    industry: TextOut
    lead_agency: AgencyOut
    answers: dict[str, bool | int]
    required: list[RequiredOut]
    not_required: list[NotRequiredOut]
    conditions: list[ConditionOut]
    materials: list[MaterialOut]
    materials_waived: list[MaterialOut]
    pack_version: str
    notice_version: str

    @classmethod
    def of(cls, notice: Notice) -> "NoticeOut":
        """From the domain."""
        return cls(
            industry_code=notice.industry.code,
            industry=TextOut.of(notice.industry.name),
            lead_agency=AgencyOut.of(notice.industry.lead),
            answers=dict(notice.answers),
            required=[_required(rule) for rule in notice.industry.required],
            not_required=[_not_required(rule, reason) for rule, reason in notice.industry.not_required],
            conditions=[_condition(condition) for condition in notice.conditions],
            materials=[_material(material) for material in notice.materials],
            materials_waived=[_material(material) for material in notice.waived],
            pack_version=notice.pack_version,
            notice_version=notice.version,
        )


class FormOut(ResponseModel):
    """The one form: its JSON Schema, what is filled already and from where, and pointers to what is left."""

    industry_code: str
    form_schema: Annotated[dict[str, Any], Field(description="JSON Schema 2020-12")]
    prefilled: dict[str, Any]
    sources: dict[str, str]
    remaining: list[str]

    @classmethod
    def of(cls, form: PrefilledForm) -> "FormOut":
        """From the use case."""
        return cls(
            industry_code=form.industry_code,
            form_schema=form.schema,
            prefilled=form.prefilled,
            sources=form.sources,
            remaining=list(form.remaining),
        )


@router.get("", dependencies=[OPEN], summary="List industries (行业目录)")
async def list_industries(office: InOffice) -> IndustriesOut:
    """The industries that have a comprehensive permit in this region."""
    return IndustriesOut(
        industries=[_listed(scheme, office) for scheme in office.region.schemes],
        pack_version=office.region.version,
    )


@router.get("/{code}", dependencies=[OPEN], summary="Read an industry and its questions (行业与提问)")
@refuses(IndustryUnknown)
async def read_industry(code: IndustryCode, office: InOffice) -> IndustryDetailOut:
    """The questions come as a JSON Schema; every one has to be answered for the notice."""
    scheme = scheme_of(office.region, code)
    conditional = {permit.item for permit in scheme.component_permits if permit.condition is not None}
    return IndustryDetailOut(
        code=scheme.key,
        name=TextOut.of(wording(scheme.name)),
        lead_agency=AgencyOut.of(agency_name(office.region.agency(scheme.lead_agency))),
        gbt4754=list(scheme.gbt4754),
        items=[
            ItemOut(
                item=rule.item,
                name=TextOut.of(rule.name),
                agency=AgencyOut.of(rule.agency),
                is_conditional=rule.item in conditional,
                offers_commitment=rule.offers_commitment,
            )
            for rule in rules_of(office.region, scheme)
        ],
        questions=scheme.answers_schema(),
        pack_version=office.region.version,
    )


@router.post(
    "/{code}/notice",
    dependencies=[OPEN],
    summary="Tell the one-time notice (一次告知单)",
    openapi_extra={"x-idempotent": True},
)
@refuses(IndustryUnknown, InputRefused)
async def notice(code: IndustryCode, body: NoticeIn, office: InOffice) -> NoticeOut:
    """All permits, conditions and materials at once; what is not needed with its reason."""
    return NoticeOut.of(tell_notice(code, body.answers, office))


@router.get(
    "/{code}/form",
    dependencies=[requires("licensing.application.submit")],
    summary="Read the one form, prefilled (一张表单)",
)
@refuses(IndustryUnknown, EnterpriseUnknown, EnterpriseNotFound)
async def form(
    code: IndustryCode,
    uscc: Annotated[UsccField, Query(description="The enterprise (统一社会信用代码)")],
    caller: Caller,
    uow: InTransaction,
    office: InOffice,
) -> FormOut:
    """Only in its name, or for who applied for its establishment.

    What registration has told is filled in, not to be sent back.
    """
    return FormOut.of(await prefill_form(code, uscc, name_of(caller), uow, office))


def _listed(scheme: IndustryScheme, office: Office) -> IndustryOut:
    return IndustryOut(
        code=scheme.key,
        name=TextOut.of(wording(scheme.name)),
        lead_agency=AgencyOut.of(agency_name(office.region.agency(scheme.lead_agency))),
        permit_items=[permit.item for permit in scheme.component_permits],
    )


def _required(rule: PermitRule) -> RequiredOut:
    offer = rule.offer if rule.offers_commitment else None
    return RequiredOut(
        item=rule.item,
        name=TextOut.of(rule.name),
        agency=AgencyOut.of(rule.agency),
        mode=rule.mode.value,
        statutory_limit=LimitOut.of(rule.statutory),
        promised_limit=LimitOut.of(rule.promised),
        onsite_check=rule.onsite.value,
        onsite_within=LimitOut.of(rule.onsite_within) if rule.onsite_within else None,
        offers_commitment=rule.offers_commitment,
        commitment_text=TextOut.of(offer.text) if offer else None,
        commitment_minimum_grade=offer.minimum_grade if offer else None,
        comes_after=list(rule.needs),
        valid_years=rule.valid_years,
        legal_basis=list(rule.legal_basis),
    )


def _not_required(rule: PermitRule, reason: Wording) -> NotRequiredOut:
    return NotRequiredOut(
        item=rule.item,
        name=TextOut.of(rule.name),
        agency=AgencyOut.of(rule.agency),
        reason=TextOut.of(reason),
    )


def _condition(condition: NoticeCondition) -> ConditionOut:
    return ConditionOut(text=TextOut.of(condition.text), needed_for=list(condition.needed_for))


def _material(material: NoticeMaterial) -> MaterialOut:
    return MaterialOut(
        key=material.key,
        name=TextOut.of(material.name),
        is_main=material.is_main,
        needed_for=list(material.needed_for),
        shared_from=material.shared_from,
    )
