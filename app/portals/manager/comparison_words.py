"""What is said of a comparison of two records on its page, and what became of them. Its features and levels: `app.comparison_words`."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from app.comparison_words import FEATURES, LEVELS

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


def feature_word(feature: str) -> str:
    """A feature in words; one of another engine's table as it is."""
    return str(gettext(FEATURES[feature])) if feature in FEATURES else feature


def level_word(level: str) -> str:
    """What was found, in words; a level of another engine's table as it is."""
    return str(gettext(LEVELS[level])) if level in LEVELS else level
