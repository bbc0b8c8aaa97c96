"""The change feed of the register from anywhere in its log, beside the statement alone."""

from typing import Final

from benchmarks.full_register import MadeUp
from benchmarks.register_search import Probe

PER_PAGE: Final = 50
_AFTER: Final = f"""
    SELECT c.position, c.version, c.act, c.at, c.changed, e.*
    FROM register_change AS c JOIN enterprise AS e USING (uscc)
    WHERE c.position > $1 ORDER BY c.position LIMIT {PER_PAGE}
"""  # noqa: S608 - constants only


def _after(enterprise: MadeUp) -> int:
    """A position that the log has come to: it has one for each enterprise at least."""
    return max(0, enterprise.number - PER_PAGE)


FEED: Final = Probe(
    f"change feed, {PER_PAGE} changes",
    _AFTER,
    lambda e: f"/registration/v1/changes?after={_after(e)}&limit={PER_PAGE}",
    lambda e: (_after(e),),
    token=True,
)
