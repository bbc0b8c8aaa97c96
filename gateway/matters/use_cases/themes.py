"""Themes (一件事主题) of the region pack, and the requests that a form makes of their steps."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.matters.domain.application_request import ApplicationForm, application_request
from gateway.matters.domain.filing_request import (
    KIND,
    PRINCIPAL_ID_NUMBER,
    PRINCIPAL_NAME,
    SCOPE,
    Places,
)
from gateway.matters.domain.model import (
    Json,
    Title,
)
from gateway.matters.use_cases.case_parts import facts_of, steps_in
from gateway.matters.use_cases.filing_bodies import Drafted, filing_body, notice_body
from gateway.matters.use_cases.form_checks import FormNotAccepted, field_of_source, permit_sections
from shared import region
from shared.identifiers.channel import Channel
from shared.region import FieldClass, FieldType, NotInRegionPack, RegionPack, Text, ThemeSubject
from shared.web.problems import FieldFault

Requests = dict[str, tuple[Json, Places]]


class ThemeNotFound(Exception):
    """The region offers no such theme."""


def offered_themes(pack: RegionPack) -> list[region.Matter]:
    """By key."""
    return sorted(pack.matters, key=lambda each: each.key)


def matching_themes(
    pack: RegionPack, subject: ThemeSubject | None, stage: str | None, words: str | None
) -> list[region.Matter]:
    """Of one subject, of one stage of its life, with words of the title in either language. Source: GW-21."""
    wanted = (words or "").casefold()
    return [
        theme
        for theme in offered_themes(pack)
        if subject in (None, theme.subject)
        and stage in (None, theme.stage)
        and (wanted in theme.title.zh.casefold() or wanted in theme.title.en.casefold())
    ]


def find_theme(pack: RegionPack, key: str) -> region.Matter:
    """Raises: ThemeNotFound."""
    theme = theme_if_offered(pack, key)
    if theme is None:
        raise ThemeNotFound
    return theme


def theme_if_offered(pack: RegionPack, key: str) -> region.Matter | None:
    """None for the theme of an older matter that the region offers no more."""
    return next((theme for theme in pack.matters if theme.key == key), None)


def build_requests(
    pack: RegionPack,
    theme: region.Matter,
    drafted: Drafted,
    channel: Channel,
    commitments: tuple[str, ...],
) -> Requests:
    """The body of each step's command, with the matter's channel. Raises: FormNotAccepted."""
    made: Requests = {}
    body: Json
    for step in steps_in(theme, facts_of(pack, drafted.form, drafted.known)):
        if step.kind is region.StepKind.FILING:
            body, places = filing_body(pack, step, drafted)
        elif step.kind is region.StepKind.EXIT_NOTICE:
            made[step.key] = notice_body(drafted)
            continue
        else:
            body, places = _application(pack, theme, drafted.matter_id, drafted.form, commitments)
        made[step.key] = {**body, "channel": channel.value}, places
    return made


def division_of(requests: Requests) -> str | None:
    """The town in which the enterprise is filed to be, when it is established."""
    bodies = (body for body, _ in requests.values() if body.get("kind") == "establishment")
    towns = (body["domicile"]["division_code"] for body in bodies)
    return next(towns, None)


def _application(
    pack: RegionPack, theme: region.Matter, matter_id: str, form: Json, commitments: tuple[str, ...]
) -> tuple[Json, Places]:
    if theme.scheme is None:
        raise NotInRegionPack("schemes", theme.key)
    scheme = pack.scheme(theme.scheme)
    scope_field = field_of_source(pack, theme.shared_fields, SCOPE)
    if not set(scheme.scope_codes) & set(form[scope_field]):
        raise FormNotAccepted(
            (
                FieldFault(
                    f"/form/{scope_field}",
                    "scope-of-industry",
                    "经营范围应包含：" + "、".join(scheme.scope_codes),
                    "the business scope must hold one of " + ", ".join(scheme.scope_codes),
                ),
            )
        )
    required = {permit.item for permit in scheme.required_permits(form["answers"])}
    return application_request(
        ApplicationForm(
            values={**_by_field(pack, scheme.common_fields, principal_facts(pack, theme, form)), **form},
            industry_code=scheme.key,
            scope_field=scope_field,
            own_fields=[name for name in scheme.common_fields if not _told_by_events(pack, name)],
            sections=[item for item in permit_sections(pack, theme) if item in required],
            commitments=commitments,
        ),
        matter_id,
    )


def principal_facts(pack: RegionPack, theme: region.Matter, form: Json) -> dict[str, str]:
    """Who stands for the enterprise (the first role of its kind), by the source under which it is known.

    Nobody, once the form of an ended matter is purged.
    """
    if not theme.makes_enterprise or not form:
        return {}
    kind = pack.registration.kind(form[field_of_source(pack, theme.shared_fields, KIND)])
    people = form[_people_field(pack, theme.shared_fields)]
    head = next((each for each in people if kind and each["role"] == kind.roles[0].key), None)
    if head is None:
        return {}
    return {PRINCIPAL_NAME: head["name"], PRINCIPAL_ID_NUMBER: head["id_number"]}


def _people_field(pack: RegionPack, names: Iterable[str]) -> str:
    return next(name for name in names if pack.form_field(name).type is FieldType.RECORDS)


def _by_field(pack: RegionPack, names: Iterable[str], facts: Mapping[str, str]) -> dict[str, str]:
    sources = {name: pack.form_field(name).source for name in names}
    return {name: facts[source] for name, source in sources.items() if source and source in facts}


def _told_by_events(pack: RegionPack, name: str) -> bool:
    """Whether the services know the field without being told: events carry public facts only."""
    source = pack.form_field(name).source
    service, _, fact = (source or "").partition(".")
    classes = {
        field.field_class
        for resource in pack.resources
        for field in resource.fields
        if resource.key.startswith(f"{service}.") and field.name == fact
    }
    return classes == {FieldClass.PUBLIC}


def title_of(text: Text) -> Title:
    return Title(text.zh, text.en)


def changed_since_registration(
    pack: RegionPack, theme: region.Matter, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[FieldFault, ...]:
    """What a registered enterprise can no longer change here: the fields that its filing was made of."""
    filed = [name for step in theme.steps if step.is_establishment for name in step.form_fields]
    return tuple(
        FieldFault(
            f"/form/{name}",
            "registered-already",
            "已登记，变更请办理变更登记",
            "registered already; it is changed by an alteration filing",
        )
        for name in filed
        if before.get(name) != after.get(name)
    )
