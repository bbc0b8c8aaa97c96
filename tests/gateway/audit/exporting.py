"""A log with its roots, made without a database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from gateway.audit.domain.entry import Act, Head, Link, Result, chained
from gateway.audit.domain.export_file import begin_line, end_line, entry_line, root_line
from gateway.audit.domain.merkle import root_of
from gateway.audit.domain.statements import BEFORE_ALL_ROOTS, Extent, Root, SignedRoot, sign_extent, sign_root
from shared.security.keys import SigningKey

BEGAN: Final = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
REGION: Final = "140881"


def an_act(place: int) -> Act:
    """A reading, and at every third place a decision."""
    is_decision = place % 3 == 2
    return Act(
        event_id=UUID(int=place + 1),
        source="/140881/registration",
        reader="client:tax",
        client_id="tax",
        agency_uscc="11140881MB9Y000405",
        on_behalf_of=None,
        resource="registration.filing" if is_decision else "registration.enterprise",
        record_key=f"key-{place}",
        owner_subject="p-1",
        fields=() if is_decision else ("contact_phone", "legal_representative_name"),
        purpose=None if is_decision else "tax_registration",
        matter_id=None,
        grant_id=None,
        result=Result.DONE if is_decision else Result.ALLOWED,
        read_at=BEGAN + timedelta(microseconds=place),
        traceparent=None,
        recorded_at=BEGAN,
        action="approved" if is_decision else "read",
    )


def a_chain(length: int) -> list[Link]:
    """Links from the beginning."""
    links: list[Link] = []
    head = Head()
    for place in range(length):
        links.append(chained(head, an_act(place)))
        head = Head(links[-1].number, links[-1].hash)
    return links


def roots_over(links: Sequence[Link], size: int, key: SigningKey) -> list[SignedRoot]:
    """Signed roots over whole intervals of this size; what is left stays open."""
    made: list[SignedRoot] = []
    for first in range(0, len(links) - size + 1, size):
        interval = links[first : first + size]
        before = made[-1].root.root if made else BEFORE_ALL_ROOTS
        root = Root(
            region=REGION,
            first=interval[0].number,
            last=interval[-1].number,
            root=root_of(link.hash for link in interval),
            chain_hash=interval[-1].hash,
            prev_root=before,
            closed_at=BEGAN,
        )
        made.append(sign_root(root, key))
    return made


def an_export(links: Sequence[Link], roots: Sequence[SignedRoot], key: SigningKey) -> list[str]:
    """The lines of an export from the beginning."""
    ends = {signed.root.last: root_line(signed) for signed in roots}
    lines = [begin_line(REGION, Head(), [key.public_jwk()])]
    for link in links:
        lines.append(entry_line(link))
        lines.extend(line for last, line in ends.items() if last == link.number)
    extent = Extent(
        region=REGION,
        first=1,
        last=links[-1].number,
        prev_hash=Head().hash,
        hash=links[-1].hash,
        roots=len(roots),
        exported_at=BEGAN,
    )
    return [*lines, end_line(sign_extent(extent, key))]
