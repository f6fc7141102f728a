"""The Merkle tree of RFC 6962 (section 2.1), as pure functions of hashes: roots, many leaves at once, consistency proofs and their check.

A node is named by its level and its index there: (0, 7) is the eighth leaf, (2, 0) stands over the first four. Only complete subtrees are
ever stored, each beside the last leaf under it, so that a tree of any size is read with a logarithm of nodes and none is ever written
twice. `read` gives the hash of a complete subtree. Not for storing, signing or naming anything: that is `sealer` and `notes`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

Node = tuple[int, int]
Read = Callable[[int, int], bytes]

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf; its prefix keeps a leaf from being taken for a node (second preimages)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def completed(position: int, leaf: bytes, read: Read) -> list[bytes]:
    """The subtrees that the leaf at `position` completes, by level, the leaf itself first. Reads what stands to their left."""
    hashes, index = [leaf], position
    while index % 2:
        hashes.append(node_hash(read(len(hashes) - 1, index - 1), hashes[-1]))
        index //= 2
    return hashes


def cover(start: int, end: int) -> Iterator[Node]:
    """The fewest complete subtrees that stand over the leaves from `start` up to, not with, `end`; left to right."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def root(size: int, read: Read) -> bytes:
    """The root of the first `size` leaves."""
    return _range_root(0, size, read) if size else EMPTY


def consistency_proof(old: int, size: int, read: Read) -> list[bytes]:
    """The proof that the first `old` leaves of a tree are still its first (section 2.1.2).

    :raises ValueError: when there is no such older tree.
    """
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} leaves did not grow from one of {old}")
    return [_range_root(start, end, read) for start, end in _subproof(old, 0, size, whole=True)]


def is_consistent(old: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof leads to both roots (RFC 9162, section 2.1.4.2)."""
    if old == size:
        return not proof and old_root == new_root
    if not 0 < old < size:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    index, last = old - 1, size - 1
    while index % 2:
        index, last = index >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if index % 2 or index == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and (older, newer) == (old_root, new_root)


def between(positions: Iterable[int], size: int) -> Iterator[Node]:
    """The inclusion proof of many leaves at once: the leaves, and subtrees for all others, left to right over the whole tree.

    :param positions: ascending; each comes back as its own (0, position).
    """
    done = 0
    for position in positions:
        yield from cover(done, position)
        yield 0, position
        done = position + 1
    yield from cover(done, size)


class Fold:
    """Comes to the root of a whole tree from subtrees laid side by side, a logarithm of them in memory at a time."""

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[tuple[int, bytes]] = []

    def add(self, level: int, digest: bytes) -> None:
        """Lay the next subtree to the right of those there are.

        :raises ValueError: when no complete subtree of that level begins there.
        """
        if self.size % (1 << level):
            raise ValueError(f"no subtree of level {level} begins at leaf {self.size}")
        self.size += 1 << level
        while self._stack and self._stack[-1][0] == level:
            digest = node_hash(self._stack.pop()[1], digest)
            level += 1
        self._stack.append((level, digest))

    def root(self) -> bytes:
        """The root of what was laid so far."""
        if not self._stack:
            return EMPTY
        found = self._stack[-1][1]
        for _, left in reversed(self._stack[:-1]):
            found = node_hash(left, found)
        return found


def _range_root(start: int, end: int, read: Read) -> bytes:
    fold: bytes | None = None
    for level, index in reversed(list(cover(start, end))):
        fold = read(level, index) if fold is None else node_hash(read(level, index), fold)
    assert fold is not None, "the range has leaves"
    return fold


def _split(start: int, end: int) -> int:
    """Where a range is halved: after the largest power of two below its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _subproof(old: int, start: int, end: int, *, whole: bool) -> list[tuple[int, int]]:
    """`old` counts from `start`; `whole` says that the older tree is all that was seen so far, whose root the reader has."""
    if old == end - start:
        return [] if whole else [(start, end)]
    middle = _split(start, end)
    if old <= middle - start:
        return [*_subproof(old, start, middle, whole=whole), (middle, end)]
    return [*_subproof(old - (middle - start), middle, end, whole=False), (start, middle)]
