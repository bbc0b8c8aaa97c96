"""What is admitted to the record: by catalogue and provider, on an effective document, not excluded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from services.credit.domain.catalogue import Catalogue, CatalogueItem
from services.credit.domain.errors import DocumentNotEffective, PenaltyFactsMissing, ProviderNotAllowed
from services.credit.domain.records import Document, Record, RecordId
from services.credit.domain.wording import Wording
from shared.identifiers import Uscc


class Procedure(StrEnum):
    """How a penalty was decided (行政处罚程序)."""

    SIMPLE = "simple"
    ORDINARY = "ordinary"


@dataclass(frozen=True)
class Penalty:
    """What decides whether a penalty is entered (适用程序、违法情节、初次违法、危害后果、主动消除或减轻)."""

    procedure: Procedure
    is_slight: bool
    is_first: bool
    has_slight_consequences: bool
    is_remedied: bool


@dataclass(frozen=True)
class Exclusion:
    """Why a penalty is not entered: rule, legal basis, reason."""

    rule: str
    basis: str
    reason: Wording


@dataclass(frozen=True)
class Entry:
    """What an agency submits for a subject's record."""

    uscc: Uscc
    catalogue_item: str
    provider_uscc: str
    happened_on: date
    document: Document
    penalty: Penalty | None


_BASIS: Final = "黑龙江省信用措施 一（三）"
_EXCLUSIONS: Final[tuple[tuple[Exclusion, Callable[[Penalty], bool]], ...]] = (
    (
        Exclusion(
            "CRD-04.1",
            _BASIS,
            Wording(
                "适用简易程序作出的行政处罚，不纳入信用记录",
                "A penalty under the simplified procedure is not entered",
            ),
        ),
        lambda p: p.procedure is Procedure.SIMPLE,
    ),
    (
        Exclusion(
            "CRD-04.2",
            _BASIS,
            Wording(
                "违法行为轻微且主动消除或者减轻危害后果，不纳入信用记录",
                "A slight violation whose harm was removed or reduced on one's own initiative is not entered",
            ),
        ),
        lambda p: p.is_slight and p.is_remedied,
    ),
    (
        Exclusion(
            "CRD-04.3",
            _BASIS,
            Wording(
                "初次违法且危害后果轻微并主动消除或者减轻危害后果，不纳入信用记录",
                "A first violation with slight consequences, removed or reduced on one's own initiative,"
                " is not entered",
            ),
        ),
        lambda p: p.is_first and p.has_slight_consequences and p.is_remedied,
    ),
)


def exclusion_of(penalty: Penalty) -> Exclusion | None:
    """The first of the three exclusions that holds, if one does. Source: 黑龙江信用措施 一（三）."""
    return next((exclusion for exclusion, holds in _EXCLUSIONS if holds(penalty)), None)


def admit(entry: Entry, catalogue: Catalogue, today: date) -> CatalogueItem | Exclusion:
    """Decide whether an entry becomes a record, and of which item; an excluded penalty gives its exclusion.

    Raises: NotInCatalogue, ProviderNotAllowed, DocumentNotEffective, PenaltyFactsMissing.
    Source: 黑龙江信用措施 一（一）(catalogue), 一（二）(provider), 一（三）(exclusions),
    三（一）(effective document).
    """
    listed = catalogue.item(entry.catalogue_item)
    if entry.provider_uscc not in listed.providers:
        raise ProviderNotAllowed(catalogue_item=listed.key)
    if entry.document.effective_on > today:
        raise DocumentNotEffective(effective_on=entry.document.effective_on)
    if not listed.is_penalty:
        return listed
    if entry.penalty is None:
        raise PenaltyFactsMissing(catalogue_item=listed.key)
    return exclusion_of(entry.penalty) or listed


def record_of(entry: Entry, listed: CatalogueItem, record_id: RecordId, at: datetime) -> Record:
    """Make the record; it inherits the elements of its item."""
    return Record(
        id=record_id,
        uscc=entry.uscc,
        catalogue_item=listed.key,
        elements=listed.elements,
        provider_uscc=entry.provider_uscc,
        reference=entry.document.number,
        happened_on=entry.happened_on,
        found_on=entry.document.made_on,
        document=entry.document,
        source_event=None,
        entered_at=at,
    )
