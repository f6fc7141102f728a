"""Fit the weights on labelled pairs: an additive logistic model, one parameter a level, ridge-penalised.

Run it when a feature changes or labelled pairs of another kind are at hand; the table it writes is committed. Not used in a run.
"""

from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from tasks.merge_purge.match.features import FEATURES

_RIDGE = 1.0
# Where labelled pairs are too few to speak, the trade's knowledge does: the penalty draws towards these points instead of nought.
_PRIOR = {("generation", "conflict"): -8.0, ("generation", "one"): -2.0}


def fit(levels: pl.DataFrame, same: pl.Series) -> dict[tuple[str, str], float]:
    """Points for every (feature, level), and for ("base", "base"), from pairs with their levels and whether they are one person.

    Log-odds natural units. The penalty keeps a level that was seldom seen near nought.
    """
    blocks = []
    for feature in FEATURES:
        column = levels[feature.name].to_numpy()
        blocks.append(csr_matrix((np.ones(len(column)), (np.arange(len(column)), column)), shape=(len(column), len(feature.levels))))
    x = hstack(blocks).tocsr()
    sign = np.where(same.to_numpy(), 1.0, -1.0)

    names = [(feature.name, level) for feature in FEATURES for level, _ in feature.levels]
    prior = np.array([_PRIOR.get(name, 0.0) for name in names])

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ theta[1:] + theta[0])
        value = np.logaddexp(0.0, -margin).sum() + 0.5 * _RIDGE * ((theta[1:] - prior) @ (theta[1:] - prior))
        pull = -sign / (1.0 + np.exp(np.clip(margin, -500, 500)))
        return float(value), np.concatenate([[pull.sum()], x.T @ pull + _RIDGE * (theta[1:] - prior)])

    best = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 600}).x
    return {("base", "base"): float(best[0])} | dict(zip(names, best[1:].tolist(), strict=True))


def write_table(points: dict[tuple[str, str], float], provenance: list[str], path: Path) -> None:
    """Write the table with its provenance, points to two decimals."""
    lines = [f"# {line}" for line in provenance] + ["feature;level;points"]
    lines += [f"{feature};{level};{value:.2f}" for (feature, level), value in points.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
