"""Themes (一件事主题) that the region offers, with their one form."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from gateway.matters.api.dependencies import Region
from gateway.matters.api.titles import TitleOut
from gateway.matters.use_cases.themes import ThemeNotFound, find_theme, matching_themes
from shared.identifiers.service_item import CrossRegionMode
from shared.region import Matter, Part, RegionPack, Text, ThemeSubject, typed_fields
from shared.security.access import public
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import ServiceRoute

router = APIRouter(prefix="/matters/v1/themes", route_class=ServiceRoute, tags=["themes"])

EVERYBODY = public("whoever wants to open a matter may see what it asks")


class ThemeSummaryOut(ResponseModel):
    key: str = Field(examples=["open_restaurant"])
    title: TitleOut
    subject: ThemeSubject
    stage: str = Field(examples=["start"])
    stage_title: TitleOut
    limit: str = Field(examples=["0.5 working_day"])
    cross_region: CrossRegionMode | None
    only_at_home: str | None = Field(description="The law by which not every office accepts it")


class AgencyOut(ResponseModel):
    uscc: str
    name: TitleOut


class PartOut(ResponseModel):
    """A step, a task or a permit, and what its own form asked for before facts were shared."""

    key: str
    kind: str = Field(examples=["filing", "permit_application", "task", "permit"])
    title: TitleOut
    agency: AgencyOut
    limit: str
    after: list[str]
    fee_fen: int
    is_optional: bool
    form_fields: list[str]


class ThemeOut(ThemeSummaryOut):
    """Everything that an applicant or a client program needs to open such a matter."""

    form: dict[str, Any] = Field(description="JSON Schema 2020-12 of the form")
    typed_fields: list[str] = Field(description="Pointers of all that may have to be typed")
    lead_agency: AgencyOut
    items: list[str] = Field(description="Codes of the service items that it bundles")
    subject_is_registered: bool = Field(description="Whether it asks for the code of a registered enterprise")
    steps: list[PartOut]
    tasks: list[PartOut]
    permits: list[PartOut]
    is_confirmed: bool = Field(
        description="Whether the city has confirmed the departments' own lists of fields"
    )


@router.get("", dependencies=[EVERYBODY], summary="List themes (一件事主题目录)")
async def list_themes(
    region: Region,
    paged: Paged,
    response: Response,
    subject: Annotated[ThemeSubject | None, Query(description="Whose life it is about (主体)")] = None,
    stage: Annotated[
        str | None,
        Query(
            min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$", description="Stage of that life (阶段)"
        ),
    ] = None,
    q: Annotated[
        str | None, Query(min_length=1, max_length=50, description="Words of the title, zh or en (关键词)")
    ] = None,
) -> Page[ThemeSummaryOut]:
    """By key; of one subject, stage or wording where asked for."""
    after = paged.after[0] if paged.after else ""
    found = matching_themes(region, subject, stage, q)
    themes = [_summary(region, theme) for theme in found if theme.key > after]
    return paged.page(themes[: paged.fetch], lambda each: (each.key,), response)


@router.get("/{key}", dependencies=[EVERYBODY], summary="Read a theme with its form (一件事主题)")
@refuses(ThemeNotFound)
async def read_theme(
    key: Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")], region: Region
) -> ThemeOut:
    """The form's schema is what a matter is checked against."""
    theme = find_theme(region, key)
    form = region.matter_form(key)
    return ThemeOut(
        **_summary(region, theme).model_dump(),
        form=form,
        typed_fields=list(typed_fields(form)),
        lead_agency=_agency(region, theme.lead_agency),
        items=list(theme.items),
        subject_is_registered=theme.is_for_registered,
        steps=[_part(region, step, step.kind.value) for step in theme.steps],
        tasks=[_part(region, task, "task") for task in theme.tasks],
        permits=_permits(region, theme),
        is_confirmed=not any(task.confirm for task in theme.tasks),
    )


def _part(region: RegionPack, part: Part, kind: str) -> PartOut:
    return PartOut(
        key=part.key,
        kind=kind,
        title=_title(part.title),
        agency=_agency(region, part.agency),
        limit=_limit(region, part.limit),
        after=list(part.after),
        fee_fen=part.fee_fen,
        is_optional=part.is_optional,
        form_fields=list(part.form_fields),
    )


def _permits(region: RegionPack, theme: Matter) -> list[PartOut]:
    if theme.scheme is None:
        return []
    items = [region.permit_item(permit.item) for permit in region.scheme(theme.scheme).component_permits]
    return [
        PartOut(
            key=item.key,
            kind="permit",
            title=_title(item.name),
            agency=_agency(region, item.agency),
            limit=f"{item.promised.value} {item.promised.unit.value}",
            after=[],
            fee_fen=0,
            is_optional=False,
            form_fields=list(item.form_fields),
        )
        for item in items
    ]


def _summary(region: RegionPack, theme: Matter) -> ThemeSummaryOut:
    return ThemeSummaryOut(
        key=theme.key,
        title=_title(theme.title),
        subject=theme.subject,
        stage=theme.stage,
        stage_title=_title(region.handling.stage(theme.stage).title),
        limit=_limit(region, theme.limit),
        cross_region=theme.cross_region,
        only_at_home=theme.only_at_home,
    )


def _agency(region: RegionPack, key: str) -> AgencyOut:
    agency = region.agency(key)
    return AgencyOut(uscc=agency.uscc, name=_title(agency.name))


def _limit(region: RegionPack, key: str) -> str:
    limit = region.limit(key)
    return f"{limit.value} {limit.unit.value}"


def _title(text: Text) -> TitleOut:
    return TitleOut(zh=text.zh, en=text.en)
