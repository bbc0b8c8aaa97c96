"""The standard of an item on the wire, with both languages, as its owner writes and reads it."""

from decimal import Decimal
from typing import Annotated, Any, Final, Self

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from gateway.catalogue.items.domain.standard import Standard
from shared.calendar import InvalidLimit, Limit, LimitUnit
from shared.identifiers.channel import Channel
from shared.identifiers.service_item import (
    Classification,
    CrossRegionMode,
    ItemType,
    MaterialSource,
    OnlineDepth,
    ServedSubject,
)
from shared.security.office import OfficeLevel
from shared.web.fields import Fen, Flag, RequestModel, ShortText, UsccField

_STANDARD: Final = TypeAdapter(Standard)

Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
KeyField = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
ResourceKey = Annotated[
    str, StringConstraints(min_length=3, max_length=99, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")
]
PlaceCode = Annotated[str, StringConstraints(min_length=9, max_length=12, pattern=r"^[0-9]{9}([0-9]{3})?$")]
RegionCode = Annotated[
    str, StringConstraints(min_length=6, max_length=12, pattern=r"^[0-9]{6}([0-9]{3}){0,2}$")
]
Amount = Annotated[
    str, StringConstraints(min_length=1, max_length=8, pattern=r"^(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?$")
]


class WordingBody(RequestModel):
    """A text; English where it is translated."""

    zh: Annotated[Line, Field(examples=["户外招牌设置"])]
    en: Annotated[Line | None, Field(examples=["Signboards"])] = None


class LimitBody(RequestModel):
    """A time limit; `immediate` goes with 0."""

    value: Annotated[Amount, Field(examples=["5"])]
    unit: Annotated[LimitUnit, Field(examples=["working_day"])]

    @model_validator(mode="after")
    def _is_a_limit(self) -> Self:
        try:
            Limit(Decimal(self.value), self.unit)
        except InvalidLimit:
            raise ValueError("no_limit|数值与单位不符|the value does not go with the unit") from None
        return self


class MaterialBody(RequestModel):
    """A paper: whence it comes; `shared_from` is a resource, `proof` a code of the list of proofs."""

    code: Annotated[KeyField, Field(examples=["signboard_sketch"])]
    title: WordingBody
    source: Annotated[MaterialSource, Field(examples=["applicant"])]
    is_required: Flag = True
    shared_from: ResourceKey | None = None
    proof: KeyField | None = None


class FeeBody(RequestModel):
    """What is charged, and on which basis."""

    title: WordingBody
    amount_fen: Fen
    basis: Line


class UnitBody(RequestModel):
    """Which agency handles the item for a region."""

    region: Annotated[RegionCode, Field(examples=["140881"])]
    agency_uscc: UsccField


class StandardBody(RequestModel):
    """All that is told of an item. What is left out and must be there is refused with 422, each with its place."""

    title: WordingBody
    item_type: Annotated[ItemType, Field(examples=["licence"])]
    subjects: Annotated[tuple[ServedSubject, ...], Field(max_length=3)] = ()
    levels: Annotated[tuple[OfficeLevel, ...], Field(max_length=5, description="行使层级")] = ()
    legal_basis: Annotated[tuple[Line, ...], Field(max_length=20, description="设定依据")] = ()
    conditions: Annotated[tuple[WordingBody, ...], Field(max_length=50, description="受理条件")] = ()
    criteria: Annotated[tuple[WordingBody, ...], Field(max_length=50, description="审查标准")] = ()
    materials: Annotated[tuple[MaterialBody, ...], Field(max_length=50, description="申请材料")] = ()
    steps: Annotated[tuple[WordingBody, ...], Field(max_length=50, description="办理流程")] = ()
    statutory: Annotated[LimitBody, Field(description="法定时限")]
    promised: Annotated[LimitBody, Field(description="承诺时限")]
    channels: Annotated[tuple[Channel, ...], Field(max_length=7, description="办理渠道")] = ()
    online_depth: Annotated[OnlineDepth, Field(description="网上办理深度, 1 to 4")]
    handling_system: Annotated[KeyField, Field(examples=["licensing"], description="办理系统")]
    online_full: Annotated[Flag, Field(description="全程网办")]
    legal_exception: Annotated[Line | None, Field(description="The law that keeps it from being online")] = (
        None
    )
    presence_basis: Annotated[Line | None, Field(description="On which basis somebody must come")] = None
    fees: Annotated[tuple[FeeBody, ...], Field(max_length=20)] = ()
    is_free: Flag = False
    is_instant: Annotated[Flag, Field(description="马上办")] = False
    zero_material: Annotated[Flag, Field(description="零材料")] = False
    accepts_any_office: Annotated[Flag, Field(description="无差别受理")] = False
    cross_region: Annotated[CrossRegionMode | None, Field(description="跨域通办")] = None
    places: Annotated[
        tuple[PlaceCode, ...], Field(max_length=500, description="Towns and villages; none: all of a level")
    ] = ()
    units: Annotated[tuple[UnitBody, ...], Field(max_length=100, description="承办单位")] = ()
    life_events: Annotated[tuple[KeyField, ...], Field(max_length=20)] = ()
    needs: Annotated[tuple[ShortText, ...], Field(max_length=50, description="How people call it")] = ()
    classification: Classification = Classification.PUBLIC

    def standard(self) -> Standard:
        """As the domain has it."""
        return _STANDARD.validate_python(self.model_dump())

    @classmethod
    def of(cls, standard: Standard) -> Self:
        """As it is shown to its owner."""
        return cls.model_validate(_STANDARD.dump_python(standard, mode="json"))


EXAMPLE: Final[dict[str, Any]] = {
    "title": {"zh": "户外广告设施设置审批", "en": "Permit for outdoor advertising"},
    "item_type": "licence",
    "subjects": ["legal_person"],
    "levels": ["county", "town"],
    "legal_basis": ["城市市容和环境卫生管理条例第十一条"],
    "conditions": [{"zh": "符合城市容貌标准", "en": "In keeping with the city's appearance"}],
    "criteria": [{"zh": "位置、规格符合设置规划", "en": "Place and size follow the plan"}],
    "materials": [
        {
            "code": "sketch",
            "title": {"zh": "效果图", "en": "Sketch"},
            "source": "applicant",
            "is_required": True,
        },
        {
            "code": "business_licence",
            "title": {"zh": "营业执照", "en": "Business licence"},
            "source": "shared",
            "is_required": True,
            "shared_from": "registration.enterprise",
        },
    ],
    "steps": [{"zh": "申请", "en": "Application"}, {"zh": "决定", "en": "Decision"}],
    "statutory": {"value": "20", "unit": "working_day"},
    "promised": {"value": "5", "unit": "working_day"},
    "channels": ["hall", "portal"],
    "online_depth": 4,
    "handling_system": "licensing",
    "online_full": True,
    "needs": ["广告牌", "灯箱"],
}
