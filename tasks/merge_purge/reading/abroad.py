"""Records that are not of the country whose post is written to, and postcodes that only look as if a zero were lost.

A country is told by a column of its own, by the letters before a postcode, or by the end of the town. Not for the places of the
country itself: those are mended where the commune table is known (``normalise``).
"""

from collections.abc import Sequence

import polars as pl

from tasks.merge_purge.normalise.communes import communes, strange, town_key
from tasks.merge_purge.normalise.text import plain as plain_text
from tasks.merge_purge.reading.wording import plain

FOREIGN, BAD_POSTCODE = "foreign", "bad_postcode"
"""Reasons of a rejection."""
COUNTRY_HEADERS = ("pays", "country", "code pays", "libelle pays", "nom pays", "pays adresse", "country code", "country name")
COUNTRIES = (
    "ALLEMAGNE", "GERMANY", "DEUTSCHLAND", "ANDORRE", "ANGLETERRE", "ENGLAND", "GRANDE BRETAGNE", "ROYAUME UNI", "UNITED KINGDOM",
    "AUTRICHE", "AUSTRIA", "BELGIQUE", "BELGIUM", "BELGIE", "CANADA", "DANEMARK", "ESPAGNE", "SPAIN", "ESPANA", "ETATS UNIS", "USA",
    "IRLANDE", "IRELAND", "ISRAEL", "ITALIE", "ITALY", "ITALIA", "LUXEMBOURG", "LUXEMBURG", "MAROC", "MOROCCO", "PAYS BAS",
    "NETHERLANDS", "NEDERLAND", "POLOGNE", "PORTUGAL", "SENEGAL", "SUEDE", "SUISSE", "SWITZERLAND", "SCHWEIZ", "SVIZZERA",
    "TUNISIE", "ALGERIE",
)  # fmt: skip
# As vehicles and norms have them; of a letter alone only those that no other list of codes gives to France or its islands.
_CODES = ("AD", "AT", "BE", "BEL", "CA", "CAN", "CH", "CHE", "DE", "DEU", "DK", "ES", "ESP", "GB", "GBR", "UK", "IE", "IT", "ITA", "LU",
          "LUX", "NL", "NLD", "PT", "PRT", "SE", "US")  # fmt: skip
_LETTERED = r"(?i)^(?:B|BE|CH|L|LU|D|DE|A|AT|I|IT|E|ES|P|PT|NL|GB|UK|AD)[- ]?\d{3,5}$"
_SHORT = r"^[1-9]\d{3}$"


def not_here(frame: pl.DataFrame, country: pl.Series | None) -> pl.DataFrame:
    """The lines of records that are rejected whatever else they say: ``line, reason``.

    :param frame: ``line, postcode, town`` as delivered
    :param country: what a column of countries says of each record
    """
    odd = frame.filter(~pl.col("postcode").str.contains(r"^\d{5}$"))  # most are right, and only the others worth a second look
    abroad = [odd.filter(pl.col("postcode").str.contains(_LETTERED))["line"], _by_the_town(frame)]
    if country is not None:
        abroad.append(frame["line"].filter(country.is_in(_spellings(country, (*COUNTRIES, *_CODES)).implode())))
    foreign = pl.concat(abroad).unique().to_frame()
    here = odd.filter(pl.col("postcode").str.contains(_SHORT)).join(foreign, on="line", how="anti", maintain_order="left")
    told = pl.concat([foreign.with_columns(reason=pl.lit(FOREIGN)), _nowhere_near(here).select("line", reason=pl.lit(BAD_POSTCODE))])
    return told.sort("line")


def _by_the_town(frame: pl.DataFrame) -> pl.Series:
    """The lines whose town ends with a country's name, and is no commune: there is Robert-Espagne."""
    text = plain_text(pl.col("town"))
    towns = frame.select(pl.col("town").unique()).filter(text.str.contains(rf"\b(?:{'|'.join(COUNTRIES)})$"))
    if towns.height:
        towns = towns.filter(~town_key(text).is_in(communes()["key"].implode()))
    return frame["line"].filter(frame["town"].is_in(towns["town"].implode())) if towns.height else frame["line"].clear()


def country_column(headers: Sequence[str]) -> int | None:
    """The place of the column that names a country."""
    return next((i for i, header in enumerate(headers) if plain(header) in COUNTRY_HEADERS), None)


def _spellings(texts: pl.Series, words: Sequence[str]) -> pl.Series:
    distinct = texts.unique().to_frame("text")
    return distinct.filter(plain_text(pl.col("text")).is_in(list(words)))["text"]


def _nowhere_near(short: pl.DataFrame) -> pl.DataFrame:
    """Of records whose postcode has four digits, those whose town is no town of the department that a zero before it would make.

    Brussels is 1000, and Bourg-en-Bresse 01000.
    """
    asked = short.select("line", "postcode", key=town_key(plain_text(pl.col("town"))), cedex=pl.col("town").str.contains(r"(?i)\bcedex\b"))
    asked = asked.filter((pl.col("key") != "") & ~pl.col("cedex")).with_columns(department="0" + pl.col("postcode").str.slice(0, 1))
    return asked.join(strange(asked.select("department", "key")), on=["department", "key"], how="semi", maintain_order="left")
