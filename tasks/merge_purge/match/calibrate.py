"""Fit the weights on labelled pairs: an additive logistic model, one parameter a level, ridge-penalised.

Run it when a feature changes or labelled pairs of another kind are at hand; the table it writes is committed. Not used in a run.
"""

from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from tasks.merge_purge.match.compare import FEATURES

_RIDGE = 1.0


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

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ theta[1:] + theta[0])
        value = np.logaddexp(0.0, -margin).sum() + 0.5 * _RIDGE * (theta[1:] @ theta[1:])
        pull = -sign / (1.0 + np.exp(np.clip(margin, -500, 500)))
        return float(value), np.concatenate([[pull.sum()], x.T @ pull + _RIDGE * theta[1:]])

    best = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 600}).x
    names = [(feature.name, level) for feature in FEATURES for level, _ in feature.levels]
    return {("base", "base"): float(best[0])} | dict(zip(names, best[1:].tolist(), strict=True))


def write_table(points: dict[tuple[str, str], float], provenance: list[str], path: Path) -> None:
    """Write the table with its provenance, points to two decimals."""
    lines = [f"# {line}" for line in provenance] + ["feature;level;points"]
    lines += [f"{feature};{level};{value:.2f}" for (feature, level), value in points.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
