"""Who is on the lists: people without end, no two alike, and what each list has of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.kits.spec import ListSpec


def words(text: str) -> list[str]:
    """A written row of words."""
    return text.split()


MEN = words("André Bernard Cyril Damien Édouard Fabrice Gaspard Hector Ismaël Joachim Kévin Loïc Mathurin Norbert Octave Prosper")
WOMEN = words("Agnès Bérénice Chloé Delphine Éloïse Félicie Ghislaine Honorine Inès Joséphine Karine Léa Mélanie Noëlle Odile Paule")
BEGINNINGS = words("bar cou dul fer gan har jol ker lam mor nou par quin rav sol tav vil zer")
MIDDLES = words("an el in ou ai ar")
ENDS = words("gnon tier rand bois seau vert mac sec dier zac ville quet")
STREETS = words("Acacias Bouleaux Cèdres Dahlias Églantiers Frênes Glycines Hêtres Iris Jonquilles Lilas Marronniers Noyers Ormes")
TOWNS = (
    ("01000", "Bourg-en-Bresse"),
    ("13100", "Aix-en-Provence"),
    ("29200", "Brest"),
    ("35000", "Rennes"),
    ("45000", "Orléans"),
    ("59000", "Lille"),
    ("67000", "Strasbourg"),
    ("72000", "Le Mans"),
    ("87000", "Limoges"),
    ("97400", "Saint-Denis"),
)


@dataclass(frozen=True)
class Person:
    """Somebody; the number tells them apart."""

    number: int
    civility: str
    first: str
    last: str
    street: str
    postcode: str
    town: str


@dataclass
class Record:
    """A line of a list; `rejected` when no post can reach it."""

    source: str
    id: str
    segment: str
    person: Person
    rejected: bool = False


def make_people(rng: random.Random) -> Iterator[Person]:
    """People without end, no two with a surname or an address in common."""
    names = [(a + b + c).capitalize() for a in BEGINNINGS for b in MIDDLES for c in ENDS]
    rng.shuffle(names)
    for number, last in enumerate(names):
        man = number % 2 == 0
        first = (MEN if man else WOMEN)[number // 2 % 16]
        postcode, town = TOWNS[number % len(TOWNS)]
        street = f"{number // 14 + 1} rue des {STREETS[number % len(STREETS)]}"
        yield Person(number, "M." if man else "Mme", first, last, street, postcode, town)


def make_records(spec: ListSpec, people: Iterator[Person]) -> list[Record]:
    """A list's records, the last of which are people it has already."""
    wanted = [segment for segment, count in (spec.segments | spec.unplanned).items() for _ in range(count)]
    body = [Record(spec.code, "", segment, next(people)) for segment in wanted]
    for record, original in zip(body[-spec.intra :] if spec.intra else [], body, strict=False):
        record.person = original.person
    for record in body[len(body) // 2 :][: spec.rejected]:
        record.rejected = True
    for number, record in enumerate(body, start=1):
        record.id = spec.ids.format(code=spec.code, number=number)
    return body


def share_people(body: list[Record], earlier: list[Record], count: int) -> None:
    """Let a list have people of another one, where neither is already twice in its list or cannot be reached."""

    def single(records: list[Record]) -> list[Record]:
        numbers = [one.person.number for one in records]
        return [one for one in records if not one.rejected and numbers.count(one.person.number) == 1]

    for record, other in zip(single(body)[5 : 5 + count], single(earlier)[-count:] if count else [], strict=False):
        record.person = other.person
