"""The sentences behind what is refused or still open about giving a campaign up. A part of `messages`."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ABOUT_CANCELLATIONS: dict[str, LazyString] = {
    "cancellation.owed_differs": _l("Cancelling now costs %(amount)s, not %(shown_amount)s any more. Look at it again, then decide."),
    "cancellation.asker_may_not_decide": _l("You asked for this cancellation, so somebody else has to decide about it."),
    "cancellation.money_committed": _l("Orders are out: an approver has to agree."),
    "cancellation.nothing_committed": _l("No order is out: the project manager can cancel alone."),
    "cancellation.requested": _l("The cancellation was asked for and waits for its decision."),
    "cancellation.not_requested": _l("Nobody asked for the cancellation."),
    "cancellation.no_service_to_owe": _l("%(order)s is no order for services that is out. What an order for a list owes, its clauses say."),
    "cancellation.owed_in_full": _l("Mail is posted: what was ordered for it is owed in full."),
    "cancellation.stated_out_of_range": _l("%(order)s owes between nothing and what was ordered, %(most_amount)s without VAT."),
}
