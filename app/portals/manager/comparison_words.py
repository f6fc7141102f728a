"""The words of a comparison of two records: its features, and what was found of each. A level of another engine's table stays as it is."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

FEATURES: dict[str, LazyString] = {
    "kind": _lp("comparison", "Kind"),
    "surname": _l("Surname"),
    "neighbours": _l("Who else lives there"),
    "first name": _l("First name"),
    "missing first name": _l("Missing first name"),
    "first two letters": _l("First two letters"),
    "gender": _l("Gender"),
    "generation": _l("Generation"),
    "company": _l("Company"),
    "street": _l("Street and number"),
    "locality": _l("Postcode and town"),
    "namesakes": _l("Namesakes"),
    "flat": _l("Flat or building"),
    "place": _l("Box or hamlet"),
    "telephone": _l("Telephone"),
    "mailbox": _l("E-mail"),
    "mailbox and surname": _l("E-mail and surname"),
}
LEVELS: dict[str, LazyString] = {
    "two persons": _l("two persons"),
    "two contacts": _l("two contacts at companies"),
    "two companies": _l("two companies"),
    "company and contact": _l("a company and a contact"),
    "person and contact": _l("a person and a contact"),
    "company and person": _l("a company and a person"),
    "missing": _l("missing"),
    "unknown": _l("unknown"),
    "none": _l("none"),
    "one": _l("on one side"),
    "same": _l("the same"),
    "equal": _l("equal"),
    "equal, rare": _l("equal, and rare"),
    "equal, common": _l("equal, and common"),
    "equal to the other surname": _l("equal to the other surname"),
    "turned round": _l("first name and surname turned round"),
    "half turned round": _l("one of the two names turned round"),
    "near": _l("near"),
    "near, in another street": _l("near, but in another street"),
    "near, both in use": _l("near, but both are names of their own"),
    "near, short": _l("near, and short"),
    "near, other gender": _l("near, of the other gender"),
    "part of a double name": _l("part of a double name"),
    "alike": _l("alike"),
    "different": _l("different"),
    "different, two women of one first name": _l("different, two women of one first name"),
    "different, two women of one first name in a building": _l("different, two women of one first name in an apartment building"),
    "different, two women of one usual first name in a building": _l(
        "different, two women of one usual first name in an apartment building"
    ),
    "conflict": _l("conflict"),
    "conflict, weak first name": _l("conflict, first name weak"),
    "conflict, equal first name": _l("conflict, first name equal"),
    "same, weak first name": _l("the same, first name weak"),
    "no person": _l("no person"),
    "both missing": _l("missing on both sides"),
    "both missing, of several": _l("missing on both sides, several persons of the name at the door"),
    "one missing, of one": _l("missing on one side, one person of the name at the door"),
    "one missing, of one of the gender": _l("missing on one side, one person of the name and gender at the door"),
    "one missing, of two": _l("missing on one side, two persons of the name at the door"),
    "one missing, of several": _l("missing on one side, several persons of the name at the door"),
    "equal initials of two": _l("equal initials of two first names"),
    "initial of a double name": _l("initial of a double first name"),
    "initial of a double name, of several": _l("initial of a double first name, of several first names at the door"),
    "equal initial": _l("equal initial"),
    "equal initial, of several": _l("equal initial, of several first names at the door"),
    "other initial": _l("another initial"),
    "sparse files": _l("where most people come once"),
    "sparse files, two records, a gender unknown": _l("where most people come once: nobody else of the name, a gender unknown"),
    "more": _l("more"),
    "one surname": _l("one surname"),
    "a house": _l("a house"),
    "a few": _l("a few surnames"),
    "a building": _l("an apartment building"),
    "same door": _l("same door"),
    "same number, other suffix": _l("same number, another suffix"),
    "same street, no number": _l("same street, no number"),
    "same number, near street": _l("same number, street near"),
    "one number, near street": _l("number on one side, street near"),
    "near number, same street": _l("number near, same street"),
    "other number, near street": _l("another number, street near"),
    "same number, last word": _l("same number, same last word"),
    "same number": _l("same number, another street"),
    "same postcode and town": _l("same postcode and town"),
    "same postcode": _l("same postcode"),
    "same town, postcode near": _l("same town, postcode near"),
    "same town": _l("same town"),
    "near town, same department": _l("town near, same department"),
    "same department": _l("same department"),
    "different, a usual surname alone": _l("different, and only a usual surname at a like door"),
    "not of one name elsewhere": _l("no question: near each other, or of two names"),
    "one in a thousand": _l("chance of another in the files: one in a thousand"),
    "four in a thousand": _l("chance of another in the files: four in a thousand"),
    "one in sixty": _l("chance of another in the files: one in sixty"),
    "one in fifteen": _l("chance of another in the files: one in fifteen"),
    "same flat": _l("same flat"),
    "other flat": _l("another flat"),
    "other block": _l("another building"),
    "same box": _l("same box"),
    "other box": _l("another box"),
    "same place": _l("same hamlet"),
    "other place": _l("another hamlet"),
    "equal mobile": _l("equal mobile"),
    "equal landline": _l("equal landline"),
    "two mobiles": _l("two mobiles"),
    "two landlines": _l("two landlines"),
    "mobile and landline": _l("a mobile and a landline"),
    "equal, of a name alone, elsewhere": _l("equal, a name without digits, at two addresses"),
    "equal, of a usual surname alone, elsewhere": _l("equal, a usual name without digits, at two addresses"),
    "equal but for digits and provider": _l("equal but for digits, at another provider"),
    "near, another provider": _l("near, at another provider"),
    "equal, another first name": _l("equal, and implies another first name"),
    "equal but for digits": _l("equal but for digits"),
    "implies another first name": _l("implies another first name"),
    "names the other's surname": _l("holds the other record's surname"),
    "names its own surname": _l("holds its own surname"),
}

RULES: dict[str, LazyString] = {
    "through": _l("not alike enough by themselves, but one person through the records they are grouped with"),
    "conflict": _l("alike enough, but kept apart: their two groups do not fit together"),
    "nearer": _l("alike enough, but kept apart: the suppression record stands for somebody it is more like"),
    "unmet": _l("alike enough, but kept apart: nothing brought them together to be compared"),
    "crowd": _l("alike enough, but kept apart: too many records resemble each other for all pairs to be compared"),
}
"""What overruled the score of a pair."""
REASONS: dict[str, LazyString] = {
    "through": _l("Records become one person where all links between their groups together speak for it, those of third records too."),
    "conflict": _l("Groups are joined only where all links between their records together speak for it. Here most speaks against it:"),
    "nearer": _l("A record that is not certain stands for the one it is most like:"),
    "unmet": _l("Only records that share one of the search keys are compared, such as a postcode with the beginning of a name."),
    "crowd": _l("In so long a chain of likenesses, pairs that were not compared count as different."),
}
"""The rule behind it, before the two records that speak most for it."""


def verdict_word(rule: str, is_one: bool) -> LazyString:
    """What the dedupe makes of two records: the score decides, or what overruled it."""
    alike, unlike = _l("alike enough to be one person"), _l("not alike enough to be one person")
    return RULES.get(rule, alike if is_one else unlike)


def reason_word(rule: str) -> LazyString | str:
    """The rule that overruled the score; empty where the score decided."""
    return REASONS.get(rule, "")


def feature_word(feature: str) -> LazyString | str:
    """A feature in words."""
    return FEATURES.get(feature, feature)


def level_word(level: str) -> LazyString | str:
    """What was found, in words."""
    return LEVELS.get(level, level)
