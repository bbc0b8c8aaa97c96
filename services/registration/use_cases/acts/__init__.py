"""One module per act: how its filing is reviewed, and what it does to the register."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.registration.domain.filing_kinds import FilingKind
from services.registration.use_cases.acts.base import Act
from services.registration.use_cases.acts.establishment import EstablishmentAct

ACTS: Final[Mapping[FilingKind, Act]] = MappingProxyType({act.kind: act for act in (EstablishmentAct(),)})
"""The acts that this register knows; a kind that is not here is not offered yet."""
