"""Where a record lives: which line holds the street, the flat, the building, the place; number, street name, town, all in one spelling."""

from functools import partial

import polars as pl

from tasks.merge_purge.normalise.communes import of_the_army, town_key, with_commune
from tasks.merge_purge.normalise.text import by_distinct, code, compact, drop_words, on_distinct, plain, replace_words, sound, where_given
from tasks.merge_purge.normalise.words import ARTICLES, STREET_KINDS, STREET_WORDS, SURE_STREET_KINDS

LINES = ("adr1", "adr2", "adr3", "adr4", "adr5", "adr6")
_KIND = "|".join(sorted(STREET_KINDS, key=len, reverse=True))
_SURE = "|".join(sorted((k for k, v in STREET_KINDS.items() if v in SURE_STREET_KINDS), key=len, reverse=True))
_UNIT = r"(?:APPARTEMENT|APPART|APPT|APT|APP|ESCALIER|ESC|ETAGE|ETG|PORTE|PTE|BATIMENT|BAT|ENTREE|BOITE|BAL|CHAMBRE|CHB|STUDIO)"
_NUMBER = r"^(\d{1,4})\s?(BIS|TER|QUATER|[A-HT])?\s+(\S.*)$"
# "BP 12" and what such words are written like, and a number that says it is one.
_SPELT = {
    r"\b(?:B P|BOITE POSTALE|BP)(?: NO?| NUMERO)? ?(\d)": "BP $1",
    r"\bC S ?(\d)": "CS $1",
    r"\bT S A ?(\d)": "TSA $1",
    r"\bZ A C\b": "ZAC",
    r"\bZ ([AI])\b": "Z$1",
    rf"^N(?:O|UM|UMERO)? ?(\d{{1,4}} ?(?:BIS|TER|QUATER|[A-HT])? ?(?:{_KIND})\b)": "$1",
}
_MISSPELT = r"\bB P\b|BOITE POSTALE|\bBP N|\bC S ?\d|\bT S A\b|\bZ [AI]\b|^N(?:O|UM|UMERO)? ?\d"
_BOXED = r"^(.*\S) ((?:BP|CS|TSA) ?\d+)$"
_GLUED = rf"^((?:{_UNIT} [A-Z0-9]+ )+)((?:\d+ ?(?:BIS|TER|QUATER|[A-HT])? |(?:{_SURE}) )\S.*)$"
_FRONT = r"(?:CHEZ|C O|BATIMENT|BAT|RESIDENCE|RES|IMMEUBLE|IMM|TOUR|LIEU DIT|LD|HAMEAU|ZI|ZA|ZAC)"
_BEHIND = rf"^({_FRONT} .*?\S) (\d+ ?(?:BIS|TER|QUATER|[A-HT])? (?:{_SURE}) \S.*)$"
_FLAT = rf"^(?:{_UNIT}|REZ DE|RDC|\d+ ?(?:ER|E|EME) ETAGE|CHEZ|CO|C O)\b"
_BUILDING = r"^(?:BATIMENT|BAT|RESIDENCE|RES|RESID|IMMEUBLE|IMM|TOUR|ENTREE|PAVILLON|PAV|BLOC|COPROPRIETE|CENTRE|FOYER|LOGT|MAISON)\b"
_PLACE = (
    r"^(?:LD|LIEU DIT|LIEUDIT|LIEU|HAMEAU|HAM|QUARTIER|QRT|BP ?\d+|BOITE POSTALE|CS ?\d+|TSA ?\d+|CIDEX|POSTE RESTANTE"
    r"|LA |LE |LES |L |ZA|ZI|ZAC|FERME|MAS|CHATEAU)\b"
)
_SORTED = ("street", "flat", "building", "place")
# What says nothing of itself beside a street is posted on the line where it stood, and compared with nothing.
_MORE = ("more_flat", "more_building", "more_place")
_WHERE_IT_STANDS = {"adr1": "flat", "adr2": "flat", "adr3": "building", "adr4": "building", "adr5": "place", "adr6": "place"}
# From here on a text can be a street: 6 a number and a kind of way, 5 a kind, 4 a number, 2 nothing that tells.
_LIKELY = 2
_SORTED_AT_A_TIME = 150_000  # records, each of several lines
_BOX = r"\b(BP|CS|TSA) ?(\d+)\b"


def with_address(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the sorted address: ``flat, building, street, place`` (plain text), ``more_flat, more_building, more_place``, ``number, suffix,
    street_key, street_word, street_sound, place_key, box, door, block, cp, cp_ok, town_line, town_key, place_repair``. ``street_sound``
    is a number (``code``).

    A street that slid to another line is found by what it says, not by where it stands. The lines, ``postcode`` and ``town`` go.
    """
    # one at a time, and no name for it: here a run needs the most memory, and a name would keep what the step does away with
    frames = [frame]
    del frame
    for step in (_lines_told, _parsed, _town, with_commune):
        frames.append(step(frames.pop()))
    return frames.pop()


def _lines_told(frame: pl.DataFrame) -> pl.DataFrame:
    """What each line is, and what is read of the street, in place of the lines."""
    frame, at, others = _lines_read(frame)
    for name in others.columns:  # one by one, so that the old goes as the new comes
        frame = frame.with_columns(frame[name].clone().scatter(at, others[name]).alias(name))
    return frame


def _lines_read(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series, pl.DataFrame]:
    """The same as if every street stood on its own line and nothing else did; the rows where that is not so, and what is true of them."""
    alone = frame.select(pl.all_horizontal(pl.col(line) == "" for line in LINES if line != "adr4")).to_series()
    told = by_distinct(frame.select("adr4"), "adr4", _usual)
    # most records are a street on its own line and nothing else: only the others need their lines sorted
    at = (~(alone & told["is_street"])).arg_true().cast(pl.UInt32)
    others = pl.concat(
        _sorted(frame.select(LINES)[some].with_columns(at=some))
        for some in (at[i : i + _SORTED_AT_A_TIME] for i in range(0, max(len(at), 1), _SORTED_AT_A_TIME))
    )
    others = by_distinct(others, "street", _street).drop("at")
    nothing = pl.repeat("", frame.height, eager=True)
    lines = {name: told[name] if name in told.columns else nothing for name in others.columns}
    return frame.drop(LINES).with_columns(**lines), at, others


def _usual(lines: pl.DataFrame) -> pl.DataFrame:
    """What is told of a line where streets stand: ``street`` and what is read of it, and whether it is one and nothing else."""

    def read(streets: pl.DataFrame) -> pl.DataFrame:
        street = pl.col("street")
        alone = (street != "") & ~street.str.contains(f"{_GLUED}|{_BEHIND}|{_BOXED}") & (_what_it_says(street)["likely"] >= _LIKELY)
        return _street(streets).with_columns(is_street=streets.select(alone).to_series())

    return by_distinct(lines.select(street=_line(pl.col("adr4"))), "street", read)


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    """What each line is, by what it says: ``at, street, flat, building, place``; and the rest, by where it stands."""
    pieces = frame.unpivot(index="at", on=list(LINES), variable_name="line", value_name="raw").filter(pl.col("raw") != "")
    pieces = _cut(by_distinct(pieces, "raw", _read).filter(pl.col("text") != ""))
    best = _street_of_each(pieces)
    pieces = pieces.join(best, on=["at", "line", "part"], how="left").with_columns(pl.col("is_street").fill_null(False))
    rest = pieces.filter(~pl.col("is_street")).sort("at", "line", "part")
    streets = pieces.filter("is_street").select("at", street="text")
    found = frame.select("at").join(streets, on="at", how="left", maintain_order="left")
    unsaid = pl.col("line").replace_strict(_WHERE_IT_STANDS, return_dtype=pl.String)
    rest = rest.with_columns(what=pl.when(pl.col("says") == "").then("more_" + unsaid).otherwise("says"))
    for what in (*_SORTED[1:], *_MORE):
        said = rest.filter(pl.col("what") == what).group_by("at", maintain_order=True).agg(pl.col("text").str.join(" ").alias(what))
        found = found.join(said, on="at", how="left", maintain_order="left")
    found = found.with_columns(pl.col(*_SORTED, *_MORE).fill_null(""))
    # a hamlet's bare name is a place, where nothing else is given
    only = pl.all_horizontal(pl.col(name) == "" for name in _SORTED)
    bare = pl.concat_str(_MORE, separator=" ").str.replace_all(" +", " ").str.strip_chars()
    return found.with_columns(
        pl.when(only).then(bare).otherwise("place").alias("place"),
        *(pl.when(only).then(pl.lit("")).otherwise(name).alias(name) for name in _MORE),
    )


def _read(raws: pl.DataFrame) -> pl.DataFrame:
    text = pl.col("text")
    pieces = {"glued": text.str.contains(f"{_GLUED}|{_BEHIND}"), "boxed": text.str.contains(_BOXED)}
    return on_distinct(raws.select(text=_line(pl.col("raw"))), "text", {"text": text, **pieces, **_what_it_says(text)})


def _line(raw: pl.Expr) -> pl.Expr:
    """A line as plain text, with one spelling for what is written in many."""
    return plain(raw).map_batches(_spelt, return_dtype=pl.String, is_elementwise=True)


def _spelt(texts: pl.Series) -> pl.Series:
    at = texts.str.contains(_MISSPELT).arg_true()
    if not at.len():
        return texts
    mended = texts[at]
    for found, put in _SPELT.items():
        mended = mended.str.replace_all(found, put)
    return texts.clone().scatter(at, mended)


def _cut(pieces: pl.DataFrame) -> pl.DataFrame:
    """A line ``APPT 4 12 RUE HAUTE BP 5`` is three: the flat, the street, the box."""
    text = pl.col("text")
    told = pieces.filter(pl.col("glued") | pl.col("boxed"))
    told = told.with_columns(
        box=text.str.extract(_BOXED, 2).fill_null(""), text=pl.coalesce(text.str.extract(_BOXED, 1), text), part=pl.lit(0)
    )
    unit = pl.coalesce(text.str.extract(_GLUED, 1).str.strip_chars(), text.str.extract(_BEHIND, 1)).fill_null("")
    street = pl.coalesce(text.str.extract(_GLUED, 2), text.str.extract(_BEHIND, 2), text)
    parts = (told.with_columns(text=piece, part=pl.lit(part)) for part, piece in enumerate((unit, street, pl.col("box"))))
    cut = pl.concat(parts).drop("box").filter(text != "").with_columns(**_what_it_says(text))
    return pl.concat([pieces.filter(~(pl.col("glued") | pl.col("boxed"))).with_columns(part=pl.lit(0)), cut])


def _what_it_says(text: pl.Expr) -> dict[str, pl.Expr]:
    building, flat, place = (text.str.contains(pattern) for pattern in (_BUILDING, _FLAT, _PLACE))
    says = pl.when(building).then(pl.lit("building")).when(flat).then(pl.lit("flat")).when(place).then(pl.lit("place"))
    numbered, sure = text.str.contains(_NUMBER), text.str.contains(rf"^(?:{_SURE})\b")
    numbered_kind = text.str.contains(rf"^\d{{1,4}}\s?(?:BIS|TER|QUATER|[A-HT])?\s+(?:{_KIND})\b")
    likely = (
        pl.when(numbered_kind).then(6).when((building | flat) & ~sure).then(0).when(sure).then(5)
        .when(place).then(1).when(numbered).then(4).otherwise(2)
    )  # fmt: skip
    return {"says": says.otherwise(pl.lit("")), "likely": likely}


def _street_of_each(pieces: pl.DataFrame) -> pl.DataFrame:
    # what says nothing of itself counts as the street only where streets stand; elsewhere it is a building's or a place's name
    usual = pl.col("line") == "adr4"
    score = (
        pl.when(pl.col("likely") == 2)
        .then(pl.when(usual).then(3.5).otherwise(0.5))
        .otherwise(pl.col("likely") + usual.cast(pl.Float64) * 0.5)
    )
    scored = pieces.with_columns(score=score).filter(pl.col("score") >= 3)
    return (
        scored.sort(["at", "score", "line", "part"], descending=[False, True, False, False])
        .group_by("at", maintain_order=True)
        .first()
        .select("at", "line", "part", is_street=pl.lit(True))
    )


def _parsed(frame: pl.DataFrame) -> pl.DataFrame:
    bare_place = pl.col("place").str.replace_all(_BOX, "").str.replace(r"^(LD|LIEU DIT|LIEUDIT|HAMEAU|HAM) ", "").str.strip_chars()
    told = {
        "place": {"place_key": compact(drop_words(bare_place, ARTICLES)), "box": pl.col("place").str.extract(_BOX, 2).fill_null("")},
        "flat": {"door": pl.col("flat").str.extract(r"\b(?:APPARTEMENT|APPART|APPT|APT|APP|PORTE|PTE) ?(\w+)", 1).fill_null("")},
        "building": {"block": pl.col("building").str.extract(r"\b(?:BATIMENT|BAT|BLOC|ENTREE) ?(\w+)", 1).fill_null("")},
    }
    for line, work in told.items():
        frame = where_given(frame, (line,), partial(on_distinct, column=line, work=work))
    return frame


def _street(streets: pl.DataFrame) -> pl.DataFrame:
    """What is read of a street: ``number, suffix, street_key, street_word, street_sound``."""
    parts = pl.col("street").str.extract_groups(_NUMBER).struct
    numbered = streets.with_columns(
        number=parts[0].fill_null("").str.replace("^0+", ""),
        suffix=parts[1].fill_null("").str.slice(0, 1),
        way=pl.coalesce(parts[2], "street"),
    )
    return by_distinct(numbered, "way", _way).drop("way")


def _way(ways: pl.DataFrame) -> pl.DataFrame:
    kind = pl.col("way").str.extract(rf"^({_KIND})\b", 1).fill_null("")
    name = pl.when(kind != "").then(pl.col("way").str.replace(rf"^(?:{_KIND})\b\s*", "")).otherwise("way")
    named = ways.select(name=drop_words(replace_words(name, STREET_WORDS), ARTICLES))
    told = named.select(street_key=compact(pl.col("name")), street_word=pl.col("name").str.extract(r"(\S+)$", 1).fill_null(""))
    return on_distinct(told, "street_word", {"street_sound": code(sound(pl.col("street_word")).str.slice(0, 5))})


def _town(frame: pl.DataFrame) -> pl.DataFrame:
    text = plain(pl.col("town").str.replace(r"^(.+?)\s*\((LE|LA|LES|L'|Le|La|Les|L’)\)\s*$", "$2 $1"))
    frame = by_distinct(
        frame,
        "town",
        lambda towns: on_distinct(
            towns.select(town_line=text.str.replace(r"^\d{5} ", "")), "town_line", {"town_key": town_key(pl.col("town_line"))}
        ),
    )
    digits = pl.col("postcode").str.replace_all(r"\s", "")
    frame = on_distinct(frame, "postcode", {"cp": digits, "cp_ok": digits.str.contains(r"^(0[1-9]|[1-8]\d|9[0-8])\d{3}$")})
    army = pl.col("cp").str.contains(r"^00\d{3}$") & of_the_army(pl.col("town_line"))
    return frame.drop("town", "postcode").with_columns(cp_ok=pl.col("cp_ok") | army)
