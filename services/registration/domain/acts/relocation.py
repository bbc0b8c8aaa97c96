"""Relocation (迁移登记): to another address in this region, or into it from another registrar.

Source: 市场主体登记管理条例 art. 27: applied for at the new registrar before the enterprise moves.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from services.registration.domain.addresses import Domicile
from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import EnterpriseKind


@dataclass(frozen=True)
class ComingFrom:
    """Where the enterprise stands in the register so far, and as what; the old registrar says whether it is so.

    The representative (法定代表人等) is who signs the application: named, so that nobody moves another's enterprise.
    """

    registrar_uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    representative_name: str = field(repr=False)
    representative_id_number: str = field(repr=False)


@dataclass(frozen=True)
class Relocation(FilingContent):
    """The new address, the day from which it is used; `coming_from` where another registrar has the file."""

    kind: ClassVar[FilingKind] = FilingKind.RELOCATION

    uscc: str
    domicile: Domicile
    moves_on: date
    coming_from: ComingFrom | None = None
