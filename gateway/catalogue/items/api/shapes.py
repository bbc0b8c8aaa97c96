"""What the catalogue answers: entries of lists, guides in the caller's language, drafts, figures."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field

from gateway.catalogue.items.api.standards import StandardBody
from gateway.catalogue.items.domain.figures import Figure, FigureKey
from gateway.catalogue.items.domain.item import Item, ItemStatus, ItemVersion
from gateway.catalogue.items.domain.standard import MaterialRule, Wording
from shared.calendar import Limit
from shared.identifiers.channel import Channel
from shared.identifiers.service_item import CrossRegionMode, ItemType, MaterialSource, ServedSubject
from shared.region import NotInRegionPack, RegionPack
from shared.security.office import OfficeLevel
from shared.web.fields import ResponseModel


class ItemEntryOut(ResponseModel):
    """An item in a list."""

    code: Annotated[str, Field(examples=["licensing.food_operation"])]
    version: int
    title: Annotated[str, Field(examples=["食品经营许可"], description="In the caller's language")]
    item_type: Annotated[ItemType, Field(examples=["licence"])]
    owner_uscc: str
    levels: list[OfficeLevel]
    channels: list[Channel]
    online_full: bool
    is_instant: bool
    zero_material: bool
    cross_region: CrossRegionMode | None
    promised: Annotated[str, Field(examples=["10 working_day"])]

    @classmethod
    def of(cls, version: ItemVersion, *, english: bool) -> Self:
        """Shape a version for a list."""
        standard = version.standard
        return cls(
            code=version.code,
            version=version.version,
            title=standard.title.localized(english=english),
            item_type=standard.item_type,
            owner_uscc=version.owner_uscc,
            levels=list(standard.levels),
            channels=list(standard.channels),
            online_full=standard.online_full,
            is_instant=standard.is_instant,
            zero_material=standard.zero_material,
            cross_region=standard.cross_region,
            promised=limit_text(standard.promised),
        )


class MaterialOut(ResponseModel):
    """A paper, and whether the applicant brings it; otherwise where the suite gets it (免提交)."""

    code: str
    title: str
    source: MaterialSource
    is_required: bool
    is_demanded: Annotated[bool, Field(description="The applicant must bring it")]
    shared_from: str | None
    provided_by: Annotated[str | None, Field(description="Who gives its content by sharing")]
    proof: str | None

    @classmethod
    def of(cls, material: MaterialRule, region: RegionPack, *, english: bool) -> Self:
        """Shape a paper."""
        return cls(
            code=material.code,
            title=material.title.localized(english=english),
            source=material.source,
            is_required=material.is_required,
            is_demanded=material.is_demanded,
            shared_from=material.shared_from,
            provided_by=_provider(material.shared_from, region, english=english),
            proof=material.proof,
        )


class FeeOut(ResponseModel):
    """What is charged, and on which basis."""

    title: str
    amount_fen: int
    basis: str


class UnitOut(ResponseModel):
    """Which agency handles the item for a region."""

    region: str
    agency_uscc: str


class GuideOut(ItemEntryOut):
    """The guide to an item (办事指南), in the caller's language where it is translated."""

    owner_name: str
    subjects: list[ServedSubject]
    legal_basis: list[str]
    conditions: list[str]
    criteria: list[str]
    materials: list[MaterialOut]
    steps: list[str]
    statutory: str
    online_depth: int
    handling_system: str
    legal_exception: str | None
    presence_basis: str | None
    fees: list[FeeOut]
    is_free: bool
    accepts_any_office: bool
    places: Annotated[list[str], Field(description="Towns and villages; none: all of a level")]
    units: list[UnitOut]
    life_events: list[str]
    effective_from: date
    effective_until: date | None
    published_at: datetime

    @classmethod
    def guide(cls, version: ItemVersion, region: RegionPack, *, english: bool) -> Self:
        """Shape a version as a guide."""
        standard = version.standard

        def told(texts: tuple[Wording, ...]) -> list[str]:
            return [text.localized(english=english) for text in texts]

        return cls(
            **ItemEntryOut.of(version, english=english).model_dump(),
            owner_name=owner_name(version.owner_uscc, region, english=english),
            subjects=list(standard.subjects),
            legal_basis=list(standard.legal_basis),
            conditions=told(standard.conditions),
            criteria=told(standard.criteria),
            materials=[MaterialOut.of(each, region, english=english) for each in standard.materials],
            steps=told(standard.steps),
            statutory=limit_text(standard.statutory),
            online_depth=int(standard.online_depth),
            handling_system=standard.handling_system,
            legal_exception=standard.legal_exception,
            presence_basis=standard.presence_basis,
            fees=[
                FeeOut(title=fee.title.localized(english=english), amount_fen=fee.amount_fen, basis=fee.basis)
                for fee in standard.fees
            ],
            is_free=standard.is_free,
            accepts_any_office=standard.accepts_any_office,
            places=list(standard.places),
            units=[UnitOut(region=each.region, agency_uscc=each.agency_uscc) for each in standard.units],
            life_events=list(standard.life_events),
            effective_from=version.effective_from,
            effective_until=version.effective_until,
            published_at=version.published_at,
        )


class VersionOut(ResponseModel):
    """A version in the history of an item."""

    version: int
    title: str
    effective_from: date
    effective_until: Annotated[date | None, Field(description="The first day on which it holds no more")]
    published_at: datetime
    published_by: str


class DraftOut(ResponseModel):
    """An item as its owner works on it."""

    code: str
    status: ItemStatus
    version: Annotated[int, Field(description="The newest published version; 0 before the first")]
    standard: StandardBody

    @classmethod
    def of(cls, item: Item) -> Self:
        """Shape an item with its draft."""
        assert item.draft is not None  # noqa: S101 - the use cases return items with drafts only
        return cls(
            code=item.code,
            status=item.status,
            version=item.version,
            standard=StandardBody.of(item.draft),
        )


class WithdrawnOut(ResponseModel):
    """An item that is offered no longer."""

    code: str
    status: ItemStatus
    version: int
    effective_from: date
    reason: str


class FigureOut(ResponseModel):
    """A figure beside its target (NFR-16); percent with two decimals, or a count."""

    figure: FigureKey
    place: Annotated[str, Field(description="Division code of the region or town", examples=["140881"])]
    value: Annotated[Decimal | None, Field(examples=["93.75"])]
    numerator: int
    denominator: int | None
    target: Annotated[Decimal | None, Field(examples=["90"])]
    target_year: int | None
    target_from: Annotated[str | None, Field(description="The region whose policy sets the target")]
    met: bool | None

    @classmethod
    def of(cls, figure: Figure) -> Self:
        """Shape a figure."""
        target = figure.target
        return cls(
            figure=figure.key,
            place=figure.place,
            value=figure.value,
            numerator=figure.numerator,
            denominator=figure.denominator,
            target=target.value if target else None,
            target_year=target.year if target else None,
            target_from=target.taken_from if target else None,
            met=figure.is_met,
        )


class FiguresOut(ResponseModel):
    """All figures of a day."""

    on: date
    figures: list[FigureOut]


def limit_text(limit: Limit) -> str:
    """A limit as themes show it."""
    return f"{limit.value} {limit.unit.value}"


def owner_name(uscc: str, region: RegionPack, *, english: bool) -> str:
    """The name of an agency of the region; its code, should the pack no longer have it."""
    agency = region.agency_by_uscc(uscc)
    if agency is None:
        return uscc
    return agency.name.en if english else agency.name.zh


def _provider(key: str | None, region: RegionPack, *, english: bool) -> str | None:
    if key is None:
        return None
    try:
        provider = region.resource(key).provider
    except NotInRegionPack:
        return None  # an old version may name a resource that the pack has no longer
    name = region.agency(provider).name
    return name.en if english else name.zh
