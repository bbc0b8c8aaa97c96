"""Enterprise names (企业名称): their four parts, taken apart and made comparable.

Source: 企业名称登记管理规定 (2020) art. 6: region, distinctive part (字号), trade, form of organisation; art. 13:
branches bear the name of their enterprise.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.name_likeness import grave_marks, marks
from services.registration.domain.name_policy import NamePolicy
from services.registration.domain.name_variants import standard_form

_HAN: Final = re.compile(r"[㐀-䶿一-鿿]+")
_NOISE: Final = re.compile(r"[\s()（）·・.,，。\-—_'\"“”‘’]+")
_MIN_DISTINCTIVE: Final = 2

# Who may trade without a name of the business's own. Source: 市场主体登记管理条例 art. 8, 促进个体工商户发展条例.
MAY_BE_UNNAMED: Final = frozenset({EnterpriseKind.INDIVIDUAL_BUSINESS})


@dataclass(frozen=True)
class NameParts:
    """A name as a filing proposes it."""

    division: str
    distinctive: str
    trade: str
    form: str

    @property
    def full(self) -> str:
        """The whole name."""
        return f"{self.division}{self.distinctive}{self.trade}{self.form}"


@dataclass(frozen=True)
class BranchName:
    """The name of a branch: its enterprise's, the place that tells it from its sisters, what it is (分公司, 分店)."""

    enterprise: str
    place: str
    ending: str

    @property
    def full(self) -> str:
        """The whole name."""
        return f"{self.enterprise}{self.place}{self.ending}"


@dataclass(frozen=True)
class NameKeys:
    """What names are compared by: the whole, and within a division the distinctive part with the trade."""

    name: str
    distinctive: str
    trade: str


def name_key(name: str) -> str:
    """Bring a name to the form in which names are compared: standard characters, width, case and marks aside."""
    return standard_form(_NOISE.sub("", unicodedata.normalize("NFKC", name)).upper())


def is_han(text: str) -> bool:
    """Whether the text is Chinese characters only (汉字)."""
    return bool(_HAN.fullmatch(text))


def keys_of_parts(parts: NameParts, policy: NamePolicy) -> NameKeys:
    """Keys of a proposed name."""
    return NameKeys(name_key(parts.full), name_key(parts.distinctive), trade_key(parts.trade, policy))


def keys_of_branch(name: BranchName) -> NameKeys:
    """Keys of a branch's name, which competes as a whole: its distinctive part is its enterprise's own."""
    whole = name_key(name.full)
    return NameKeys(whole, whole, "")


def trade_key(trade: str, policy: NamePolicy) -> str:
    """The known trade word in a trade (餐饮 in 餐饮管理), or the trade itself where none is known."""
    key = name_key(trade)
    known = [word for word in policy.trades if word in key]
    return max(known, key=len) if known else key


def split_name(name: str, policy: NamePolicy) -> NameKeys:
    """Take a whole name apart, as far as that can be told from the outside.

    Prefixes and forms are those of the region; the trade begins at the first known trade word behind two
    characters. A name without one keeps its last two characters as trade, if that leaves two.
    """
    whole = name_key(name)
    middle = _without_form(_without_region(whole, policy), policy)
    found = [(at, word) for word in policy.trades if (at := middle.find(word, _MIN_DISTINCTIVE)) > 0]
    if found:
        at = min(position for position, _ in found)
        return NameKeys(whole, middle[:at], trade_key(middle[at:], policy))
    if len(middle) >= 2 * _MIN_DISTINCTIVE:
        return NameKeys(whole, middle[:-2], middle[-2:])
    return NameKeys(whole, middle, "")


def trades_touch(one: str, other: str, policy: NamePolicy) -> bool:
    """Whether two known trades share an industry class of GB/T 4754."""
    return bool(policy.trades.get(one, frozenset()) & policy.trades.get(other, frozenset()))


def neighbours(trade: str, policy: NamePolicy) -> tuple[str, ...]:
    """The other known trades that touch this one."""
    return tuple(other for other in policy.trades if other != trade and trades_touch(trade, other, policy))


def claim_marks(keys: NameKeys) -> tuple[str, ...]:
    """By these a held name is found; none for a name that competes as a whole (a branch's)."""
    if keys.distinctive == keys.name:
        return ()
    return tuple(f"{keys.trade}/{mark}" for mark in marks(keys.distinctive))


def compared_marks(keys: NameKeys, policy: NamePolicy) -> tuple[str, ...]:
    """Marks of the names that a proposed one is compared with: of its trade, of none, the gravest of neighbours."""
    if keys.distinctive == keys.name:
        return ()
    own = marks(keys.distinctive)
    grave = grave_marks(keys.distinctive)
    near = neighbours(keys.trade, policy)
    return (
        *(f"{trade}/{mark}" for trade in dict.fromkeys((keys.trade, "")) for mark in own),
        *(f"{trade}/{mark}" for trade in near for mark in grave),
    )


def _without_region(name: str, policy: NamePolicy) -> str:
    prefixes = [*policy.region_prefixes, *policy.division_names]
    for _ in range(3):  # province, prefecture and county may stand one behind the other
        fitting = [p for p in prefixes if name.startswith(p) and len(name) > len(p) + _MIN_DISTINCTIVE]
        if not fitting:
            break
        name = name.removeprefix(max(fitting, key=len))
    return name


def _without_form(name: str, policy: NamePolicy) -> str:
    fitting = [f for f in policy.forms if name.endswith(f) and len(name) >= len(f) + _MIN_DISTINCTIVE]
    return name.removesuffix(max(fitting, key=len)) if fitting else name
