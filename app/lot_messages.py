"""The sentences behind refusals about lots. A part of `messages`."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ABOUT_LOTS: dict[str, LazyString] = {
    "lots.not_of_this_run": _l("These lots were made from a dedupe that no longer counts, or exist already."),
    "lots.partition_broken": _l("The lots do not add up: %(cells)s for a net of %(net)s. They are not kept; the incident is recorded."),
    "lots.tests_inconclusive": _l("Too small to show what they are meant to: %(tests)s. Write why the lots are frozen all the same."),
    "lots.tests_need_a_grant": _l(
        "Too small to show what they are meant to: %(tests)s. An approver may let them pass, or the plan is changed."
    ),
    "lots.tests_refused": _l(
        "Too small to show what they are meant to: %(tests)s. Policy lets nobody pass over it: go back to the plan, to make them larger or "
        "to leave them out."
    ),
    "lots.barred_outdated": _l(
        "What %(campaigns)s reported was not looked up in these lots, or only for a later drop. Have it counted again, in the room of the "
        "lots."
    ),
    "lots.barred": _l(
        "In lots %(lots)s are people whom their channel leaves alone by now: %(people)s. Make the lots again: they go to other channels of "
        "their segments, or to the reserve."
    ),
    "lots.barred_need_a_grant": _l(
        "In lots %(lots)s are people whom their channel leaves alone by now: %(people)s. Make the lots again, or ask an approver to let "
        "them be sent to."
    ),
    "lots.barred_need_a_reason": _l(
        "In lots %(lots)s are people whom their channel leaves alone by now: %(people)s. Make the lots again, or write why they are sent "
        "to all the same."
    ),
    "lots.nothing_to_recount": _l("Everything that other campaigns reported was looked up in these lots."),
    "lots.recount_overtaken": _l("These lots count no more, so nothing was counted in them."),
    "lots.not_made": _l("The lots are still being made."),
}
