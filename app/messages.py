"""The sentences behind refusal codes and unmet conditions: what is wrong, in the reader's words. Not for when they are raised.

A sentence may name the refusal's parameters, `%(limit)s`. Amounts, dates, numbers and roles are written in the reader's language
before they are put in. Every code has its sentence here: a test walks all refusals.
"""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "refused": _l("This cannot be done."),
    "engine.not_found": _l("This does not exist, or is not open to you."),
    "engine.not_your_move": _l("This step is for somebody with another role."),
    "engine.move_not_open": _l("This step is not open now: the campaign stands elsewhere."),
    "engine.stale": _l("Somebody changed this while you were reading. Look at it again, then decide."),
    "engine.conditions_unmet": _l("This step is still closed. What it waits for is listed here."),
    "engine.process_changed": _l("The process changed since this campaign was started. An administrator has to move it to today's form."),
}
