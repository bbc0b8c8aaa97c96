"""How strongly a person was identified (认证强度): the levels of `acr`, each at least as good as those before it."""

from enum import IntEnum
from typing import Final, Self


class Strength(IntEnum):
    """Levels of identification. Source: OpenID Connect Core 2 (acr); RFC 9470 (step-up)."""

    PASSWORD = 1
    """One thing that the person knows."""
    TWO_FACTOR = 2
    """A second, independent thing: a one-time code, an electronic licence, or what an upper platform vouches for."""
    FACE = 3
    """The face compared with the national register (人脸核验), beside another factor."""

    @property
    def acr(self) -> str:
        """The level's name in tokens."""
        return _NAMES[self]

    @classmethod
    def of_acr(cls, acr: str | None) -> Self | None:
        """Return the level of this name, or None for a name that is not ours."""
        return next((level for level in cls if level.acr == acr), None)


_NAMES: Final = {
    Strength.PASSWORD: "urn:tongban:acr:password",
    Strength.TWO_FACTOR: "urn:tongban:acr:two-factor",
    Strength.FACE: "urn:tongban:acr:face",
}
