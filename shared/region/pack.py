"""The region pack (地区配置包): a city's rules as data, complete, consistent and immutable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol, TypeVar

from pydantic import Field

from shared.calendar import OfficeSpan, WorkingCalendar
from shared.region.agencies import GOVERNS_SHARING, Agency, AgencyLevel
from shared.region.catalogue import CatalogueItem
from shared.region.conditions import Answer
from shared.region.divisions import DivisionTable, Region
from shared.region.facts import Line, Record
from shared.region.forms import DIALECT, FormField, JsonObject, closed_object
from shared.region.handling import MatterHandling
from shared.region.hotline import Hotline
from shared.region.limits import Parameter, TimeLimit
from shared.region.matters import Matter
from shared.region.permits import PermitItem
from shared.region.registration import RegistrationRules
from shared.region.retention import RecordKind, RetentionRule
from shared.region.schemes import ComponentPermit, IndustryScheme
from shared.region.scorecard import Scorecard
from shared.region.service_items import ServiceItems
from shared.region.sharing import DataResource, Grant, MustFollow, ThirdParty
from shared.region.theme_parts import chosen


@dataclass(eq=False)
class NotInRegionPack(LookupError):
    """The pack holds nothing of this name."""

    section: str
    key: str


class UnconfirmedFact(Record):
    """A fact that the city must still confirm, with the place where it is written."""

    file: Line
    line: int
    where: Line
    src: str
    note: str | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.where}: {self.note or self.src}"


class RegionPack(Record):
    """Everything that a city decides. Built by `load_region_pack` only, which checks all references."""

    region: Region
    divisions: DivisionTable
    agencies: Annotated[tuple[Agency, ...], Field(min_length=1)]
    limits: Annotated[tuple[TimeLimit, ...], Field(min_length=1)]
    parameters: tuple[Parameter, ...]
    form_fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    registration: RegistrationRules
    permit_items: tuple[PermitItem, ...]
    schemes: tuple[IndustryScheme, ...]
    scorecard: Scorecard
    credit_catalogue: tuple[CatalogueItem, ...]
    hotline: Hotline
    handling: MatterHandling
    matters: tuple[Matter, ...]
    service_items: ServiceItems
    resources: tuple[DataResource, ...]
    grants: tuple[Grant, ...]
    third_parties: tuple[ThirdParty, ...]
    must_follow: tuple[MustFollow, ...]
    retention: tuple[RetentionRule, ...]
    version: str
    """SHA-256 of the files' names and content, in hexadecimal."""
    unconfirmed_facts: tuple[UnconfirmedFact, ...]

    def unconfirmed(self) -> tuple[UnconfirmedFact, ...]:
        """What the city must still confirm, by file and line."""
        return self.unconfirmed_facts

    def agency(self, key: str) -> Agency:
        """Raises: NotInRegionPack; so do all look-ups by key."""
        return _named(self.agencies, key)

    def agency_by_uscc(self, uscc: str) -> Agency | None:
        return next((agency for agency in self.agencies if agency.uscc == uscc), None)

    def is_data_bureau(self, uscc: str | None) -> bool:
        """Whether a credit code is that of the agency which governs data sharing here."""
        agency = self.agency_by_uscc(uscc) if uscc else None
        return agency is not None and agency.has_duty(GOVERNS_SHARING)

    def calendar(self) -> WorkingCalendar:
        """Working days and office hours of the region."""
        return WorkingCalendar.national(
            local_closures=frozenset(closure.date for closure in self.region.closures),
            office_hours=tuple(
                OfficeSpan(span.opens, span.closes) for span in self.region.office_hours.spans
            ),
        )

    @property
    def zones(self) -> dict[str, tuple[str, ...]]:
        """The towns of each development zone, by its credit code."""
        return {agency.uscc: agency.towns for agency in self.agencies if agency.level is AgencyLevel.ZONE}

    def limit(self, key: str) -> TimeLimit:
        """A named time limit, such as `startup.total_limit`."""
        return _named(self.limits, key)

    def parameter(self, key: str) -> Parameter:
        return _named(self.parameters, key)

    def form_field(self, key: str) -> FormField:
        return _named(self.form_fields, key)

    def permit_item(self, key: str) -> PermitItem:
        return _named(self.permit_items, key)

    def scheme(self, key: str) -> IndustryScheme:
        return _named(self.schemes, key)

    def matter(self, key: str) -> Matter:
        return _named(self.matters, key)

    def catalogue_item(self, key: str) -> CatalogueItem:
        """An item of the public credit catalogue."""
        return _named(self.credit_catalogue, key)

    def retention_of(self, record: RecordKind) -> RetentionRule:
        """How long personal data of ended records of a kind is kept."""
        return _named(self.retention, record)

    def resource(self, key: str) -> DataResource:
        return _named(self.resources, key)

    def third_party(self, agency: str) -> ThirdParty | None:
        """What binds an institution outside the state, by the agency's key; None for an agency of the state."""
        return next((rule for rule in self.third_parties if rule.agency == agency), None)

    def scheme_form(self, key: str, answers: Mapping[str, Answer] | None = None) -> JsonObject:
        """The one form of a scheme as JSON Schema 2020-12: common fields, and one section per permit.

        With `answers` it holds the sections of the permits that they call for, all required;
        without, every section, none required. What registration knows carries `x-source`.
        """
        scheme = self.scheme(key)
        permits = scheme.component_permits if answers is None else scheme.required_permits(answers)
        sections = self._permit_sections(permits, asked_already=frozenset(scheme.common_fields))
        required = [] if answers is None else list(sections)
        properties = {name: self.form_field(name).json_schema() for name in scheme.common_fields}
        properties["permits"] = closed_object(sections, required)
        return {
            "$schema": DIALECT,
            "$id": f"/regions/{self.region.key}/schemes/{key}/form",
            "title": scheme.name.zh,
            "x-title-en": scheme.name.en,
            **closed_object(properties, [*self._required(scheme.common_fields), "permits"]),
        }

    def matter_form(self, key: str) -> JsonObject:
        """The one form of a matter as JSON Schema 2020-12: shared facts, then the scheme's questions.

        Nothing is prefilled here: this is where the facts are typed for the first time.
        """
        matter = self.matter(key)
        properties = {
            name: self.form_field(name).json_schema(is_prefilled=False) for name in matter.shared_fields
        }
        required = self._required(matter.shared_fields)
        if matter.scheme is not None:
            scheme = self.scheme(matter.scheme)
            asked_already = frozenset((*matter.shared_fields, *scheme.common_fields))
            properties["answers"] = scheme.answers_schema()
            properties["permits"] = closed_object(
                self._permit_sections(scheme.component_permits, asked_already), []
            )
            required = [*required, "answers", "permits"]
        return {
            "$schema": DIALECT,
            "$id": f"/regions/{self.region.key}/matters/{key}/form",
            "title": matter.title.zh,
            "x-title-en": matter.title.en,
            **closed_object(properties, required),
            **chosen(matter.options),
        }

    def _permit_sections(
        self, permits: Iterable[ComponentPermit], asked_already: frozenset[str]
    ) -> dict[str, JsonObject]:
        sections: dict[str, JsonObject] = {}
        for permit in permits:
            item = self.permit_item(permit.item)
            own = [name for name in item.own_fields if name not in asked_already]
            if own:
                fields = {name: self.form_field(name).json_schema() for name in own}
                sections[item.key] = {
                    "title": item.name.zh,
                    "x-title-en": item.name.en,
                    **closed_object(fields, self._required(own)),
                }
        return sections

    def _required(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if self.form_field(name).is_required]


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=_Keyed)


def _named(entries: tuple[K, ...], key: str) -> K:
    for entry in entries:
        if entry.key == key:
            return entry
    section = type(entries[0]).__name__ if entries else "nothing"
    raise NotInRegionPack(section, key)
