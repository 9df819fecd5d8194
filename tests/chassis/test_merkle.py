"""The tree of the audit log, beside published roots and beside the definition in RFC 9162."""

import hashlib

import pytest

from services.chassis.trails.merkle import Tree, leaf_hash

# Of the reference implementation of Certificate Transparency (RFC 6962): inputs, and the root after each of them.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def by_definition(entries: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word by word."""
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    left, right = by_definition(entries[:split]), by_definition(entries[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_the_tree_has_the_published_roots() -> None:
    tree = Tree()
    assert tree.root().hex() == NOTHING
    for entry, root in zip(INPUTS, ROOTS, strict=True):
        tree.extend([leaf_hash(bytes.fromhex(entry))])
        assert tree.root().hex() == root
    assert tree.size == len(INPUTS)


@pytest.mark.parametrize("size", range(1, 70))
def test_a_tree_goes_on_from_its_peaks(size: int) -> None:
    entries = [str(number).encode() for number in range(size)]
    first = Tree()
    first.extend(map(leaf_hash, entries[: size // 3]))
    second = Tree(first.size, first.peaks)
    second.extend(map(leaf_hash, entries[size // 3 :]))
    assert (second.size, second.root()) == (size, by_definition(entries))


def test_peaks_of_another_size_are_refused() -> None:
    tree = Tree()
    tree.extend(map(leaf_hash, [b"a", b"b", b"c"]))
    with pytest.raises(ValueError, match="peaks"):
        Tree(4, tree.peaks)
