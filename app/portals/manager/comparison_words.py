"""The words of a comparison of two records (`app.comparison_words`) in the reader's language."""

from flask_babel import gettext
from flask_babel import lazy_pgettext as _lp

from app.comparison_words import FEATURES, LEVELS, REASONS, verdict


def verdict_word(rule: str, is_alike: bool) -> str:
    """What the dedupe makes of two records: the score decides, or what overruled it."""
    return str(gettext(verdict(rule, is_alike)))


def reason_word(rule: str) -> str:
    """The rule that overruled the score."""
    return str(gettext(REASONS[rule]))


def decision_word(decision: str) -> str:
    """What a run decided about a record."""
    return str(_DECISIONS[decision])


_DECISIONS = {
    "kept": _lp("record", "kept"),
    "rejected": _lp("record", "rejected"),
    "suppressed": _lp("record", "suppressed"),
    "intra": _lp("record", "twice in its list"),
    "inter": _lp("record", "lost to another list"),
}


def feature_word(feature: str) -> str:
    """A feature in words; one of another engine's table as it is."""
    return str(gettext(FEATURES[feature])) if feature in FEATURES else feature


def level_word(level: str) -> str:
    """What was found, in words; a level of another engine's table as it is."""
    return str(gettext(LEVELS[level])) if level in LEVELS else level
