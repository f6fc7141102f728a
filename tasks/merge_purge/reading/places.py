"""Postcode and town at the end of an address instead of in columns of their own: ``12 rue Haute, 01000 Bourg``, or a sixth line."""

import polars as pl

from tasks.merge_purge.reading.defects import Findings
from tasks.merge_purge.reading.headers import ADDRESS

_NEARLY_ALL = 0.9  # of the records
_AT_THE_END = r"^(?:(.*\S)[\s,;-]+|[\s,;-]*)(\d{5})\s+(\D[^\d]*(?:\d{1,2})?)$"  # a town ends in the number of a CEDEX at most


def placed(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame | None:
    """Records without postcodes or towns, with those that nearly all have at the end of one of their lines; None where they have not."""
    for name in reversed(ADDRESS):
        within = int(frame[name].str.contains(_AT_THE_END).sum())
        if not within or within < _NEARLY_ALL * frame.height:
            continue
        street, postcode, town = (pl.col(name).str.extract(_AT_THE_END, group).fill_null("") for group in (1, 2, 3))
        there = pl.col(name).str.contains(_AT_THE_END)
        found = frame.with_columns(
            pl.when(there).then(street.str.strip_chars(" ,;-")).otherwise(name).alias(name),
            postcode=pl.when(there).then(postcode).otherwise(pl.lit("")),
            town=pl.when(there).then(town.str.strip_chars()).otherwise(pl.lit("")),
        )
        findings.add("place_in_address", within, repaired=True, evidence=f"at the end of {name}")
        return found
    return None
