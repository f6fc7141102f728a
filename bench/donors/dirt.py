"""What happens to true people on their way into a file: one record drawn from one person, with the defects of the trade."""

import numpy as np
import polars as pl

from bench.donors.names import Names

_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))
_SHORT_KINDS = {
    "Rue": "R",
    "Avenue": "AV",
    "Boulevard": "BD",
    "Impasse": "Imp.",
    "Allée": "All.",
    "Chemin": "Che",
    "Place": "Pl.",
    "Route": "Rte",
}
_SHORT_WORDS = {
    "Général": "GAL",
    "Maréchal": "Mal",
    "Président": "PDT",
    "Docteur": "Dr",
    "Commandant": "Cdt",
    "Colonel": "Col",
    "Saint": "St",
}
_MEN, _WOMEN = ["M", "M.", "Monsieur", "MR"], ["Mme", "MME", "Madame", "Mlle"]
SEED_COLUMNS = ("civility", "first", "last", "company", "adr2", "adr3", "adr4", "adr5", "postcode", "town", "mail", "phone")


class Dice:
    """Draws for one batch of records: a chance, scaled by how dirty the files are."""

    def __init__(self, rng: np.random.Generator, size: int, dirt: float) -> None:
        self.rng, self.size, self.dirt = rng, size, dirt

    def chance(self, share: float) -> pl.Series:
        """True for about ``share`` of the records, more in dirty files."""
        return pl.Series(self.rng.random(self.size) < share * self.dirt)

    def even(self, share: float) -> pl.Series:
        """True for ``share`` of the records, however dirty."""
        return pl.Series(self.rng.random(self.size) < share)

    def one_of(self, values: list[str]) -> pl.Series:
        """A value for each record."""
        return pl.Series(self.rng.choice(values, self.size))


def mistyped(rng: np.random.Generator, text: pl.Series, hit: pl.Series) -> pl.Series:
    """One letter lost, doubled, replaced or swapped with the next, where ``hit`` and the text has four characters or more."""
    chosen = hit & (text.str.len_chars() >= 4)
    at = np.flatnonzero(chosen.to_numpy())
    part = pl.DataFrame({"t": text.gather(at)})
    size = part.height
    if not size:
        return text
    place = pl.Series(rng.random(size)) * (part["t"].str.len_chars() - 2)
    part = part.with_columns(
        p=1 + place.cast(pl.Int64), how=pl.Series(rng.integers(0, 4, size)), letter=pl.Series(rng.choice(_LETTERS, size))
    )
    head, p = pl.col("t").str.slice(0, pl.col("p")), pl.col("p")
    one, two = pl.col("t").str.slice(p, 1), pl.col("t").str.slice(p + 1, 1)
    spoilt = part.select(
        pl.when(pl.col("how") == 0)
        .then(head + pl.col("t").str.slice(p + 1))
        .when(pl.col("how") == 1)
        .then(head + one + pl.col("t").str.slice(p))
        .when(pl.col("how") == 2)
        .then(head + pl.col("letter") + pl.col("t").str.slice(p + 1))
        .otherwise(head + two + one + pl.col("t").str.slice(p + 2))
    ).to_series()
    return text.scatter(at.astype(np.uint32), spoilt)


def spoilt(rng: np.random.Generator, people: pl.DataFrame, names: Names, dirt: float) -> pl.DataFrame:
    """A record for each row of ``people``, columns ``SEED_COLUMNS``; moved people are given another door first."""
    dice = Dice(rng, people.height, dirt)
    people = _moved(dice, people)
    return pl.DataFrame([*_identity(dice, people), *_address(dice, people, names), *_contacts(dice, people)])


def _moved(dice: Dice, people: pl.DataFrame) -> pl.DataFrame:
    away = dice.chance(0.012)
    door = ("number", "suffix", "way", "street", "hamlet", "residence", "postcode", "town", "insee", "flat", "stair", "floor")
    other = people.select(door)[dice.rng.permutation(people.height)]
    return people.with_columns(pl.Series(name, other[name]).zip_with(away, people[name]) for name in door)


def _identity(dice: Dice, people: pl.DataFrame) -> list[pl.Series]:
    person = people["kind"] != "company"
    empty = pl.Series([""]).new_from_index(0, people.height)
    civility = dice.one_of(_MEN).zip_with(people["man"], dice.one_of(_WOMEN))
    civility = civility.zip_with(person & ~dice.chance(0.16), empty)
    wrong = dice.chance(0.003) & person
    civility = pl.Series(np.where(wrong, dice.one_of([*_MEN, *_WOMEN]), civility))
    frame = people.select(
        "first",
        "last",
        "birth",
        "generation",
        "company",
        "form",
        initial=pl.col("first").str.slice(0, 1),
        lead=pl.col("first").str.split("-").list.first(),
    )
    style = dice.rng.random(people.height)
    dirty = dice.dirt
    first = frame.select(
        pl.when(pl.Series(style < 0.035 * dirty))
        .then(pl.lit(""))
        .when(pl.Series(style < 0.06 * dirty))
        .then("initial")
        .when(pl.Series(style < 0.085 * dirty))
        .then(pl.col("initial") + ".")
        .when(pl.Series(style < 0.095 * dirty))
        .then("lead")
        .when(pl.Series(style < 0.14 * dirty))
        .then(pl.col("first").str.replace("-", " ", literal=True))
        .otherwise("first")
    ).to_series()
    first = mistyped(dice.rng, first, dice.chance(0.022))
    turn = dice.rng.random(people.height)
    has_birth = pl.col("birth") != ""
    last = frame.select(
        pl.when(has_birth & pl.Series(turn < 0.10))
        .then("birth")
        .when(has_birth & pl.Series(turn < 0.15))
        .then(pl.col("last") + " née " + pl.col("birth"))
        .when(has_birth & pl.Series(turn < 0.17))
        .then(pl.col("birth") + " ép. " + pl.col("last"))
        .when(has_birth & pl.Series(turn < 0.19))
        .then(pl.col("last") + "-" + pl.col("birth"))
        .when(pl.col("last").str.contains(" ") & pl.Series(turn > 0.9))
        .then(pl.col("last").str.replace(" ", "", literal=True))
        .when(pl.col("last").str.contains("-") & pl.Series(turn > 0.8))
        .then(pl.col("last").str.extract("^([^-]+)", 1))
        .otherwise("last")
    ).to_series()
    last = mistyped(dice.rng, last, dice.chance(0.028))
    marked = (people["generation"] != "") & dice.even(0.9)
    last = pl.Series(np.where(marked, last + " " + people["generation"], last))
    swap = dice.chance(0.008) & person & (first != "")
    first, last = last.zip_with(swap, first), first.zip_with(swap, last)
    place = dice.rng.random(people.height)
    firm = frame.select(
        pl.when(pl.col("form") == "")
        .then("company")
        .when(pl.Series(place < 0.4))
        .then(pl.col("form") + " " + pl.col("company"))
        .when(pl.Series(place < 0.7))
        .then(pl.col("company") + " " + pl.col("form"))
        .otherwise("company")
    ).to_series()
    firm = mistyped(dice.rng, firm, dice.chance(0.03))
    firm = firm.zip_with((people["kind"] == "company") | ~dice.chance(0.15), empty)
    return [
        civility.alias("civility"),
        first.zip_with(person, empty).alias("first"),
        last.zip_with(person, empty).alias("last"),
        firm.alias("company"),
    ]


def _address(dice: Dice, people: pl.DataFrame, names: Names) -> list[pl.Series]:
    rng, size = dice.rng, people.height
    empty = pl.Series([""]).new_from_index(0, size)
    way = people["way"].replace(_SHORT_KINDS).zip_with(dice.even(0.33), people["way"])
    way = pl.Series(np.where(dice.chance(0.01), "", way))
    street = people["street"]
    for word, short in _SHORT_WORDS.items():
        street = street.str.replace(word, short, literal=True).zip_with(dice.even(0.35), street)
    street = street.str.replace(r"^(de la|de l'|du|des) ", "").zip_with(dice.chance(0.03), street)
    street = mistyped(rng, street, dice.chance(0.028))
    number = people["number"]
    near = (number.cast(pl.Int64, strict=False).fill_null(2) + pl.Series(rng.choice([-2, -1, 1, 2], size))).clip(1).cast(pl.String)
    number = near.zip_with(dice.chance(0.008) & (number != ""), number)
    number = empty.zip_with(dice.chance(0.008), number)
    suffix = people["suffix"].str.replace("bis", "B").zip_with(dice.even(0.3), people["suffix"])
    suffix = empty.zip_with(dice.chance(0.12), suffix)
    comma = pl.Series(np.where(dice.even(0.1), ",", ""))
    parts = pl.DataFrame({"n": number, "s": suffix, "c": comma, "w": way, "v": street})
    line = parts.select(
        (
            pl.col("n")
            + pl.when(pl.col("s") == "").then(pl.lit("")).otherwise(" " + pl.col("s"))
            + pl.when(pl.col("n") == "").then(pl.lit("")).otherwise(pl.col("c") + " ")
            + pl.col("w")
            + " "
            + pl.col("v")
        )
        .str.replace_all("  ", " ")
        .str.strip_chars()
    ).to_series()
    door = (
        pl.DataFrame({"f": people["flat"], "e": people["stair"], "l": people["floor"], "r": rng.random(size)})
        .select(
            pl.when((pl.col("f") == "") | (pl.col("r") > 0.55))
            .then(pl.lit(""))
            .when(pl.col("r") < 0.14)
            .then("Apt " + pl.col("f"))
            .when(pl.col("r") < 0.28)
            .then("Appartement " + pl.col("f"))
            .when(pl.col("r") < 0.42)
            .then("APPT " + pl.col("f") + " ETAGE " + pl.col("l"))
            .otherwise("Esc " + pl.col("e") + " Apt " + pl.col("f"))
        )
        .to_series()
    )
    building = (
        pl.DataFrame({"f": people["flat"], "e": people["stair"], "n": people["residence"], "r": rng.random(size)})
        .select(
            pl.when(pl.col("f") == "")
            .then(pl.lit(""))
            .when(pl.col("r") < 0.2)
            .then("Bât " + pl.col("e"))
            .when((pl.col("r") < 0.5) & (pl.col("n") != ""))
            .then("Résidence " + pl.col("n"))
            .otherwise(pl.lit(""))
        )
        .to_series()
    )
    slid = dice.chance(0.028)
    before = slid & dice.even(0.6)
    adr2 = line.zip_with(slid & ~before, door)
    adr3 = line.zip_with(before, building)
    adr4 = pl.Series(np.where(before, np.where(door != "", door, ""), np.where(slid, building, line)))
    adr4 = empty.zip_with(dice.chance(0.004), adr4)
    hamlet = ("LD " + people["hamlet"]).zip_with(dice.even(0.5), "Lieu-dit " + people["hamlet"])
    hamlet = hamlet.zip_with((people["hamlet"] != "") & dice.even(0.6), empty)
    return [adr2.alias("adr2"), adr3.alias("adr3"), adr4.alias("adr4"), hamlet.alias("adr5"), *_town(dice, people, names)]


def _town(dice: Dice, people: pl.DataFrame, names: Names) -> list[pl.Series]:
    rng, size = dice.rng, people.height
    # another label of the same postcode and commune: a former commune, the post's own spelling
    labels = names.towns.group_by("postcode", "insee", maintain_order=True).agg(also=pl.col("name").last())
    also = people.select("postcode", "insee").join(labels, on=["postcode", "insee"], how="left", maintain_order="left")["also"]
    town = also.fill_null("").zip_with(dice.even(0.12) & also.is_not_null(), people["town"])
    town = town.str.replace(r" (\d+)e?r? Arrondissement$", "").zip_with(dice.even(0.8), town)
    town = town.str.replace_all("-", " ", literal=True).zip_with(dice.even(0.25), town)
    town = town.str.replace("Saint", "St", literal=True).zip_with(dice.even(0.2), town)
    town = mistyped(rng, town, dice.chance(0.015))
    postcode = people["postcode"]
    digit = pl.Series(rng.integers(2, 5, size))
    wrong = pl.DataFrame({"p": postcode, "d": digit, "n": rng.integers(0, 10, size).astype(str)}).select(
        pl.col("p").str.slice(0, pl.col("d")) + pl.col("n") + pl.col("p").str.slice(pl.col("d") + 1)
    )
    postcode = wrong.to_series().zip_with(dice.chance(0.01), postcode)
    postcode = (people["postcode"].str.slice(0, 3) + "00").zip_with(dice.chance(0.006), postcode)
    cedex = (people["kind"] != "person") & dice.even(0.08)
    postcode = (people["postcode"].str.slice(0, 2) + pl.Series(rng.integers(900, 999, size).astype(str))).zip_with(cedex, postcode)
    town = (town + " CEDEX").zip_with(cedex, town)
    gone = dice.rng.random(size)
    town = pl.Series(np.where(gone < 0.004 * dice.dirt, "", town))
    return [postcode.alias("postcode"), town.alias("town")]


def _contacts(dice: Dice, people: pl.DataFrame) -> list[pl.Series]:
    size = people.height
    mail = people["mail"]
    mail = mail.str.to_uppercase().zip_with(dice.even(0.08), mail)
    typed = mistyped(dice.rng, mail, dice.chance(0.012))
    mail = pl.Series(np.where(dice.even(0.5), typed, ""))
    lined = people["landline"].zip_with(dice.even(0.45), people["mobile"])
    stray = pl.Series(np.char.add(dice.rng.choice(["1", "2", "6"], size), np.char.zfill(dice.rng.integers(0, 10**8, size).astype(str), 8)))
    lined = stray.zip_with(dice.chance(0.02), lined)
    shape = dice.rng.integers(0, 4, size)
    frame = pl.DataFrame({"t": lined, "s": shape})
    pairs = pl.col("t").str.replace(r"^(\d)(\d\d)(\d\d)(\d\d)(\d\d)$", "0$1 $2 $3 $4 $5")
    phone = frame.select(
        pl.when(pl.col("s") == 0)
        .then(pl.col("t"))
        .when(pl.col("s") == 1)
        .then("0" + pl.col("t"))
        .when(pl.col("s") == 2)
        .then("+33" + pl.col("t"))
        .otherwise(pairs)
    ).to_series()
    return [mail.alias("mail"), pl.Series(np.where(dice.even(0.5), phone, "")).alias("phone")]
