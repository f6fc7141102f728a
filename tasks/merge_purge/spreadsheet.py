"""Tables for people, who open them in a spreadsheet. Not for net files and mailings: see `workflows.trade.spreadsheets`."""

import polars as pl

from workflows.trade.spreadsheets import FORMULA, MARK, NUMBER


def defused(table: pl.DataFrame) -> pl.DataFrame:
    """The table without a text that a spreadsheet would carry out."""
    text = pl.col(pl.String)
    return table.with_columns(
        pl.when(text.str.contains(FORMULA) & ~text.str.contains(NUMBER)).then(text.str.replace("^", MARK)).otherwise(text)
    )
