"""One module per act: how its filing is reviewed, and what it does to the register."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.registration.domain.filing_kinds import FilingKind
from services.registration.use_cases.acts.alteration import AlterationAct
from services.registration.use_cases.acts.base import Act
from services.registration.use_cases.acts.deregistration import DeregistrationAct
from services.registration.use_cases.acts.establishment import EstablishmentAct
from services.registration.use_cases.acts.record import RecordAct
from services.registration.use_cases.acts.relocation import RelocationAct
from services.registration.use_cases.acts.simple_deregistration import SimpleDeregistrationAct
from services.registration.use_cases.acts.suspension import ResumptionAct, SuspensionAct

_ACTS: Final[tuple[Act, ...]] = (
    EstablishmentAct(),
    AlterationAct(),
    RecordAct(),
    RelocationAct(),
    SimpleDeregistrationAct(),
    DeregistrationAct(),
    SuspensionAct(),
    ResumptionAct(),
)
ACTS: Final[Mapping[FilingKind, Act]] = MappingProxyType({act.kind: act for act in _ACTS})
"""The acts that this register knows; a kind that is not here is not offered yet."""
