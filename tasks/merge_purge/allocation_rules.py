"""Which of the files that share a person keeps it: by priority, by price, in proportion, or by lot.

Protected files (tests) come first under every rule; among themselves the rule decides. Chance is a hash of the seed and the group,
so that the same brief always falls out the same way. Source of the rules: trade reference, sections "Conflicts" and 5.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.numbering import GOLDEN
from workflows.trade.apportionment import largest_remainder
from workflows.trade.dedupe_rules import ALLOCATIONS
from workflows.trade.money import round_cents

_GOLDEN = np.uint64(GOLDEN)


def winners(contenders: pl.DataFrame, brief: Brief, rule: str) -> pl.DataFrame:
    """The record that stays of each group.

    :param contenders: each list's first record in each group: ``group, source, id, list_order, rank``, sorted by group and list_order
    :returns: ``group, kept`` (the record's id) and ``winner`` (its list)
    """
    protected = [entry.code for entry in brief.files if entry.protected]
    if protected:
        test = pl.col("source").is_in(protected)
        contenders = contenders.filter(test == test.max().over("group"))
    groups = contenders["group"].to_numpy()
    several = pl.Series(np.bincount(groups)[groups] > 1, dtype=pl.Boolean)
    alone, shared = contenders.filter(~several), contenders.filter(several)
    if rule == "priority":
        chosen = _first(shared, "rank")
    elif rule == "dearest_loses":
        prices = {entry.code: entry.cpm or Decimal(0) for entry in brief.files}
        places = {price: place for place, price in enumerate(sorted(set(prices.values())))}
        price = pl.col("source").replace_strict({code: places[value] for code, value in prices.items()}, return_dtype=pl.Int64)
        chosen = _first(shared.with_columns(price=price), "price", "rank")
    elif rule == "random":
        mixed = _mixed(shared["group"].to_numpy(), brief.seed) + shared["list_order"].to_numpy().astype(np.uint64)
        chosen = _first(shared.with_columns(lot=pl.Series(_scrambled(mixed), dtype=pl.UInt64)), "lot")
    else:
        weights = dict(contenders.group_by("list_order").len().rows())
        chosen = _in_proportion(shared, weights, brief.seed)
    return pl.concat([alone.select("group", "id", "source"), chosen.select("group", "id", "source")]).select(
        "group", kept="id", winner="source"
    )


@dataclass(frozen=True)
class Simulated:
    """What a rule would leave each list, and what that would cost at its price; None without one."""

    rule: str
    net: dict[str, int]
    cost: dict[str, Decimal | None]

    @property
    def total(self) -> Decimal:
        """Cost of all lists that have a price."""
        return sum((amount for amount in self.cost.values() if amount is not None), Decimal(0))


def simulate(contenders: pl.DataFrame, brief: Brief) -> list[Simulated]:
    """Every rule on the same groups. Without prices the dearest cannot be told and that rule is left out.

    A list costs what its net would at its price, ``net x cpm / 1000``: floors, fees and run charges are the contract's business.
    """
    prices = {entry.code: entry.cpm for entry in brief.files}
    told = all(entry.cpm is not None or entry.protected for entry in brief.files)
    found = []
    for rule in ALLOCATIONS:
        if rule != "dearest_loses" or told:
            counted = dict(winners(contenders, brief, rule).group_by("winner").len().rows())
            net = {code: counted.get(code, 0) for code in prices}
            cost = {code: None if price is None else round_cents(net[code] * price / 1000) for code, price in prices.items()}
            found.append(Simulated(rule, net, cost))
    return found


def _first(shared: pl.DataFrame, *by: str) -> pl.DataFrame:
    return shared.sort("group", *by, "list_order").unique("group", keep="first", maintain_order=True)


def _in_proportion(shared: pl.DataFrame, weights: dict[int, int], seed: int) -> pl.DataFrame:
    """Each set of files that share persons divides them by what each file brought, to the unit (largest remainder)."""
    if not shared.height:
        return shared
    sets = shared.group_by("group", maintain_order=True).agg(files="list_order").with_columns(pl.col("files").cast(pl.List(pl.String)))
    sets = sets.with_columns(pl.col("files").list.join(","), lot=pl.Series(_mixed(sets["group"].to_numpy(), seed), dtype=pl.UInt64))
    sets = sets.sort("files", "lot", "group")
    given: list[np.ndarray] = []
    for files, size in sets.group_by("files", maintain_order=True).len().rows():
        orders = [int(order) for order in files.split(",")]
        given.append(np.repeat(orders, largest_remainder(size, [weights[order] for order in orders])))
    sets = sets.select("group", list_order=pl.Series(np.concatenate(given), dtype=pl.Int64))
    return shared.join(sets, on=["group", "list_order"], how="semi")


def _mixed(groups: np.ndarray, seed: int) -> np.ndarray:
    with np.errstate(over="ignore"):
        return _scrambled(groups.astype(np.uint64) + np.uint64(seed % 2**64) * _GOLDEN)


def _scrambled(values: np.ndarray) -> np.ndarray:
    """SplitMix64's finaliser: neighbours come out unlike one another. Source: Steele, Lea and Flood, OOPSLA 2014."""
    with np.errstate(over="ignore"):
        mixed = values + _GOLDEN
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        found: np.ndarray = mixed ^ (mixed >> np.uint64(31))
    return found
