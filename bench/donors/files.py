"""A whole set of files with its brief and gold: lists in the tastes of their owners, and suppression lists drawn from the same people."""

import json
from pathlib import Path

import numpy as np
import polars as pl

from bench.donors.dirt import SEED_COLUMNS, spoilt
from bench.donors.names import load_names
from bench.donors.people import DENSE, RENTED, Density, draw_people

DENSITIES = {"dense": DENSE, "rented": RENTED}
_LISTS = ("ARB", "BEL", "CYP", "DUN", "ERA")
_HEADER = {
    "CIVILITE": "civility",
    "PRENOM": "first",
    "NOM": "last",
    "RAISON_SOCIALE": "company",
    "ADR1": None,
    "ADR2": "adr2",
    "ADR3": "adr3",
    "ADR4": "adr4",
    "ADR5": "adr5",
    "CP": "postcode",
    "LOCALITE": "town",
    "EMAIL": "mail",
    "TELEPHONE": "phone",
}


def write_files(folder: Path, records: int, *, seed: int, density: str) -> Path:
    """Write lists of about ``records`` records in all, two suppression lists, ``gold.parquet`` and a brief; returns the brief.

    The gold has ``source, row, entity, household``, rows from 1, suppression lists among the sources; every list has its own taste in
    capitals and accents.
    """
    rng = np.random.default_rng(seed)
    taste: Density = DENSITIES[density]
    folder.mkdir(parents=True, exist_ok=True)
    names = load_names(rng)
    mean = float(np.dot(np.arange(1, len(taste.copies) + 1), taste.copies))
    people = draw_people(rng, names, int(records / mean), taste)
    copies = rng.choice(np.arange(1, len(taste.copies) + 1), people.height, p=taste.copies)
    drawn = np.repeat(np.arange(people.height), copies)
    drawn = drawn[rng.permutation(len(drawn))]
    source = rng.choice(len(_LISTS), len(drawn), p=(0.3, 0.25, 0.2, 0.15, 0.1))
    gold, files = [], []
    for number, code in enumerate(_LISTS):
        mine = people[drawn[source == number]]
        _write(rng, folder / f"{code}.csv", code, _styled(rng, number, spoilt(rng, mine, names, taste.dirt)))
        gold.append(_truth(mine, code))
        files.append({"code": code, "parts": [{"path": f"{code}.csv"}], "priority": number + 1})
    held = []
    for code, share in (("OPP", 0.012), ("PND", 0.02)):
        mine = people[np.flatnonzero(rng.random(people.height) < share)]
        strangers = draw_people(rng, names, max(mine.height, 1), taste).with_columns(pl.lit(-1).alias("entity"))
        mine = pl.concat([mine, strangers.with_columns(pl.lit(-1, dtype=mine.schema["entity"]).alias("entity"))])
        _write(rng, folder / f"{code}.csv", code, _styled(rng, len(held), spoilt(rng, mine, names, taste.dirt)))
        gold.append(_truth(mine, code))
        held.append({"code": code, "path": f"{code}.csv"})
    pl.concat(gold).write_parquet(folder / "gold.parquet")
    brief = folder / "brief.json"
    brief.write_text(json.dumps({"files": files, "suppressions": held}, indent=1), encoding="utf-8")
    return brief


def _truth(people: pl.DataFrame, code: str) -> pl.DataFrame:
    return people.select(
        source=pl.lit(code),
        row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        entity=pl.col("entity").cast(pl.Int64),
        household=pl.col("household").cast(pl.Int64),
    )


def _styled(rng: np.random.Generator, taste: int, records: pl.DataFrame) -> pl.DataFrame:
    """Even lists write as people do; odd ones in capitals, mostly without accents. Some records of every list have it the other way."""
    words = ("first", "last", "company", "adr2", "adr3", "adr4", "adr5", "town")
    share = 0.9 if taste % 2 else 0.12
    upper = pl.Series(rng.random(records.height) < share)
    bare = pl.col(words).str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    capitals = records.select(bare)
    records = records.with_columns(capitals[name].zip_with(upper, records[name]) for name in words)
    # accents that were encoded twice, in a few records
    hit = pl.Series(rng.random(records.height) < 0.004)
    cells = ("first", "last", "adr4", "town")
    twice = records.select(pl.col(cells).str.replace_many(["é", "è", "ë", "ï", "ô", "ç", "É"], ["Ã©", "Ã¨", "Ã«", "Ã¯", "Ã´", "Ã§", "Ã‰"]))
    records = records.with_columns(twice[name].zip_with(hit, records[name]) for name in cells)
    eaten = pl.Series(rng.random(records.height) < (0.9 if taste == 2 else 0.0))
    return records.with_columns(postcode=pl.when(eaten).then(pl.col("postcode").str.replace("^0", "")).otherwise("postcode"))


def _write(rng: np.random.Generator, path: Path, code: str, records: pl.DataFrame) -> None:
    assert tuple(records.columns) == SEED_COLUMNS
    cells = records.with_columns(pl.when(pl.col(name) != "").then(name).alias(name) for name in SEED_COLUMNS)
    cells.select(
        (pl.lit(code) + pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)).alias("ID_SOURCE"),
        pl.Series("CODE_SEG", rng.choice(["S1", "S2"], records.height)),
        *(pl.lit(None, dtype=pl.String).alias(title) if name is None else pl.col(name).alias(title) for title, name in _HEADER.items()),
    ).write_csv(path, separator=";")
