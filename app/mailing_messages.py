"""The sentences behind refusals about what is posted: its order, how it is made, and what its lots carry. A part of `messages`."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ABOUT_MAILINGS: dict[str, LazyString] = {
    "send.order_outdated": _l(
        "Signed off since the sending was ordered: %(messages)s. Order it again, so that the order names what goes out."
    ),
    "send.order_of_other_lots": _l(
        "Left unsent or taken back since the sending was ordered: %(lots)s. Order it again, so that whoever sends knows."
    ),
    "send.order_of_another_day": _l(
        "The drop was moved to %(drop_on)s since the sending was ordered. Order it again, so that whoever sends knows."
    ),
    "send.order_of_another_mailing": _l("What is posted was changed since the mailing order was sent. Send the order again."),
    "send.order_of_other_references": _l(
        "Lots carry other telephone numbers, addresses or QR codes than their order says. Order the sending again."
    ),
    "tracking.lot_not_mailed": _l("No lot %(lot)s of this campaign is mailed."),
    "tracking.unreadable": _l("Lot %(lot)s: “%(value)s” is no telephone number or no web address, or is longer than 200 characters."),
    "tracking.twice": _l("Lot %(lot)s: one telephone number, one web address and one QR code at most."),
    "tracking.shared": _l("“%(value)s” stands with several lots (%(lots)s) and would tell none of them. Give each one its own."),
    "send.mailing_is_posted": _l("Something of this campaign has gone out: what it is made of changes no more."),
    "send.mailing_unchanged": _l("That is what was written down already."),
}

ABOUT_CONFIRMED: dict[str, LazyString] = {
    "send.analysis_is_closed": _l(
        "The campaign is closed, and its figures are the history of the next plan. Open its analysis again first, with a reason."
    ),
    "send.evidence_missing": _l("Choose the file that shows what is right: the post’s statement, another slip or report."),
    "send.lots_would_lack": _l("Then less than was handed over would have gone out of: %(lots)s. Write why; no rest follows any more."),
    "send.more_came_back": _l("Lot %(lot)s: %(returned)s came back, so that %(pieces)s cannot be all that went out."),
    "send.came_before_drop": _l("Something came back on %(came_on)s already: %(dropped_on)s cannot be the day of the drop."),
    "send.left_out_before_drop": _l(
        "Answers were left out for coming before the drop (%(answers)s). Some may count from %(dropped_on)s on, and nobody knows which."
    ),
}
"""Of a proof that is found wrong once what went out is confirmed."""
