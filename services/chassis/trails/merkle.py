"""A Merkle tree that only grows (RFC 9162, 2.1), as roots of complete subtrees."""

import hashlib
from collections.abc import Iterable

HASH_SIZE = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    # Another prefix than a leaf's: no node can be taken for an entry (RFC 9162, 2.1.1).
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree by its peaks: one hash for each one-bit of its size."""

    def __init__(self, size: int = 0, peaks: bytes = b"") -> None:
        if len(peaks) != size.bit_count() * HASH_SIZE:
            raise ValueError("these are not the peaks of a tree of this size")
        self.size = size
        self._peaks = [
            peaks[start : start + HASH_SIZE]
            for start in range(0, len(peaks), HASH_SIZE)
        ]

    @property
    def peaks(self) -> bytes:
        """The roots of the complete subtrees, the largest first."""
        return b"".join(self._peaks)

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add entries by their leaf hashes."""
        for leaf in leaves:
            self._peaks.append(leaf)
            # Trailing one-bits of the size are complete subtrees, which the leaf joins.
            for _ in range((self.size ^ (self.size + 1)).bit_count() - 1):
                right = self._peaks.pop()
                self._peaks[-1] = _node_hash(self._peaks[-1], right)
            self.size += 1

    def root(self) -> bytes:
        """The hash of the whole tree; for an empty one, that of nothing."""
        if not self._peaks:
            return hashlib.sha256().digest()
        # From the right: the smaller subtrees join first (RFC 9162, 2.1.1).
        *others, root = self._peaks
        for left in reversed(others):
            root = _node_hash(left, root)
        return root
