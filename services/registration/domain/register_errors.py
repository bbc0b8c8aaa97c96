"""Refusals of the register's reads and of reconciliations."""

from dataclasses import dataclass


@dataclass(eq=False)
class SearchTooBroad(Exception):
    """The register cannot tell in time what fits: too little is named."""


@dataclass(eq=False)
class PositionUnknown(Exception):
    """The register has not come to this position: it was restored, or the position is another register's."""

    newest: int


@dataclass(eq=False)
class ReconciliationNotFound(Exception):
    """There is no such reconciliation, or it is another agency's."""


@dataclass(eq=False)
class ReconciliationCompleted(Exception):
    """The reconciliation is completed and takes no more rows."""


@dataclass(eq=False)
class ReconciliationIncomplete(Exception):
    """Lines are missing; `missing_from` is the first of them."""

    missing_from: int


@dataclass(eq=False)
class DifferenceNotFound(Exception):
    """The reconciliation has no such difference."""


@dataclass(eq=False)
class DifferenceSettled(Exception):
    """The difference was settled before, in another way."""

    settlement: str


@dataclass(eq=False)
class DifferenceOutdated(Exception):
    """The register says something else by now than when it was compared."""


@dataclass(eq=False)
class DifferenceNeedsFiling(Exception):
    """What the other register says cannot be entered as it is: a filing, or a row that can be read, is needed."""

    why: str
