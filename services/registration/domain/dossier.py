"""The whole file of an enterprise (登记档案), as one registrar hands it to another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.registration.domain.annual_report import AnnualReport
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.hand_over import OpenMatter
from services.registration.domain.licence import Licence
from services.registration.domain.register_acts import RegisterAct

FORMAT: Final = "tongban.enterprise-dossier.v1"


@dataclass(frozen=True)
class PastVersion:
    """A change of the register: what it was, and what the enterprise was like before."""

    version: int
    act: RegisterAct
    at: datetime
    changed: tuple[str, ...]
    before: EnterpriseFile | None


@dataclass(frozen=True)
class Dossier:
    """The enterprise as it stood, every version of it, its licences and reports; who hands it to whom, for what."""

    format: str
    reference: str
    from_registrar: str
    to_registrar: str
    handed_over_at: datetime
    file: EnterpriseFile
    past: tuple[PastVersion, ...]
    licences: tuple[Licence, ...]
    open_matters: tuple[OpenMatter, ...]
    annual_reports: tuple[AnnualReport, ...] = ()
