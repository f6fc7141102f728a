"""The files of a channel in the personaliser's layout, and monitor seeds as rows of them: normalised as every other address is."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from tasks.lots.proof import proof_sample
from tasks.lots.reach import CONTACTS
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.normalise import with_postal_lines
from tasks.merge_purge.reading import CANONICAL

COLUMNS = {
    "CIVILITE": "civility",
    "PRENOM": "first_name",
    "NOM": "last_name",
    "RAISON_SOCIALE": "company",
    "L1": "L1",
    "L2": "L2",
    "L3": "L3",
    "L4": "L4",
    "L5": "L5",
    "L6": "L6",
    "CP": "postcode",
    "LOCALITE": "town",
}
"""Titles of the mailing file (section 10 of the trade reference) by the columns of the net."""
WRITTEN_AS = {"encoding": "utf-8", "layout": "csv_semicolon_crlf"}
"""How files for the mailer are written, as the papers with them say: no BOM, one line of titles, lines that end in CR LF."""
_FIELDS = {
    "CIVILITE": "civility",
    "PRENOM": "first_name",
    "NOM": "last_name",
    "RAISON_SOCIALE": "company",
    **{f"ADR{n}": f"adr{n}" for n in range(1, 7)},
    "CP": "postcode",
    "LOCALITE": "town",
    "EMAIL": "email",
    "TELEPHONE": "phone",
}


def read_net(path: Path) -> pl.DataFrame:
    """A net file of the merge-purge: the supplier's id and segment, in how many files the person is, and the record as it is posted."""
    net = pl.read_csv(path, separator=";", infer_schema=False).fill_null("")
    posted = {name: f"posted_{name}" for name in ("civility", "first_name", "last_name", "company", "postcode", "town")}
    lines = (f"L{n}" for n in range(1, 7))
    return net.select("segment", pl.col("files").cast(pl.Int64), *lines, "email", "phone", id_source="id", **posted)


def seed_rows(seeds: Sequence[tuple[str, dict[str, str]]], lots: Sequence[str]) -> pl.DataFrame:
    """Every seed once in every lot, as rows of the mailing; a seed's unique id is its own, a hyphen and the lot's code."""
    if not seeds:
        return pl.DataFrame(schema=dict.fromkeys(("lot", "unique_id", *COLUMNS.values(), "email", "phone"), pl.String))
    records = []
    for number, (code, address) in enumerate(seeds, start=1):
        record: dict[str, object] = dict.fromkeys(CANONICAL, "") | {"row": number, "id_source": code}
        record.update({name: address.get(title, "") for title, name in _FIELDS.items()})
        records.append(record)
    schema = {name: pl.Int64 if name == "row" else pl.String for name in CANONICAL}
    given = pl.DataFrame(records, schema=schema)
    # A seed is named as it was given: what is normalised keeps only what is compared.
    written = with_postal_lines(normalised(given)).select("row", "cp", "L1", "L2", "L3", "L4", "L5", "L6")
    as_posted = given.join(written, on="row", how="left", maintain_order="left").select(
        "id_source",
        civility="civility",
        first_name=_capitals("first_name"),
        last_name=_capitals("last_name"),
        company=_capitals("company"),
        **{line: line for line in ("L1", "L2", "L3", "L4", "L5", "L6")},
        postcode="cp",
        town=pl.col("L6").str.slice(6),
        email="email",
        phone="phone",
    )
    every_lot = pl.DataFrame({"lot": list(lots)}, schema={"lot": pl.String})
    return as_posted.join(every_lot, how="cross").with_columns(unique_id=pl.format("{}-{}", "id_source", "lot"))


def write_channel(
    out: Path, campaign_code: str, channel: str, everybody: pl.DataFrame, seeds: pl.DataFrame, lots: Sequence[str]
) -> Iterator[tuple[str, int]]:
    """Write a channel's files: the mailing, its proof sample, and where it gets to people if that is not the door; gives names and rows.

    :param everybody: the net of all lists, with ``lot`` and ``unique_id``
    :param seeds: of ``seed_rows``, for these lots
    """
    pieces = everybody.filter(pl.col("lot").is_in(lots))
    titles = {"CODE_LOT": "lot", "ID_UNIQUE": "unique_id"}
    whole = pl.concat([frame.select(*titles.values(), *COLUMNS.values(), "email", "phone") for frame in (pieces, seeds)])
    order = pl.DataFrame({"lot": list(lots), "place": range(len(lots))}, schema={"lot": pl.String, "place": pl.Int64})
    mailing = whole.join(order, on="lot").sort("place", "postcode", "unique_id").with_columns(n=pl.int_range(1, pl.len() + 1))
    campaign = {"CODE_CAMP": pl.lit(campaign_code)}
    yield _write(out / f"mailing_{channel}.csv", mailing.select(**campaign, **titles, N_SEQ="n", **COLUMNS))
    yield _write(out / f"proof_{channel}.csv", proof_sample(pieces).select(**campaign, **titles, MOTIF="reason", **COLUMNS))
    contact = CONTACTS.get(channel)
    if contact and (reached := mailing.filter(contact.will_do(mailing[contact.column]))).height:
        named = {title: COLUMNS[title] for title in ("CIVILITE", "PRENOM", "NOM", "RAISON_SOCIALE")}
        yield _write(out / f"contacts_{channel}.csv", reached.select(**campaign, **titles, **named, **{contact.title: contact.column}))


def _write(path: Path, table: pl.DataFrame) -> tuple[str, int]:
    table.write_csv(path, separator=";", line_terminator="\r\n")
    return path.name, table.height


def _capitals(column: str) -> pl.Expr:
    return pl.col(column).str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
