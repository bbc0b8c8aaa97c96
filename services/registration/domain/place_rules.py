"""Rules on addresses: domicile (住所), further places of business (一照多址), where papers of the law are served."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from services.registration.domain.addresses import Domicile, FurtherAddress
from services.registration.domain.establishment import Establishment
from services.registration.domain.legal_basis import regulation
from services.registration.domain.policy import RegistryPolicy, Wording
from services.registration.domain.rule import Rule, RuleResult, fault, noted, passed

IN_REGION: Final = Rule(
    "domicile.in_region",
    regulation("十一", "11"),
    Wording("住所在本登记机关辖区内", "the address is in the region"),
)
COMMITMENT: Final = Rule(
    "domicile.commitment",
    Wording("住所（经营场所）登记申报承诺制", "domicile by declaration and commitment"),
    Wording("已作出住所真实性承诺", "the address is declared with a commitment"),
)
ADDRESS: Final = Rule(
    "domicile.address_match",
    Wording("住所（经营场所）在线核验", "online verification of the address"),
    Wording("住所与所选乡镇街道一致", "the address matches the town"),
)
FURTHER: Final = Rule(
    "further_addresses.in_region",
    Wording(
        "“一照多址”改革；《市场主体登记管理条例》第十一条",
        "one licence for several addresses; Regulations, art. 11",
    ),
    Wording("其他经营场所在本地区内且不重复", "further addresses are in the region and stand once"),
)
PUBLIC_SAFETY: Final = Rule(
    "further_addresses.public_safety",
    Wording(
        "国务院创新试点意见（四）：直接涉及公共安全的除外",
        "国务院创新试点意见 (四): not where public safety is touched",
    ),
    Wording(
        "其他经营场所不经营直接涉及公共安全的项目", "nothing that touches public safety is done elsewhere"
    ),
)
SERVICE_ADDRESS: Final = Rule(
    "service_address.confirmed",
    Wording("企业法律文书送达地址先行确认及责任承诺制", "confirmation of the service address beforehand"),
    Wording("已确认法律文书送达地址", "the address for service of legal documents is confirmed"),
)


class AddressMatch(StrEnum):
    """What online verification says of an address."""

    MATCH = "match"
    NO_MATCH = "no_match"


def contradicts(division_code: str, street: str, policy: RegistryPolicy) -> str | None:
    """The other town that an address names, where it does not name the chosen one; None where they agree."""
    town = policy.towns.get(division_code)
    others = [name for code, name in policy.towns.items() if code != division_code and name in street]
    return others[0] if town is not None and others and town not in street else None


def matches(division_code: str, street: str, policy: RegistryPolicy) -> AddressMatch:
    """Whether an address is in the region, and where it says."""
    fits = division_code in policy.towns and contradicts(division_code, street, policy) is None
    return AddressMatch.MATCH if fits else AddressMatch.NO_MATCH


def review_domicile(domicile: Domicile, policy: RegistryPolicy) -> Iterator[RuleResult]:
    """Apply every rule on the domicile."""
    code = domicile.division_code
    if code in policy.towns:
        yield passed(IN_REGION, "/domicile/division_code")
    else:
        zh, en = "住所应在本地区的乡镇、街道内", "the address must lie in a town of this region"
        yield fault(IN_REGION, "/domicile/division_code", zh, en)
    if domicile.commitment:
        yield passed(COMMITMENT, "/domicile/commitment")
    else:
        zh, en = "请承诺住所信息真实、合法", "commit that the address is true and may be used"
        yield fault(COMMITMENT, "/domicile/commitment", zh, en)
    other = contradicts(code, domicile.street, policy)
    if other is None:
        yield passed(ADDRESS, "/domicile/street")
    else:
        town = policy.towns[code]
        zh = f"地址写有“{other}”，与所选“{town}”不一致，登记后核查"
        en = f"the address names {other}, the town chosen is {town}: checked after registration"
        yield noted(ADDRESS, "/domicile/street", zh, en)


def review_further(filed: Establishment, policy: RegistryPolicy) -> Iterator[RuleResult]:
    """Further addresses of a new enterprise."""
    full = None
    if filed.domicile.division_code in policy.towns:
        full = policy.address(filed.domicile.division_code, filed.domicile.street)
    yield from review_further_addresses(filed.further_addresses, filed.scope, full, policy)


def review_further_addresses(
    addresses: tuple[FurtherAddress, ...],
    scope: tuple[str, ...],
    domicile: str | None,
    policy: RegistryPolicy,
) -> Iterator[RuleResult]:
    """Apply every rule on further addresses; none where there are none. `domicile` is the whole address."""
    if not addresses:
        return
    faults = []
    seen = {domicile}
    for at, address in enumerate(addresses):
        if address.division_code not in policy.towns:
            zh, en = (
                "应在本地区的乡镇、街道内；区外请设立分支机构",
                "in a town of this region; elsewhere a branch is needed",
            )
            faults.append(fault(FURTHER, f"/further_addresses/{at}/division_code", zh, en))
        elif address.text in seen:
            zh, en = "地址重复", "the address stands twice"
            faults.append(fault(FURTHER, f"/further_addresses/{at}/text", zh, en))
        seen.add(address.text)
    yield from faults or [passed(FURTHER, "/further_addresses")]
    unsafe = [code for code in scope if code in policy.scope and policy.scope[code].touches_public_safety]
    for code in unsafe:
        name = policy.scope[code].text
        zh = f"“{name.zh}”直接涉及公共安全，不适用一照多址"
        yield fault(
            PUBLIC_SAFETY, "/further_addresses", zh, f"{name.en} touches public safety: one address only"
        )
    if not unsafe:
        yield passed(PUBLIC_SAFETY, "/further_addresses")


def review_service_address(filed: Establishment) -> RuleResult:
    """Papers reach the enterprise where it says, and it answers for that."""
    at = "/service_address_confirmed"
    if filed.service_address_confirmed:
        return passed(SERVICE_ADDRESS, at)
    zh, en = "请确认法律文书送达地址", "confirm the address for service of legal documents"
    return fault(SERVICE_ADDRESS, at, zh, en)
