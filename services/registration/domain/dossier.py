"""The whole file of an enterprise (登记档案), as one registrar hands it to another."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from services.registration.domain.abnormal_list import Listing
from services.registration.domain.annual_report import AnnualReport
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.follow_up import FollowUp
from services.registration.domain.hand_over import OpenMatter
from services.registration.domain.licence import Licence
from services.registration.domain.person_bar import BarKind
from services.registration.domain.register_acts import RegisterAct
from services.registration.domain.suspension import Suspension

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
class CarriedBar:
    """A bar on one of its people that comes from this enterprise.

    By number: each registrar has a key of its own for references to people.
    """

    id_number: str = field(repr=False)
    kind: BarKind
    basis: str
    decided_by: str
    document_no: str | None
    since: date
    until: date | None


@dataclass(frozen=True)
class Standing:
    """What stands about the enterprise and goes on at its new registrar.

    Entries of the abnormal list that were published or wait to be, all its suspensions, what is looked at after
    registration, the bars that come from it.
    """

    listings: tuple[Listing, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    bars: tuple[CarriedBar, ...] = ()


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
    standing: Standing = Standing()
