"""The tree against the vectors of RFC 6962's reference implementation, and against the plain recursion of its text."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence import tree

LEAVES = [
    bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
FROM_SIX_TO_EIGHT = (
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
)


class Grown:
    """A tree that was added to leaf by leaf, as it is stored."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = [tree.leaf_hash(leaf) for leaf in leaves]
        self._nodes: dict[tree.Node, bytes] = {}
        for position, leaf in enumerate(self.leaves):
            for level, digest in enumerate(tree.completed(position, leaf, self.read)):
                self._nodes[level, position >> level] = digest

    def read(self, level: int, index: int) -> bytes:
        return self._nodes[level, index]


def plainly(leaves: list[bytes]) -> bytes:
    """Section 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + plainly(leaves[:half]) + plainly(leaves[half:])).digest()


def test_the_roots_are_those_of_the_reference_implementation() -> None:
    grown = Grown(LEAVES)

    assert tree.root(0, grown.read).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tuple(tree.root(size, grown.read).hex() for size in range(1, 9)) == ROOTS


def test_a_proof_of_growth_is_that_of_the_reference_implementation() -> None:
    grown = Grown(LEAVES)

    assert tuple(one.hex() for one in tree.consistency_proof(6, 8, grown.read)) == FROM_SIX_TO_EIGHT


@pytest.mark.parametrize("size", range(1, 34))
def test_every_older_tree_is_proved_and_nothing_else(size: int) -> None:
    grown = Grown([str(number).encode() for number in range(size)])
    root = plainly(grown.leaves)
    assert tree.root(size, grown.read) == root
    for old in range(1, size + 1):
        older, proof = plainly(grown.leaves[:old]), tree.consistency_proof(old, size, grown.read)
        assert tree.is_consistent(old, older, size, root, proof)
        assert not tree.is_consistent(old, tree.EMPTY, size, root, proof)
        assert not tree.is_consistent(old, older, size, tree.EMPTY, proof)
        assert not tree.is_consistent(old, older, size, root, [*proof, root])


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1)))))
def test_many_leaves_are_proved_at_once_from_left_to_right(drawn: tuple[int, set[int]]) -> None:
    size, chosen = drawn
    grown, fold, met = Grown([str(number).encode() for number in range(size)]), tree.Fold(), []
    for level, index in tree.between(sorted(chosen), size):
        if level == 0 and index in chosen:
            met.append(index)
        fold.add(level, grown.read(level, index))

    assert (fold.size, fold.root(), met) == (size, plainly(grown.leaves), sorted(chosen))


def test_what_is_asked_beyond_the_tree_is_refused() -> None:
    grown, fold = Grown(LEAVES), tree.Fold()
    fold.add(0, tree.EMPTY)

    with pytest.raises(ValueError, match="did not grow"):
        tree.consistency_proof(9, 8, grown.read)
    with pytest.raises(ValueError, match="no subtree of level 1 begins at leaf 1"):
        fold.add(1, tree.EMPTY)
