"""From scored pairs to groups: greedy correlation clustering inside connected components.

Connected components alone chain: A is like B, B is like C, and father and son end up one person through a record with an initial.
So inside every component whose pairs do not all agree, the missing pairs are scored too, and groups are merged, best first, on the
*sum* of the links between them; a conflict weighs against as a likeness weighs for.
"""

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

# A single link, however strong, cannot outweigh several others.
CLIP = 8.0
# Beyond this size a component is a chain of weak likenesses: its missing pairs are taken as unlike without being scored.
LARGEST = 150
_UNSEEN = -CLIP

Scorer = Callable[[pl.DataFrame], pl.DataFrame]


def groups(size: int, scored: pl.DataFrame, scorer: Scorer, *, threshold: float) -> np.ndarray:
    """Group records by their scored pairs.

    :param size: number of records; ``scored`` has pairs ``a < b`` of numbers below it, with ``score`` in log-odds points
    :param scorer: scores pairs that blocking did not bring together
    :returns: for each record the smallest number in its group
    """
    above = scored.with_columns(score=(pl.col("score") - threshold).clip(-CLIP, CLIP))
    likes = above.filter(pl.col("score") > 0)
    label = _components(size, likes)
    members, links = np.bincount(label, minlength=size), np.bincount(label[likes["a"].to_numpy()], minlength=size)
    knotty = (members > 2) & (links < members * (members - 1) // 2)
    if not knotty.any():
        return label
    ids = np.flatnonzero(knotty[label]).astype(np.uint32)
    inside = pl.DataFrame({"part": label[ids], "id": ids}).sort("part", "id")
    part = label[above["a"].to_numpy()]
    within = knotty[part] & (part == label[above["b"].to_numpy()])
    known = above.with_columns(part=part).filter(pl.Series(within, dtype=pl.Boolean)).select("part", "a", "b", "score")
    small = inside.filter(pl.Series(members[inside["part"].to_numpy()] <= LARGEST, dtype=pl.Boolean))
    every = small.join(small, on="part", suffix="_b").filter(pl.col("id") < pl.col("id_b")).select("part", a="id", b="id_b")
    missing = every.join(known, on=["a", "b"], how="anti").sort("a", "b")
    if missing.height:
        extra = scorer(missing.select("a", "b")).select(score=(pl.col("score") - threshold).clip(-CLIP, CLIP))
        known = pl.concat([known, missing.with_columns(extra)])
    whole = inside.group_by("part", maintain_order=True).agg("id")
    pairs = known.sort("part", "a", "b").group_by("part", maintain_order=True).agg("a", "b", "score")
    for _, those, a, b, score in whole.join(pairs, on="part", how="left", maintain_order="left").iter_rows():
        for group in merged(those, zip(a, b, score, strict=True)):
            label[group] = min(group)
    return label


def merged(ids: list[int], links: Iterable[tuple[int, int, float]]) -> list[list[int]]:
    """Merge greedily: always the two groups with the greatest positive sum of links; ties by the smallest numbers.

    Every pair without a link counts as unlike.
    """
    members = {i: [i] for i in ids}
    weight: dict[int, dict[int, float]] = {i: {} for i in ids}
    for a, b, score in links:
        weight[a][b] = weight[b][a] = score
    # what is no longer so when it comes up is passed over
    best = [(-w, a, b) for a, row in weight.items() for b, w in row.items() if a < b and w > 0]
    heapify(best)
    while best:
        w, keep, gone = heappop(best)
        if weight.get(keep, {}).get(gone) != -w:
            continue
        row, kept = weight.pop(gone), weight[keep]
        del row[keep], kept[gone]
        for other in {*row, *kept}:
            unseen = _UNSEEN * len(members[other])
            joint = kept.get(other, unseen * len(members[keep])) + row.get(other, unseen * len(members[gone]))
            kept[other] = weight[other][keep] = joint
            weight[other].pop(gone, None)
            if joint > 0:
                heappush(best, (-joint, min(keep, other), max(keep, other)))
        members[keep] += members.pop(gone)
    return [sorted(group) for group in members.values()]


def _components(size: int, likes: pl.DataFrame) -> np.ndarray:
    a, b = likes["a"].to_numpy(), likes["b"].to_numpy()
    _, part = connected_components(coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size)), directed=False)
    first = np.full(part.max() + 1 if size else 0, size, dtype=np.int64)
    np.minimum.at(first, part, np.arange(size))
    label: np.ndarray = first[part]
    return label
