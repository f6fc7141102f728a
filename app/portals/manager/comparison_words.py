"""The words of a comparison of two records: its features, and what was found of each. A level of another engine's table stays as it is."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

FEATURES: dict[str, LazyString] = {
    "kind": _lp("comparison", "Kind"),
    "surname": _l("Surname"),
    "neighbours": _l("Who else lives there"),
    "first name": _l("First name"),
    "gender": _l("Gender"),
    "generation": _l("Generation"),
    "company": _l("Company"),
    "street": _l("Street and number"),
    "locality": _l("Postcode and town"),
    "flat": _l("Flat or building"),
    "place": _l("Box or hamlet"),
    "telephone": _l("Telephone"),
    "mailbox": _l("E-mail"),
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
    "near, short": _l("near, and short"),
    "near, other gender": _l("near, of the other gender"),
    "part of a double name": _l("part of a double name"),
    "alike": _l("alike"),
    "different": _l("different"),
    "different, two women of one first name": _l("different, two women of one first name"),
    "conflict": _l("conflict"),
    "conflict, weak first name": _l("conflict, first name weak"),
    "conflict, equal first name": _l("conflict, first name equal"),
    "same, weak first name": _l("the same, first name weak"),
    "no person": _l("no person"),
    "both missing": _l("missing on both sides"),
    "one missing": _l("missing on one side"),
    "equal initials of two": _l("equal initials of two first names"),
    "initial of a double name": _l("initial of a double first name"),
    "equal initial": _l("equal initial"),
    "other initial": _l("another initial"),
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
    "same flat": _l("same flat"),
    "other flat": _l("another flat"),
    "other block": _l("another building"),
    "same box": _l("same box"),
    "other box": _l("another box"),
    "same place": _l("same hamlet"),
    "other place": _l("another hamlet"),
    "equal, another first name": _l("equal, and implies another first name"),
    "equal but for digits": _l("equal but for digits"),
    "implies another first name": _l("implies another first name"),
}


def feature_word(feature: str) -> LazyString | str:
    """A feature in words."""
    return FEATURES.get(feature, feature)


def level_word(level: str) -> LazyString | str:
    """What was found, in words."""
    return LEVELS.get(level, level)
