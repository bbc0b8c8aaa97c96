"""Refusals of exits: notices, objections, bars, liquidations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(eq=False)
class NoticeNotFound(Exception):
    """There is no such notice."""


@dataclass(eq=False)
class ObjectionNotFound(Exception):
    """There is no such objection, or it is another's."""


@dataclass(eq=False)
class ExitBarNotFound(Exception):
    """There is no such bar, or it is another agency's."""


@dataclass(eq=False)
class LiquidationNotFound(Exception):
    """There is no such liquidation."""


@dataclass(eq=False)
class NoticeMoveNotAllowed(Exception):
    """The state of the notice does not allow it."""

    notice_state: str
    move: str


@dataclass(eq=False)
class LiquidationMoveNotAllowed(Exception):
    """The state of the liquidation does not allow it."""

    liquidation_state: str
    move: str


@dataclass(eq=False)
class SimpleExitBarred(Exception):
    """Something stands against the simple way; `faults` lists all of it."""

    faults: Sequence[object]


@dataclass(eq=False)
class NoticeMissing(Exception):
    """A simple deregistration is applied for after its notice only."""


@dataclass(eq=False)
class NoticeNotNeeded(Exception):
    """An individual business publishes nothing: it files at once."""


@dataclass(eq=False)
class NoticeRunning(Exception):
    """A notice of the enterprise runs, or has ended and may be used."""

    ends_on: date


@dataclass(eq=False)
class NoticeNotOver(Exception):
    """The time for objections has not ended."""

    ends_on: date


@dataclass(eq=False)
class NoticeLapsed(Exception):
    """Nobody applied in time after the notice; it is published anew."""

    apply_until: date


@dataclass(eq=False)
class SimpleWayClosed(Exception):
    """Somebody objected: the simple way is closed, for now or for good."""


@dataclass(eq=False)
class LiquidationRunning(Exception):
    """The enterprise is being liquidated; there is one liquidation at a time."""


@dataclass(eq=False)
class BeforeCourt(Exception):
    """A court has the enterprise's bankruptcy, reorganisation or liquidation in hand, or has ended it."""

    proceedings: str


@dataclass(eq=False)
class LiquidationGoesOn(Exception):
    """Not its members ended the enterprise: it is not theirs to let it go on."""

    reason: str


@dataclass(eq=False)
class NoLiquidationNeeded(Exception):
    """Enterprises of this kind leave without liquidation."""

    enterprise_kind: str


@dataclass(eq=False)
class ClaimsStillOpen(Exception):
    """Creditors may still state their claims."""

    until: date


@dataclass(eq=False)
class LiquidationUnsound(Exception):
    """What is told of the liquidation breaks rules; `faults` lists them."""

    faults: Sequence[object]


@dataclass(eq=False)
class NotAnAgency(Exception):
    """Only agencies tell this to the register."""


@dataclass(eq=False)
class NotTheTaxAgency(Exception):
    """Only the tax agency says that taxes are cleared."""
