"""FEBRL4 (two files of 5,000 Australian persons, Christen 2005): weights calibrated on half of the persons, judged on the other half.

``./dev bench febrl4 FOLDER``, where FOLDER holds ``dataset4a.csv`` and ``dataset4b.csv`` as FEBRL and the packages that carry it
distribute them. Names, address and the social security number (in the telephone's place) are compared; the date of birth is not.
"""

import json
import sys
import tempfile
from pathlib import Path

import polars as pl

from bench._pairs import report
from bench.merge_purge_quality import pairwise
from tasks.merge_purge.brief import Brief
from tasks.merge_purge.calibration import calibrate
from tasks.merge_purge.run import run


def main(source: Path) -> None:
    """Calibrate, run and report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {code: _read(source / f"dataset4{code}.csv") for code in ("a", "b")}
        labels = pl.concat(
            [
                frame.filter(pl.col("person") % 2 == 0).select(SOURCE=pl.lit(code), ID="ID_SOURCE", ENTITY="person")
                for code, frame in files.items()
            ]
        )
        labels.write_csv(folder / "labels.csv", separator=";")
        taught = calibrate(_brief(folder, "train", files, 0), folder / "labels.csv", folder / "weights.csv")
        run(_brief(folder, "test", files, 1, weights="weights.csv"), folder / "out")
        decided = pl.read_parquet(folder / "out" / "decisions.parquet").with_columns(person=_person(pl.col("id")))
        found = {name: round(value, 4) for name, value in pairwise(decided, "group", "person").items()}
        report({"bench": "febrl4", **found, "records": decided.height, "pairs_to_learn_from": taught})


def _person(column: pl.Expr) -> pl.Expr:
    return column.str.extract(r"rec-(\d+)-").cast(pl.Int64)


def _read(path: Path) -> pl.DataFrame:
    frame = pl.read_csv(path, infer_schema=False)
    frame = frame.rename({name: name.strip() for name in frame.columns}).with_columns(pl.all().str.strip_chars().fill_null(""))
    number = pl.when(pl.col("soc_sec_id") != "").then("60" + pl.col("soc_sec_id")).otherwise(pl.lit(""))
    return frame.select(
        ID_SOURCE="rec_id",
        PRENOM="given_name",
        NOM="surname",
        ADR4=pl.concat_str("street_number", "address_1", separator=" ").str.strip_chars(),
        ADR5="address_2",
        CP="postcode",
        LOCALITE="suburb",
        TELEPHONE=number,
        person=_person(pl.col("rec_id")),
    )


def _brief(folder: Path, half: str, files: dict[str, pl.DataFrame], odd: int, **more: str) -> Brief:
    for code, frame in files.items():
        frame.filter(pl.col("person") % 2 == odd).drop("person").write_csv(folder / f"{half}_{code}.csv", separator=";")
    lists = [{"code": code, "path": f"{half}_{code}.csv"} for code in files]
    return Brief.from_json(json.dumps({"files": lists, **more}), folder=folder)


if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if not named:
        raise SystemExit("./dev bench febrl4 FOLDER: the folder of dataset4a.csv and dataset4b.csv")
    main(Path(named[0]))
