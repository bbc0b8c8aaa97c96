"""Who else says who somebody is: upper platforms (上级平台) by OpenID Connect, wallets of electronic licences."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.identity.domain.outside_signatures import Algorithm, OutsideKey
from shared.security.keys import SigningKey
from shared.security.strength import Strength


@dataclass(frozen=True)
class Names:
    """What something is called, in both languages."""

    zh: str
    en: str

    def of(self, english: bool) -> str:
        """The name in one language."""
        return self.en if english else self.zh


@dataclass(frozen=True)
class PersonClaims:
    """The names under which an upper platform tells who the person is."""

    citizen_id: str | None = "citizen_id"
    name: str = "name"
    phone: str = "phone_number"


@dataclass(frozen=True)
class UpperPlatform:
    """A national or provincial platform at which people of this city sign in.

    `strengths` says what its `acr` values stand for here; any other identifies as a password does.
    `is_trusted_for_linking`: who it says holds a citizen's number is given that citizen's account here.
    """

    key: str
    issuer: str
    client_id: str
    signing_key: SigningKey = field(repr=False)
    names: Names
    scopes: tuple[str, ...]
    algorithm: Algorithm
    claims: PersonClaims
    strengths: Mapping[str, Strength]
    is_trusted_for_linking: bool

    def strength_of(self, acr: str | None) -> Strength:
        """How strongly this platform's word identifies."""
        return self.strengths.get(acr or "", Strength.PASSWORD)


@dataclass(frozen=True)
class LicenceWallet:
    """A platform whose wallet holds electronic business licences, and says which one was shown to it.

    `is_trusted_for_linking`: as of an upper platform, for the holders that it names.
    """

    issuer: str
    names: Names
    keys: Mapping[str, OutsideKey] = field(repr=False)
    is_trusted_for_linking: bool = False
    key: str = "licence"


Voucher = UpperPlatform | LicenceWallet


@dataclass(frozen=True)
class Providers:
    """All that this city has configured."""

    platforms: Mapping[str, UpperPlatform] = field(default_factory=dict)
    wallets: Mapping[str, LicenceWallet] = field(default_factory=dict)

    @property
    def vouchers(self) -> tuple[Voucher, ...]:
        """All whose word can sign a person in."""
        return (*self.platforms.values(), *self.wallets.values())

    def voucher(self, issuer: str) -> Voucher | None:
        """The one that signs under this issuer; no two do."""
        return next((each for each in self.vouchers if each.issuer == issuer), None)
