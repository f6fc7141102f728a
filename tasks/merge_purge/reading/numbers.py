"""Postcodes, telephone numbers and ids that a spreadsheet took for numbers: what can be undone is, the rest is told."""

import polars as pl

from tasks.merge_purge.reading.defects import Findings

_LINE = "line"
SCIENTIFIC = r"(?i)^\d([.,]\d+)?e\+?\d{1,3}$"
_DECIMAL = r"^\d{4,}[.,]0$"


def note_values(frame: pl.DataFrame, findings: Findings) -> None:
    """Note what a spreadsheet did to ids and telephone numbers; postcodes are noted where they are repaired."""
    scientific = frame.filter(pl.col("id_source").str.contains(SCIENTIFIC))[_LINE].to_list()
    findings.add("excel_scientific_id", len(scientific), repaired=False, rows=scientific, evidence="digits of the id are lost")
    cut = frame.filter(pl.col("phone").str.contains(SCIENTIFIC))[_LINE].to_list()
    findings.add("phone_digits_lost", len(cut), repaired=False, rows=cut, evidence="telephone numbers that a spreadsheet rounded")
    phones = frame.filter(pl.col("phone").str.contains(r"^[1-9]\d{8}$"))[_LINE].to_list()
    findings.add("phone_zero_lost", len(phones), repaired=True, rows=phones, evidence="telephone numbers of nine digits")


def written_out(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Undo the scientific notation of postcodes and telephone numbers where no digit is lost: 7,5012E+04 is 75012, and so is 75012.0."""
    for name, fewest in (("postcode", 4), ("phone", 9)):
        written = frame.filter(pl.col(name).str.contains(f"{SCIENTIFIC}|{_DECIMAL}")).select(_LINE, name)
        whole = [_digits(text, fewest) for text in written[name].to_list()]
        mended = written.with_columns(pl.Series("whole", whole, dtype=pl.String)).drop_nulls("whole")
        if mended.height:
            rows = mended[_LINE].to_list()
            findings.add("scientific_number", mended.height, repaired=True, rows=rows, evidence=f"{name}, every digit there")
            frame = frame.join(mended.select(_LINE, "whole"), on=_LINE, how="left", maintain_order="left")
            frame = frame.with_columns(pl.coalesce("whole", name).alias(name)).drop("whole")
    return frame


def _digits(text: str, fewest: int) -> str | None:
    mantissa, power, exponent = text.upper().replace(",", ".").partition("E")
    if not power:
        return mantissa.removesuffix(".0")
    whole, _, decimals = mantissa.partition(".")
    digits = whole + decimals
    return digits if len(digits) == int(exponent) + 1 and len(digits) >= fewest else None


def repaired_postcodes(frame: pl.DataFrame, elsewhere: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Give postcodes back the zero they lost, but for records that are ``elsewhere``; without the letter of the country."""
    # most are five digits already: only the others are worth the costly expressions
    at = (~frame["postcode"].str.contains(r"^\d{5}$")).arg_true()
    prefixed = (
        pl.col("postcode")
        .str.replace(r"(?i)^(?:f|fr|mc)[- ]?(\d{5})$", "$1")
        .str.replace(r"^'(\d+)$", "$1")
        .str.replace(r"^(\d{2})[ .](\d{3})$", "$1$2")
        .str.replace(r"^(\d{4,5})\.0$", "$1")
    )
    odd = pl.DataFrame([frame[name].gather(at) for name in (_LINE, "postcode")]).with_columns(prefixed)
    short = pl.col("postcode").str.contains(r"^[1-9]\d{3}$") & ~pl.col(_LINE).is_in(elsewhere[_LINE].implode())
    eaten = odd.filter(short)[_LINE].to_list()
    findings.add("leading_zero_lost", len(eaten), repaired=True, rows=eaten, evidence="postcodes of four digits")
    mended = odd.select(pl.when(short).then("0" + pl.col("postcode")).otherwise("postcode")).to_series()
    return frame.with_columns(frame["postcode"].clone().scatter(at, mended))
