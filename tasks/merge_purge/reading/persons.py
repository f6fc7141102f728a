"""Names that stand in one cell: parted, and found on the first line of an address where a file has no column of names."""

import polars as pl

from tasks.merge_purge.reading.defects import Findings

_TITLE = r"(?i)^(monsieur|madame|mademoiselle|mlle|mme|mr|m)\b\.?\s*"
_MOSTLY = 0.5  # of the records


def named_by_first_line(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame | None:
    """Records without names whose first lines mostly are a person's with a title, as six postal lines have it; None where they are not.

    A first line without a title stays: it is taken for an organisation's.
    """
    titled = pl.col("adr1").str.contains(_TITLE + r"\S")
    within = int(frame.select(titled.sum()).item())
    if not within or within < _MOSTLY * frame.height:
        return None
    civility, first, last = split_name(pl.col("adr1"), last_first=False)
    values = {"civility": civility, "first_name": first, "last_name": last, "adr1": pl.lit("")}
    findings.add("name_in_address", within, repaired=True, evidence="on the first line")
    return frame.with_columns(pl.when(titled).then(value).otherwise(name).alias(name) for name, value in values.items())


def split_name(whole: pl.Expr, last_first: bool) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Civility, first name and surname of a name in one cell; capitals among small letters are the surname."""
    bare = whole.str.replace(_TITLE, "")
    capitals = bare.str.extract(r"((?:\b\p{Lu}[\p{Lu}'-]+\b\s*)+)", 1).str.strip_chars()
    mixed = bare.str.contains(r"\p{Ll}") & capitals.is_not_null()
    head, tail = bare.str.extract(r"^(\S+)", 1), bare.str.extract(r"^\S+\s+(.+)$", 1).fill_null("")
    last = pl.when(mixed).then(capitals).when(tail == "").then(bare).otherwise(head if last_first else tail).fill_null("")
    first = pl.when(mixed).then(bare.str.replace(r"(?:\b\p{Lu}[\p{Lu}'-]+\b\s*)+", "").str.strip_chars()).when(tail == "").then(pl.lit(""))
    return whole.str.extract(_TITLE, 1).fill_null(""), first.otherwise(tail if last_first else head).fill_null(""), last
