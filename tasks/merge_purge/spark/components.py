"""Connected components on Spark: large star and small star in turn, until nothing changes.

Source: Kiveris et al., Connected Components in MapReduce and Beyond, SoCC 2014. A round costs two shuffles of the links that are left,
and the rounds grow with the logarithm of the longest chain.
"""

from typing import Any, Protocol


class Keep(Protocol):
    """Writes a Spark frame down and reads it back: what follows starts there, and forgets how it was made."""

    def __call__(self, name: str, frame: Any) -> Any:
        """Keep a frame under a name."""


def components(links: Any, keep: Keep, name: str) -> Any:
    """``id, part`` of every record that has a link; ``part`` is the smallest id of its component.

    :param links: ``a, b`` ids, in whatever order
    """
    edges = keep(f"{name}-0", links.where("a <> b").selectExpr("greatest(a, b) AS u", "least(a, b) AS v").distinct())
    before, turn = None, 0
    while (mark := _mark(edges)) != before:
        before, turn = mark, turn + 1
        edges = keep(f"{name}-{turn}", _small_star(_large_star(edges)))
    stars = edges.selectExpr("u AS id", "v AS part")
    return stars.union(stars.selectExpr("part AS id", "part").distinct())


def _large_star(edges: Any) -> Any:
    """Every greater neighbour of a record is linked to the smallest of its neighbours and itself."""
    both = edges.union(edges.selectExpr("v AS u", "u AS v"))
    least = both.groupBy("u").agg({"v": "min"}).selectExpr("u", "least(u, `min(v)`) AS least")
    return both.where("v > u").join(least, "u").selectExpr("v AS u", "least AS v").where("u <> v").distinct()


def _small_star(edges: Any) -> Any:
    """A record and its smaller neighbours are linked to the smallest of them."""
    down = edges.selectExpr("greatest(u, v) AS u", "least(u, v) AS v").distinct()
    least = down.groupBy("u").agg({"v": "min"}).selectExpr("u", "`min(v)` AS least")
    neighbours = down.join(least, "u").selectExpr("v AS u", "least AS v").where("u <> v")
    return neighbours.union(least.selectExpr("u", "least AS v")).distinct()


def _mark(edges: Any) -> tuple[int, int]:
    row = edges.selectExpr("count(*)", "coalesce(bit_xor(xxhash64(u, v)), 0)").first()
    return row[0], row[1]
