"""The true people: households at doors, spouses, children, fathers and sons of one name, twins, lodgers, companies and their contacts."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bench.donors.names import Names, draw_companies, draw_kinds, street_pool

_BOXES = ("gmail.com", "orange.fr", "hotmail.fr", "yahoo.fr", "free.fr", "wanadoo.fr", "sfr.fr", "laposte.net", "outlook.fr")


@dataclass(frozen=True)
class Density:
    """How full the files are and how dirty: records a person on average, share living in flats, and a factor on every defect."""

    copies: tuple[float, ...]
    flats: float
    dirt: float
    relatives: tuple[float, ...]


RENTED = Density(copies=(0.855, 0.092, 0.033, 0.013, 0.004, 0.002, 0.001), flats=0.18, dirt=1.0, relatives=(0.71, 0.22, 0.05, 0.015, 0.005))
DENSE = Density(copies=(0.42, 0.28, 0.16, 0.08, 0.04, 0.015, 0.005), flats=0.34, dirt=1.35, relatives=(0.55, 0.28, 0.1, 0.05, 0.02))


def draw_people(rng: np.random.Generator, names: Names, size: int, density: Density) -> pl.DataFrame:
    """``size`` persons and companies, one a row, with their household and everything true about them."""
    homes = _homes(rng, names, int(size / np.dot(np.arange(1, len(density.relatives) + 1), density.relatives)) + 10, density)
    members = rng.choice(np.arange(1, len(density.relatives) + 1), homes.height, p=density.relatives)
    home = np.repeat(np.arange(homes.height), members)[:size]
    size = len(home)
    at = np.concatenate([[0], np.cumsum(members)])[home]
    seat = np.arange(size) - at
    man = rng.random(size) < 0.5
    head_is_man = man[at]
    man = np.where(seat == 1, ~head_is_man, man)
    number = np.where(
        man, rng.choice(len(names.men), size, p=names.first_weights[0]), rng.choice(len(names.women), size, p=names.first_weights[1])
    )
    birth = rng.choice(len(names.surnames), size, p=names.surname_weights)
    family = birth[at]
    own = (rng.random(size) < np.where(seat == 1, 0.28, 0.04)) & (seat > 0)
    last = np.where(own, birth, family)
    married = ~own & ~man & (seat <= 1) & (rng.random(size) < 0.5)
    # a son who has his father's name, and one who is his sister's twin by a letter
    junior = (seat >= 2) & (rng.random(size) < 0.06)
    number, man = np.where(junior, number[at], number), np.where(junior, man[at], man)
    twin = (seat >= 3) & ~junior & (rng.random(size) < 0.15)
    before = np.maximum(np.arange(size) - 1, 0)
    number = np.where(twin, _other(names, man[before], number[before]), number)
    man = np.where(twin, ~man[before], man)
    first = np.where(man, names.men[number % len(names.men)], names.women[number % len(names.women)])
    double = (rng.random(size) < 0.06) & ~junior & ~twin
    lead = np.where(man, "Jean-", "Marie-")
    first = np.where(double & (np.char.find(first.astype(str), "-") < 0), np.char.add(lead, first.astype(str)), first)
    surname = names.surnames[last]
    second = names.surnames[rng.choice(len(names.surnames), size, p=names.surname_weights)]
    surname = np.where(rng.random(size) < 0.015, np.char.add(np.char.add(surname.astype(str), "-"), second.astype(str)), surname)
    kind = rng.choice(["person", "contact", "company"], size, p=[0.93, 0.03, 0.04])
    kind = np.where((seat == 0) & (members[home] == 1), kind, "person")
    company, form = draw_companies(rng, names.surnames, size)
    senior = np.zeros(size, dtype=bool)
    senior[at[junior]] = True
    frame = pl.DataFrame(
        {
            "entity": np.arange(size),
            "household": home,
            "seat": seat,
            "man": man,
            "first": first,
            "last": surname,
            "birth": np.where(married, names.surnames[birth], ""),
            "generation": np.where(junior, "fils", np.where(senior, "père", "")),
            "kind": kind,
            "company": np.where(kind == "person", "", company),
            "form": np.where(kind == "person", "", form),
            "mobile": _telephone(rng, size, ("6", "7")),
            "shared_mail": (seat > 0) & (rng.random(size) < 0.06),
            "box_style": rng.integers(0, 3, size),
            "box_host": rng.choice(_BOXES, size),
            "box_digits": np.where(rng.random(size) < 0.45, rng.integers(1, 99, size).astype(str), ""),
        }
    )
    frame = frame.join(homes, on="household", maintain_order="left", how="left")
    return _with_mail(frame)


def _homes(rng: np.random.Generator, names: Names, size: int, density: Density) -> pl.DataFrame:
    """Doors: a house of its own, or a flat of a building that others share."""
    flat = rng.random(size) < density.flats
    # a building holds about eight households: they share street, number, town
    stairs = rng.integers(0, max(int(size * density.flats / 8), 1), size)
    place = np.where(flat, stairs, np.arange(size) + size)
    _, inverse = np.unique(place, return_inverse=True)
    count = inverse.max() + 1
    town = rng.choice(names.towns.height, count, p=names.town_weights)
    pool, weights = street_pool(rng, names.surnames, np.concatenate([names.men[:400], names.women[:400]]))
    street = rng.choice(pool, count, p=weights)
    towns = names.towns[town]
    small = towns["population"].to_numpy() < 3000
    number = np.where(small & (rng.random(count) < 0.12), "", np.minimum(rng.geometric(0.03, count), 250).astype(str))
    suffix = np.where((rng.random(count) < 0.05) & (number != ""), rng.choice(["A", "B", "bis", "ter"], count, p=[0.3, 0.2, 0.4, 0.1]), "")
    hamlet = np.where(small & (rng.random(count) < 0.25), rng.choice(pool[:80], count), "")
    residence = np.where(rng.random(count) < 0.5, rng.choice(pool[:80], count), "")
    doors = pl.DataFrame(
        {
            "number": number,
            "suffix": suffix,
            "way": draw_kinds(rng, count),
            "street": street,
            "hamlet": hamlet,
            "residence": residence,
            "postcode": towns["postcode"],
            "town": towns["name"],
            "insee": towns["insee"],
        }
    )
    return doors[inverse].with_columns(
        household=pl.Series(np.arange(size)),
        flat=pl.Series(np.where(flat, rng.integers(1, 62, size).astype(str), "")),
        stair=pl.Series(rng.choice(["A", "B", "C", "D"], size)),
        floor=pl.Series(rng.integers(0, 15, size).astype(str)),
        landline=_telephone(rng, size, ("1", "2", "3", "4", "5")),
    )


def _other(names: Names, man: np.ndarray, number: np.ndarray) -> np.ndarray:
    men, women = names.near
    return np.where(man, men[number % len(men)], women[number % len(women)])


def _telephone(rng: np.random.Generator, size: int, leads: tuple[str, ...]) -> pl.Series:
    return pl.Series(np.char.add(rng.choice(leads, size), np.char.zfill(rng.integers(0, 10**8, size).astype(str), 8)))


def _with_mail(frame: pl.DataFrame) -> pl.DataFrame:
    def bare(name: str) -> pl.Expr:
        text = pl.col(name).str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
        return text.str.replace_all("[^a-z]", "")

    first, last = bare("first"), bare("last")
    box = (
        pl.when(pl.col("box_style") == 0)
        .then(first + "." + last)
        .when(pl.col("box_style") == 1)
        .then(first.str.slice(0, 1) + last)
        .otherwise(last + first.str.slice(0, 2))
    )
    frame = frame.with_columns(mail=box + pl.col("box_digits") + "@" + pl.col("box_host"))
    head = frame.group_by("household", maintain_order=True).agg(head_mail=pl.col("mail").first())
    frame = frame.join(head, on="household", how="left", maintain_order="left")
    return frame.with_columns(mail=pl.when("shared_mail").then("head_mail").otherwise("mail")).drop("head_mail")
