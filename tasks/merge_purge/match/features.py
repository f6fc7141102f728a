"""What is compared: each feature falls into a named level, the first whose condition holds; ``weights.csv`` says what a level is worth.

The conditions are SQL over fields (``a.last``: a number that stands for a text, nought for none) and relations (``r.last``: how near two
texts are) of the records ``a`` and ``b``. This is the one declaration of the comparison, whatever evaluates it.
"""

from dataclasses import dataclass

from tasks.merge_purge.match.fields import GENDERS, KINDS
from tasks.merge_purge.match.relations import ALIKE, CLOSE, CLOSE_ALIKE, NEAR, PART_OF_A, PART_OF_B, TYPED


@dataclass(frozen=True)
class Feature:
    """A named feature with its levels: (name of the level, SQL condition), the first that holds; the last has none."""

    name: str
    levels: tuple[tuple[str, str], ...]

    def sql(self) -> str:
        """CASE expression that gives the number of the level."""
        cases = " ".join(f"WHEN {condition} THEN {i}" for i, (_, condition) in enumerate(self.levels[:-1]))
        return f"CASE {cases} ELSE {len(self.levels) - 1} END"


def _either(condition: str) -> str:
    """The condition read both ways round."""
    turned = condition.replace("a.", "\0").replace("b.", "a.").replace("\0", "b.")
    return f"(({condition}) OR ({turned}))"


def _typed(name: str) -> str:
    """One letter wrong (two in a long word), or the same letters in another order."""
    return f"(r.{name} = {TYPED} OR (r.{name} IN ({CLOSE_ALIKE}, {CLOSE}) AND a.{name}_letters = b.{name}_letters))"


def _alike(name: str) -> str:
    return f"r.{name} IN ({CLOSE_ALIKE}, {ALIKE})"


_PERSON, _CONTACT, _COMPANY, _WOMAN = KINDS["person"], KINDS["contact"], KINDS["company"], GENDERS["F"]
_NAMELESS = "(a.last = 0 OR b.last = 0)"
_FIRST_NEAR = _typed("first")
_STREET_NEAR = f"(a.street = b.street OR r.street = {NEAR})"
_SAME_NUMBER = "a.number = b.number AND a.number <> 0"
_WEAK = "(a.first = 0 OR b.first = 0)"
_ONE_MISSING = "(a.letters = 0 OR b.letters = 0)"
_GENDERS_DIFFER = "a.gender <> 0 AND b.gender <> 0 AND a.gender <> b.gender"
# where one has its surname the other has a first name, and what stands in its place could be the other's
_HALF_TURNED = "a.first = b.last AND a.first <> a.last AND a.first <> 0 AND (b.letters = 0 OR a.last_letter = b.letter)"
_BARE_MAILBOX = f"a.mail <> 0 AND a.mail = b.mail AND NOT a.digits AND NOT {_STREET_NEAR}"
_SAME_WOMAN = f"a.gender = {_WOMAN} AND b.gender = {_WOMAN} AND a.first = b.first AND a.first <> 0"
_BUILDING = "greatest(a.neighbours, b.neighbours) > 5"
_ONE_FIRST_MISSING = f"{_ONE_MISSING} AND NOT {_NAMELESS} AND NOT (a.letters = 0 AND b.letters = 0)"
_GENDERS_KNOWN = "a.gender <> 0 AND b.gender <> 0"
_TWO_RECORDS = "greatest(a.family, b.family) <= 2"
_USUAL = "a.last = b.last AND a.last_seen > 40"
_REACHED_ALIKE = "(a.tel <> 0 AND a.tel = b.tel OR a.mail <> 0 AND a.mail = b.mail)"
_TWO_NUMBERS = "a.tel <> 0 AND b.tel <> 0"
_EQUAL_LETTER = f"{_WEAK} AND a.letter = b.letter AND (a.letters = 1 OR b.letters = 1)"

FEATURES: tuple[Feature, ...] = (
    Feature(
        "kind",
        (
            ("two persons", f"a.kind = {_PERSON} AND b.kind = {_PERSON}"),
            ("two contacts", f"a.kind = {_CONTACT} AND b.kind = {_CONTACT}"),
            ("two companies", f"a.kind = {_COMPANY} AND b.kind = {_COMPANY}"),
            ("company and contact", _either(f"a.kind = {_COMPANY} AND b.kind = {_CONTACT}")),
            ("person and contact", _either(f"a.kind = {_PERSON} AND b.kind = {_CONTACT}")),
            ("company and person", ""),
        ),
    ),
    Feature(
        "surname",
        (
            ("missing", _NAMELESS),
            ("equal, rare", "a.last = b.last AND a.last_seen <= 4"),
            ("equal", "a.last = b.last AND a.last_seen <= 40"),
            ("equal, common", "a.last = b.last"),
            ("equal to the other surname", _either("a.other <> 0 AND (a.other = b.last OR a.other = b.other)")),
            ("turned round", "a.last = b.first AND a.first = b.last"),
            ("half turned round", f"{_either(_HALF_TURNED)} AND {_STREET_NEAR}"),
            ("near, in another street", f"{_typed('last')} AND a.street <> 0 AND b.street <> 0 AND NOT {_STREET_NEAR}"),
            ("near", _typed("last")),
            ("part of a double name", f"r.last IN ({PART_OF_A}, {PART_OF_B})"),
            ("alike", _alike("last")),
            ("different, two women of one usual first name in a building", f"{_SAME_WOMAN} AND {_BUILDING} AND a.first_usual"),
            ("different, two women of one first name in a building", f"{_SAME_WOMAN} AND {_BUILDING}"),
            ("different, two women of one first name", _SAME_WOMAN),
            ("different", ""),
        ),
    ),
    Feature(
        "neighbours",
        (
            ("one surname", f"a.last = b.last OR {_NAMELESS}"),
            ("a house", "greatest(a.neighbours, b.neighbours) <= 2"),
            ("a few", "greatest(a.neighbours, b.neighbours) <= 5"),
            ("a building", ""),
        ),
    ),
    Feature(
        "first name",
        (
            ("no person", _NAMELESS),
            ("turned round", "a.last = b.first AND a.first = b.last"),
            ("both missing, of several", "a.letters = 0 AND b.letters = 0 AND greatest(a.kin, b.kin) >= 2"),
            ("both missing", "a.letters = 0 AND b.letters = 0"),
            ("one missing, of one", f"{_ONE_MISSING} AND greatest(a.kin, b.kin) = 1"),
            (
                "one missing, of one of the gender",
                f"{_ONE_MISSING} AND a.gender <> 0 AND a.gender = b.gender AND greatest(a.kin_gender, b.kin_gender) = 1",
            ),
            ("one missing, of two", f"{_ONE_MISSING} AND greatest(a.kin, b.kin) = 2"),
            ("one missing, of several", _ONE_MISSING),
            ("equal initials of two", f"{_WEAK} AND a.letters >= 2 AND a.initials = b.initials"),
            (
                "initial of a double name, of several",
                f"{_WEAK} AND a.letters <> b.letters AND a.letter = b.letter AND greatest(a.kin_letter, b.kin_letter) >= 2",
            ),
            ("initial of a double name", f"{_WEAK} AND a.letters <> b.letters AND a.letter = b.letter"),
            ("equal initial, of several", f"{_EQUAL_LETTER} AND greatest(a.kin_letter, b.kin_letter) >= 2"),
            ("equal initial", _EQUAL_LETTER),
            ("other initial", _WEAK),
            ("equal", "a.first = b.first"),
            ("near, other gender", f"{_FIRST_NEAR} AND {_GENDERS_DIFFER}"),
            ("near, both in use", f"{_FIRST_NEAR} AND a.first_used AND b.first_used"),
            ("near, short", f"{_FIRST_NEAR} AND least(a.first_length, b.first_length) <= 4"),
            ("near", _FIRST_NEAR),
            ("part of a double name", f"(r.first = {PART_OF_A} AND a.letters >= 2) OR (r.first = {PART_OF_B} AND b.letters >= 2)"),
            ("alike", f"{_alike('first')} AND NOT ({_GENDERS_DIFFER})"),
            ("different", ""),
        ),
    ),
    Feature(
        "missing first name",
        (
            ("none", f"NOT ({_ONE_FIRST_MISSING})"),
            ("sparse files, two records, a gender unknown", f"a.sparse AND {_TWO_RECORDS} AND NOT ({_GENDERS_KNOWN})"),
            ("sparse files", "a.sparse"),
            ("more", ""),
        ),
    ),
    Feature(
        "first two letters",
        (
            ("unknown", f"NOT {_WEAK} OR a.letters >= 2 OR b.letters >= 2 OR a.begins = 0 OR b.begins = 0"),
            ("equal", "a.begins = b.begins"),
            ("different", ""),
        ),
    ),
    Feature(
        "gender",
        (
            ("unknown", "a.gender = 0 OR b.gender = 0"),
            ("same, weak first name", f"a.gender = b.gender AND {_WEAK}"),
            ("same", "a.gender = b.gender"),
            ("conflict, weak first name", _WEAK),
            ("conflict, equal first name", "a.first = b.first"),
            ("conflict", ""),
        ),
    ),
    Feature(
        "generation",
        (
            ("none", "a.generation = 0 AND b.generation = 0"),
            ("same", "a.generation = b.generation"),
            ("one", "a.generation = 0 OR b.generation = 0"),
            ("conflict", ""),
        ),
    ),
    Feature(
        "company",
        (
            ("none", "a.org = 0 AND b.org = 0"),
            ("equal", "a.org = b.org"),
            ("one", "a.org = 0 OR b.org = 0"),
            ("near", f"r.org = {NEAR}"),
            ("different", ""),
        ),
    ),
    Feature(
        "street",
        (
            ("missing", "a.street = 0 OR b.street = 0"),
            ("same door", f"{_SAME_NUMBER} AND a.suffix = b.suffix AND a.street = b.street"),
            ("same number, other suffix", f"{_SAME_NUMBER} AND a.suffix <> b.suffix AND {_STREET_NEAR}"),
            ("same street, no number", "a.number = 0 AND b.number = 0 AND a.street = b.street"),
            ("same number, near street", f"{_SAME_NUMBER} AND {_STREET_NEAR}"),
            ("one number, near street", f"(a.number = 0 OR b.number = 0) AND {_STREET_NEAR}"),
            ("near number, same street", f"r.number = {NEAR}"),
            ("other number, near street", _STREET_NEAR),
            ("same number, last word", f"{_SAME_NUMBER} AND a.street_word = b.street_word"),
            ("same number", _SAME_NUMBER),
            ("different", ""),
        ),
    ),
    Feature(
        "locality",
        (
            ("same postcode and town", "a.cp = b.cp AND a.cp <> 0 AND a.town = b.town"),
            ("same postcode", "a.cp = b.cp AND a.cp <> 0"),
            ("same town, postcode near", f"a.town = b.town AND a.town <> 0 AND (a.cp = 0 OR b.cp = 0 OR r.cp = {NEAR})"),
            ("same town", "a.town = b.town AND a.town <> 0"),
            ("near town, same department", f"a.dept = b.dept AND r.town = {NEAR}"),
            ("same department", "a.dept = b.dept"),
            ("missing", "a.cp = 0 OR b.cp = 0"),
            ("different, a usual surname alone", f"{_ONE_MISSING} AND {_USUAL} AND NOT {_REACHED_ALIKE}"),
            ("different", ""),
        ),
    ),
    Feature(
        "namesakes",
        (
            (
                "not of one name elsewhere",
                f"{_STREET_NEAR} OR a.cp = b.cp OR a.last <> b.last OR a.first <> b.first OR a.first = 0 OR a.last = 0",
            ),
            ("one in a thousand", "a.namesakes <= 1"),
            ("four in a thousand", "a.namesakes <= 4"),
            ("one in sixty", "a.namesakes <= 16"),
            ("one in fifteen", "a.namesakes <= 64"),
            ("more", ""),
        ),
    ),
    Feature(
        "flat",
        (
            ("same flat", "a.door <> 0 AND a.door = b.door"),
            ("other flat", "a.door <> 0 AND b.door <> 0"),
            ("other block", "a.block <> 0 AND b.block <> 0 AND a.block <> b.block"),
            ("unknown", ""),
        ),
    ),
    Feature(
        "place",
        (
            ("same box", "a.box <> 0 AND a.box = b.box"),
            ("other box", "a.box <> 0 AND b.box <> 0"),
            ("same place", "a.place <> 0 AND a.place = b.place"),
            ("other place", "a.place <> 0 AND b.place <> 0"),
            ("unknown", ""),
        ),
    ),
    Feature(
        "telephone",
        (
            ("equal mobile", "a.tel <> 0 AND a.tel = b.tel AND a.mobile"),
            ("equal landline", "a.tel <> 0 AND a.tel = b.tel"),
            ("two mobiles", f"{_TWO_NUMBERS} AND a.mobile AND b.mobile"),
            ("two landlines", f"{_TWO_NUMBERS} AND NOT a.mobile AND NOT b.mobile"),
            ("mobile and landline", _TWO_NUMBERS),
            ("unknown", ""),
        ),
    ),
    Feature(
        "mailbox",
        (
            (
                "equal, another first name",
                "a.mail <> 0 AND a.mail = b.mail AND a.mail_first <> 0 AND a.first <> 0 AND b.first <> 0 AND a.first <> b.first"
                " AND NOT a.names_own_first AND NOT b.names_own_first",
            ),
            ("equal, of a usual surname alone, elsewhere", f"{_BARE_MAILBOX} AND (a.last_usual OR b.last_usual)"),
            ("equal, of a name alone, elsewhere", _BARE_MAILBOX),
            ("equal", "a.mail <> 0 AND a.mail = b.mail"),
            ("equal but for digits", "a.stem <> 0 AND a.stem = b.stem AND a.host = b.host"),
            ("equal but for digits and provider", "a.stem <> 0 AND a.stem = b.stem"),
            ("near", f"r.stem = {NEAR} AND a.host = b.host"),
            ("near, another provider", f"r.stem = {NEAR}"),
            ("implies another first name", "a.mail_first <> 0 AND b.mail_first <> 0 AND a.mail_first <> b.mail_first"),
            ("different", "a.mail <> 0 AND b.mail <> 0"),
            ("unknown", ""),
        ),
    ),
    Feature(
        "mailbox and surname",
        (
            ("one surname", f"a.last = b.last OR {_NAMELESS}"),
            ("names the other's surname", f"(r.a_names = {NEAR} OR r.b_names = {NEAR}) AND r.last NOT IN ({PART_OF_A}, {PART_OF_B})"),
            ("names its own surname", "a.names_own_last OR b.names_own_last"),
            ("unknown", ""),
        ),
    ),
)


def level_names(feature: str, names: tuple[str, ...]) -> list[int]:
    """The numbers of some levels of a feature."""
    numbers = {name: i for i, (name, _) in enumerate(next(f for f in FEATURES if f.name == feature).levels)}
    return [numbers[name] for name in names]
