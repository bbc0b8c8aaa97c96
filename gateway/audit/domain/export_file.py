"""An export of the audit log: one JSON object a line, and how it is verified without the suite.

Lines: `begin` (region, keys, what comes before), then every `entry` in order, a `root` behind the last entry of its
interval, and `end` with the signed extent. Verification needs constant memory.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from gateway.audit.domain.entry import Act, Broken, Head, Link, Result, digest, stated_of
from gateway.audit.domain.merkle import Tree
from gateway.audit.domain.statements import (
    Extent,
    NotSigned,
    SignedRoot,
    read_extent,
    read_root,
)
from shared.certificates.canonical import canonical_json
from shared.security.keys import UnusableKey, VerificationKey
from shared.security.strict_json import UnreadableJson, loads_strict

FORMAT: Final = "tongban-audit-export/1"
_INSTANTS: Final = ("read_at", "recorded_at")
_OF_THE_LINK: Final = ("kind", "number", "prev_hash", "hash")


@dataclass(frozen=True)
class Verified:
    """What verification found: the entries that hold, those under a signed root, and the first that is bad."""

    entries: int
    roots: int
    under_root: int
    head: Head
    broken: Broken | None
    keys_from_file: bool


def begin_line(region: str, before: Head, keys: Sequence[Mapping[str, str]]) -> str:
    """The first line: what the export follows, and the public keys that signed."""
    return _line(
        {
            "kind": "begin",
            "format": FORMAT,
            "region": region,
            "after": before.number,
            "prev_hash": before.hash,
            "keys": [dict(key) for key in keys],
        }
    )


def entry_line(link: Link) -> str:
    """An entry in full."""
    return _line(_stated(link))


def root_line(signed: SignedRoot) -> str:
    """The root of an interval, behind its last entry."""
    return _line({"kind": "root", "first": signed.root.first, "last": signed.root.last, "jws": signed.jws})


def end_line(jws: str) -> str:
    """The last line: without it the export was cut off."""
    return _line({"kind": "end", "jws": jws})


def verify_export(
    lines: Iterable[str | bytes], trusted: Mapping[str, VerificationKey] | None = None
) -> Verified:
    """Check an export line by line and stop at the first thing that does not hold.

    `trusted` are keys that the verifier has from elsewhere; without them those of the file are taken, which shows
    that the file is whole, not who wrote it.
    """
    walk = _Walk(trusted)
    for line in lines:
        if line.strip():
            walk.take(line)
        if walk.broken is not None:
            break
    else:
        walk.finish()
    return Verified(
        entries=walk.entries,
        roots=walk.roots,
        under_root=walk.under_root,
        head=walk.head,
        broken=walk.broken,
        keys_from_file=trusted is None,
    )


def keys_of(jwks: Iterable[Mapping[str, Any]]) -> dict[str, VerificationKey]:
    """Public keys by their `kid`; raises UnusableKey."""
    keys = [VerificationKey.from_jwk(jwk) for jwk in jwks]
    return {key.kid: key for key in keys}


class _Walk:
    """Where verification stands."""

    def __init__(self, trusted: Mapping[str, VerificationKey] | None) -> None:
        self.broken: Broken | None = None
        self.head = Head()
        self.entries = self.roots = self.under_root = 0
        self._keys = trusted
        self._region: str | None = None
        self._began = Head()
        self._tree = Tree()
        self._interval_begins: int | None = None
        self._last_root: SignedRoot | None = None
        self._ended = False

    def take(self, line: str | bytes) -> None:
        """Check the next line."""
        try:
            stated = loads_strict(line.encode() if isinstance(line, str) else line)
            kind = stated["kind"]
            take = {"begin": self._begin, "entry": self._entry, "root": self._root, "end": self._end}[kind]
        except (UnreadableJson, KeyError, TypeError):
            self._is_broken("a line is not of an audit export")
            return
        if self._ended or (self._region is None) != (kind == "begin"):
            self._is_broken(f"a line {kind!r} stands where none belongs")
            return
        try:
            take(stated)
        except NotSigned as refusal:
            self._is_broken(f"{kind}: {refusal.why}")
        except (ValueError, TypeError, KeyError, AttributeError, UnusableKey):
            self._is_broken(f"a line {kind!r} is not written as it should be")

    def finish(self) -> None:
        """There is no further line."""
        if not self._ended:
            self._is_broken("the export is cut off here: its signed end is missing")

    def _begin(self, stated: dict[str, Any]) -> None:
        if stated["format"] != FORMAT:
            self._is_broken(f"the format is {stated['format']!r}, not {FORMAT!r}")
            return
        self._region = str(stated["region"])
        self.head = self._began = Head(int(stated["after"]), str(stated["prev_hash"]))
        if self._keys is None:
            self._keys = keys_of(stated["keys"])
        self._interval_begins = self.head.number + 1

    def _entry(self, stated: dict[str, Any]) -> None:
        link = _link(stated)
        why = _fault(self.head, link)
        if why is None and canonical_json(stated) != canonical_json(_stated(link)):
            why = "it is not written as it was exported"
        if why is not None:
            self._is_broken(why)
            return
        self.head = Head(link.number, link.hash)
        self.entries += 1
        self._tree.add(link.hash)

    def _root(self, stated: dict[str, Any]) -> None:
        signed = read_root(stated["jws"], self._keys or {})
        root = signed.root
        if (stated["first"], stated["last"]) != (root.first, root.last):
            self._is_broken("a root does not say of itself what was signed")
        elif root.region != self._region:
            self._is_broken("a root is another region's")
        elif (root.first, root.last) != (self._interval_begins, self.head.number):
            self._is_broken(f"the root of entries {root.first} to {root.last} stands at the wrong place")
        elif (root.root, root.chain_hash) != (self._tree.root(), self.head.hash):
            self._is_broken("the interval's root is not that of its entries", at=root.first)
        elif self._last_root is not None and root.prev_root != self._last_root.root.root:
            self._is_broken("the interval's root does not name the one before it", at=root.first)
        else:
            self.roots += 1
            self.under_root += root.count
            self._last_root = signed
            self._tree = Tree()
            self._interval_begins = root.last + 1

    def _end(self, stated: dict[str, Any]) -> None:
        extent = read_extent(stated["jws"], self._keys or {})
        found = Extent(
            region=self._region or "",
            first=self._began.number + 1,
            last=self.head.number,
            prev_hash=self._began.hash,
            hash=self.head.hash,
            roots=self.roots,
            exported_at=extent.exported_at,
        )
        if extent != found:
            missing = extent.last > found.last
            self._is_broken(
                "it is missing: the export was cut" if missing else "the end is not this export's"
            )
        self._ended = True

    def _is_broken(self, why: str, *, at: int | None = None) -> None:
        self.broken = self.broken or Broken(at or self.head.number + 1, why)


def _stated(link: Link) -> dict[str, object]:
    stated = stated_of(link.act) | {"fields": list(link.act.fields)}
    return {"kind": "entry", "number": link.number, "prev_hash": link.prev_hash, "hash": link.hash, **stated}


def _link(stated: Mapping[str, Any]) -> Link:
    act = {name: value for name, value in stated.items() if name not in _OF_THE_LINK}
    act |= {name: datetime.fromisoformat(stated[name]) for name in _INSTANTS}
    act |= {
        "event_id": UUID(stated["event_id"]),
        "fields": tuple(stated["fields"]),
        "result": Result(stated["result"]),
    }
    return Link(int(stated["number"]), str(stated["prev_hash"]), str(stated["hash"]), Act(**act))


def _fault(head: Head, link: Link) -> str | None:
    if link.number != head.number + 1:
        return f"entry {link.number} stands in its place"
    if link.prev_hash != head.hash:
        return "it does not name the hash of the entry before it"
    if link.hash != digest(link.number, link.prev_hash, link.act):
        return "its content is not what was hashed"
    return None


def _line(stated: Mapping[str, Any]) -> str:
    return json.dumps(stated, ensure_ascii=False, separators=(",", ":")) + "\n"
