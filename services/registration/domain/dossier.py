"""The whole file of an enterprise (登记档案), as one registrar hands it to another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.hand_over import OpenMatter
from services.registration.domain.licence import Licence

FORMAT: Final = "tongban.enterprise-dossier.v1"


@dataclass(frozen=True)
class PastVersion:
    """A change of the register: what it was, and what the enterprise was like before."""

    version: int
    act: str
    at: datetime
    changed: tuple[str, ...]
    before: EnterpriseFile | None


@dataclass(frozen=True)
class Dossier:
    """The enterprise as it stood, every version of it, its licences; who hands it to whom, for which request."""

    format: str
    reference: str
    from_registrar: str
    to_registrar: str
    handed_over_at: datetime
    file: EnterpriseFile
    past: tuple[PastVersion, ...]
    licences: tuple[Licence, ...]
    open_matters: tuple[OpenMatter, ...]
