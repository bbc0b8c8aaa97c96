"""The Merkle tree over an interval's entries (RFC 6962 section 2.1): one root that commits to all of them."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def leaf_hash(entry_hash: str) -> bytes:
    """Hash of a leaf; `entry_hash` is the entry's own, in hexadecimal."""
    return hashlib.sha256(_LEAF + bytes.fromhex(entry_hash)).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


@dataclass
class Tree:
    """A tree that grows leaf by leaf and keeps no more than the roots of its full subtrees."""

    count: int = 0
    _full: list[tuple[int, bytes]] = field(default_factory=list)

    def add(self, entry_hash: str) -> None:
        """Put an entry behind the others."""
        size, top = 1, leaf_hash(entry_hash)
        while self._full and self._full[-1][0] == size:
            size, top = size * 2, _node_hash(self._full.pop()[1], top)
        self._full.append((size, top))
        self.count += 1

    def root(self) -> str:
        """The root in hexadecimal; raises ValueError for a tree without leaves."""
        if not self._full:
            raise ValueError("a tree has at least one leaf")
        top = self._full[-1][1]
        for _, left in reversed(self._full[:-1]):
            top = _node_hash(left, top)
        return top.hex()


def root_of(entry_hashes: Iterable[str]) -> str:
    """The root over entries in their order; raises ValueError where there are none."""
    tree = Tree()
    for entry_hash in entry_hashes:
        tree.add(entry_hash)
    return tree.root()


def audit_path(entry_hashes: Sequence[str], place: int) -> tuple[str, ...]:
    """The sibling hashes that lead from the entry at `place` to the root (RFC 6962 section 2.1.1)."""
    if not 0 <= place < len(entry_hashes):
        raise IndexError(place)
    return tuple(step.hex() for step in _path([leaf_hash(each) for each in entry_hashes], place))


def follows(entry_hash: str, place: int, count: int, path: Sequence[str], root: str) -> bool:
    """Whether the path proves that the entry stands at `place` of `count` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= place < count:
        return False
    at, last, top = place, count - 1, leaf_hash(entry_hash)
    for step in path:
        if last == 0:
            return False
        sibling = bytes.fromhex(step)
        if at & 1 or at == last:
            top = _node_hash(sibling, top)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            top = _node_hash(top, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and top.hex() == root


def _path(leaves: Sequence[bytes], place: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if place < split:
        return [*_path(leaves[:split], place), _top(leaves[split:])]
    return [*_path(leaves[split:], place - split), _top(leaves[:split])]


def _top(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return _node_hash(_top(leaves[:split]), _top(leaves[split:]))
