"""What is wrong with a standard: every reason at once, each with its place and its source."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.catalogue.items.domain.standard import MaterialRule, Standard
from shared.identifiers.channel import Channel
from shared.identifiers.service_item import Classification, CrossRegionMode, MaterialSource, OnlineDepth
from shared.security.office import level_of, region_covers

OFFLINE: Final = frozenset({Channel.HALL, Channel.PHONE})
ONLINE: Final = frozenset({Channel.PORTAL, Channel.APP, Channel.MINI_PROGRAM})
_PROOF: Final = "证明"


@dataclass(frozen=True)
class Shareable:
    """A paper whose content an agency gives by sharing: no applicant has to bring it."""

    code: str
    title: str
    resource: str
    owner_zh: str
    owner_en: str

    def covers(self, material: MaterialRule) -> bool:
        """Whether a material is this paper, by its code or by its name (营业执照副本复印件)."""
        return material.code == self.code or self.title in material.title.zh


@dataclass(frozen=True)
class Surroundings:
    """What a standard is checked against."""

    region: str
    towns: frozenset[str]
    agencies: frozenset[str]
    resources: frozenset[str]
    shareable: tuple[Shareable, ...]
    life_events: frozenset[str]
    proofs: frozenset[str]
    """Codes of the list of proofs that may be asked for (证明事项清单), as of the day of the check."""


@dataclass(frozen=True)
class Flaw:
    """One reason against a standard: where, a stable code, what is wrong."""

    pointer: str
    code: str
    zh: str
    en: str


def flaws_of(standard: Standard, around: Surroundings) -> tuple[Flaw, ...]:
    """Return every reason against publishing a standard."""
    return tuple(flaw for rule in _RULES for flaw in rule(standard, around))


def _is_complete(standard: Standard, _around: Surroundings) -> Iterator[Flaw]:
    """Source: GW-05, GW-14 (conditions, basis, criteria are public; steps and channels are told)."""
    needed: dict[str, Sequence[object]] = {
        "levels": standard.levels,
        "subjects": standard.subjects,
        "legal_basis": standard.legal_basis,
        "conditions": standard.conditions,
        "criteria": standard.criteria,
        "steps": standard.steps,
        "channels": standard.channels,
    }
    for name, stated in needed.items():
        if not stated:
            yield Flaw(f"/{name}", "missing", "此项必填", "this field is required")


def _is_public(standard: Standard, _around: Surroundings) -> Iterator[Flaw]:
    """Source: NFR-21 (what is secret does not enter online services)."""
    if standard.classification is Classification.SECRET:
        yield Flaw(
            "/classification",
            "secret",
            "涉密事项不得进入公开目录",
            "a secret item does not enter the catalogue",
        )


def _keeps_its_time(standard: Standard, _around: Surroundings) -> Iterator[Flaw]:
    statutory, promised = standard.statutory, standard.promised
    if statutory.unit is promised.unit and promised.value > statutory.value:
        yield Flaw(
            "/promised",
            "longer",
            "承诺时限长于法定时限",
            "the promised limit is longer than the statutory one",
        )


def _costs_nothing(standard: Standard, _around: Surroundings) -> Iterator[Flaw]:
    """Source: NFR-15."""
    if standard.is_free and any(fee.amount_fen for fee in standard.fees):
        yield Flaw("/fees", "free_of_charge", "免费事项不得收费", "an item that is free of charge has no fee")


def _is_handled_online(standard: Standard, _around: Surroundings) -> Iterator[Flaw]:
    """Source: GW-17 (fully online, or the law's exception), GW-18 (presence needs a basis)."""
    if not standard.online_full and standard.legal_exception is None:
        yield Flaw(
            "/legal_exception",
            "no_exception",
            "不能全程网办的事项须说明法律依据",
            "an item that is not fully online names the law that excepts it",
        )
    if standard.online_full and (standard.presence_basis or standard.legal_exception):
        yield Flaw(
            "/online_full", "contradiction", "全程网办与须到场相矛盾", "fully online, yet somebody must come"
        )
    if standard.online_full and standard.online_depth is not OnlineDepth.DELIVERED:
        yield Flaw("/online_depth", "too_shallow", "全程网办的办理深度为四级", "fully online means depth 4")
    if standard.cross_region is CrossRegionMode.FULL_ONLINE and not standard.online_full:
        yield Flaw(
            "/cross_region", "not_online", "该事项不能全程网办", "the item cannot be handled fully online"
        )


def _has_ways_for_all(standard: Standard, _around: Surroundings) -> Iterator[Flaw]:
    """Source: NFR-12 (an online item keeps a hall or phone channel)."""
    channels = frozenset(standard.channels)
    if channels and not channels & OFFLINE:
        yield Flaw(
            "/channels", "no_offline_channel", "须保留窗口或电话渠道", "a hall or phone channel must remain"
        )
    if channels and standard.online_full and not channels & ONLINE:
        yield Flaw(
            "/channels", "no_online_channel", "全程网办须有线上渠道", "fully online needs an online channel"
        )


def _asks_rightly(standard: Standard, around: Surroundings) -> Iterator[Flaw]:
    for place, material in enumerate(standard.materials):
        where = f"/materials/{place}"
        if any(material.code == other.code for other in standard.materials[:place]):
            yield Flaw(f"{where}/code", "repeated", "材料重复", "is named twice")
        yield from _source_flaws(material, where, around)
        yield from _proof_flaws(material, where, around)
    if standard.zero_material and any(material.is_demanded for material in standard.materials):
        yield Flaw("/zero_material", "contradiction", "零材料事项不得要求材料", "yet a material is demanded")


def _source_flaws(material: MaterialRule, where: str, around: Surroundings) -> Iterator[Flaw]:
    """Source: DS-06 (青海证照分离 三; what can be had by sharing is not demanded from the enterprise)."""
    if material.source is MaterialSource.SHARED and material.shared_from not in around.resources:
        yield Flaw(
            f"{where}/shared_from",
            "unknown_resource",
            "共享目录中没有该资源",
            "is no resource of the catalogue",
        )
    if not material.is_demanded:
        return
    for paper in around.shareable:
        if paper.covers(material):
            yield Flaw(
                f"{where}/source",
                "shareable_material",
                f"可通过共享获取（{paper.resource}，由{paper.owner_zh}提供），不得要求申请人提交",
                f"is had by sharing ({paper.resource}, from {paper.owner_en}); applicants do not bring it",
            )
            return


def _proof_flaws(material: MaterialRule, where: str, around: Surroundings) -> Iterator[Flaw]:
    """Source: LIC-31 (滁州条例 art. 27: outside the list no unit may demand a proof)."""
    is_proof = material.proof is not None or _PROOF in material.title.zh
    if is_proof and material.is_demanded and material.proof not in around.proofs:
        yield Flaw(
            f"{where}/proof", "proof_not_listed", "不在保留的证明事项清单内", "is not on the list of proofs"
        )


def _is_somewhere(standard: Standard, around: Surroundings) -> Iterator[Flaw]:
    for place, code in enumerate(standard.places):
        town = next((known for known in around.towns if region_covers(known, code)), None)
        if town is None or level_of(code) not in standard.levels:
            yield Flaw(
                f"/places/{place}",
                "not_a_place",
                "不是本地区行使层级内的镇村",
                "is no town or village of the region at the item's levels",
            )
    for place, unit in enumerate(standard.units):
        if unit.agency_uscc not in around.agencies:
            yield Flaw(
                f"/units/{place}/agency", "unknown_agency", "不是本地区的单位", "is no agency of this region"
            )
        if any(unit.region == other.region for other in standard.units[:place]):
            yield Flaw(f"/units/{place}/region", "repeated", "区划重复", "is named twice")
    for place, event in enumerate(standard.life_events):
        if event not in around.life_events:
            yield Flaw(
                f"/life_events/{place}", "unknown_life_event", "没有该人生事项", "is no known life event"
            )


_RULES: Final[tuple[Callable[[Standard, Surroundings], Iterator[Flaw]], ...]] = (
    _is_complete,
    _is_public,
    _keeps_its_time,
    _costs_nothing,
    _is_handled_online,
    _has_ways_for_all,
    _asks_rightly,
    _is_somewhere,
)
