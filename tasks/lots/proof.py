"""The proof sample: the records on which a proof is looked at, from every lot the ordinary one and the extreme ones.

A layout that holds the longest name, the longest line and the fullest address of each lot holds all of them (trade reference,
section 3.8: data proof on real extreme records, each cell).
"""

import polars as pl

LINES = tuple(f"L{n}" for n in range(1, 7))
_NAME = pl.max_horizontal(pl.col("last_name").str.len_chars() + pl.col("first_name").str.len_chars(), pl.col("company").str.len_chars())
EXTREMES = {
    "nom le plus long": _NAME,
    "ligne la plus longue": pl.max_horizontal(pl.col(line).str.len_chars() for line in LINES),
    "adresse la plus remplie": pl.sum_horizontal((pl.col(line) != "").cast(pl.Int32) for line in LINES),
}
"""What is looked for, in the words that the mailer reads."""
_FIRST = "premier du lot"


def proof_sample(pieces: pl.DataFrame) -> pl.DataFrame:
    """The sample with `reason`, sorted by lot and unique id; a record that is extreme twice comes once, with both reasons.

    :param pieces: ``lot, unique_id`` and the columns of the mailing, monitor seeds left out
    """
    pieces = pieces.sort("lot", "unique_id")
    found = [pieces.unique("lot", keep="first", maintain_order=True).select("lot", "unique_id", reason=pl.lit(_FIRST))]
    for reason, measure in EXTREMES.items():
        most = pieces.with_columns(measure=measure.cast(pl.Int64)).sort(["lot", "measure", "unique_id"], descending=[False, True, False])
        found.append(most.unique("lot", keep="first", maintain_order=True).select("lot", "unique_id", reason=pl.lit(reason)))
    reasons = pl.concat(found).group_by("lot", "unique_id", maintain_order=True).agg(pl.col("reason").str.join(", "))
    return pieces.join(reasons, on=["lot", "unique_id"], how="inner").sort("lot", "unique_id")
