"""What happened, in words: each event of a campaign's chain as a short sentence, the same on every page. Not for what follows from it."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

EVENTS: dict[str, LazyString] = {
    "campaign.plan.opened": _l("Campaign opened"),
    "campaign.plan.revised": _l("Plan changed"),
    "campaign.plan.history_loaded": _l("History of earlier campaigns loaded"),
    "campaign.plan.submitted": _l("Plan submitted"),
    "campaign.hold.begun": _l("Campaign put on hold"),
    "campaign.hold.lifted": _l("Campaign resumed"),
    "campaign.rework.begun": _l("Back to an earlier stage"),
    "campaign.cancellation.requested": _l("Cancellation asked for"),
    "campaign.cancellation.approved": _l("Cancellation approved, campaign cancelled"),
    "campaign.cancellation.refused": _l("Cancellation refused"),
    "campaign.cancellation.done": _l("Campaign cancelled"),
    "campaign.override.granted": _l("Leave given to pass over a control"),
    "campaign.override.reviewed": _l("Control that was passed over reviewed"),
    "campaign.contacts.kept": _l("Keys of whom the mail reached kept"),
    "campaign.files.purged": _l("Address files purged"),
    "campaign.person.erased": _l("Person erased"),
    "plan_line.returned": _l("Line to be processed again"),
    "campaign.responsibility.assigned": _l("Responsibility for a stage given"),
    "campaign.process.migrated": _l("Moved to the process as it is today"),
    "campaign.policy.followed": _l("Moved to the newest policy"),
    "campaign.suppression.kept": _l("Suppression file received"),
    "campaign.negotiation.terms_agreed": _l("Terms of a list agreed"),
    "campaign.negotiation.consent_recorded": _l("Owner's consent recorded"),
    "campaign.negotiation.terms_refused": _l("List refused"),
    "campaign.negotiation.terms_reopened": _l("Terms of a list reopened"),
    "campaign.negotiation.returned": _l("Plan opened again"),
    "campaign.negotiation.closed": _l("Negotiation closed, budget submitted"),
    "campaign.budget.questioned": _l("Question about the budget asked"),
    "campaign.budget.question_answered": _l("Question about the budget answered"),
    "campaign.budget.endorsed": _l("Budget supported"),
    "campaign.budget.approved": _l("Budget approved"),
    "campaign.budget.refused": _l("Budget refused, negotiation opened again"),
    "campaign.budget.refused_to_plan": _l("Budget refused, plan opened again"),
    "campaign.order.issued": _l("Orders sent under the conditions of the approval"),
    "campaign.order.list_left_out": _l("List left out under the conditions of the approval"),
    "campaign.order.confirmed": _l("Orders confirmed"),
    "campaign.order.returned": _l("Negotiation opened again"),
    "campaign.delivery.short_accepted": _l("Short delivery accepted"),
    "campaign.delivery.list_excluded": _l("List left out"),
    "campaign.delivery.completed": _l("All files in, dedupe started"),
    "campaign.dedupe.recorded": _l("Dedupe report received"),
    "campaign.dedupe.redone": _l("Dedupe started again"),
    "campaign.dedupe.approved": _l("Dedupe report approved"),
    "campaign.comparison.asked": _l("Comparison of two records asked for"),
    "campaign.comparison.recorded": _l("Two records compared"),
    "campaign.lots.recorded": _l("Lots made"),
    "campaign.lots.voided": _l("Lots void, dedupe started again"),
    "campaign.lots.frozen": _l("Lot plan frozen"),
    "campaign.drop.moved": _l("Drop moved"),
    "campaign.send.overrun_endorsed": _l("Overrun of the budget supported"),
    "campaign.send.overrun_approved": _l("Overrun of the budget approved"),
    "campaign.send.overrun_refused": _l("Overrun of the budget refused"),
    "campaign.send.proof_deposited": _l("Proof deposited"),
    "campaign.send.proof_returned": _l("Proof returned with remarks"),
    "campaign.send.proof_signed": _l("Proof signed off"),
    "campaign.send.ordered": _l("Mailing ordered"),
    "campaign.send.lot_left_unsent": _l("Lot left unsent"),
    "campaign.send.lot_reinstated": _l("Lot mailed after all"),
    "campaign.send.taken": _l("Mailing file taken by the mailer"),
    "campaign.send.handed": _l("Mailing file handed over by other means"),
    "campaign.send.deposited": _l("Deposit proved"),
    "campaign.send.dropped": _l("Drop confirmed"),
    "campaign.responses.received": _l("File of answers received"),
    "campaign.responses.imported": _l("File of answers read"),
    "campaign.responses.closed": _l("Responses closed"),
    "campaign.objections.written": _l("Files of objections and returns written"),
    "campaign.objections.sent": _l("Objections and returns handed over"),
    "campaign.objections.taken": _l("File of objections and returns taken"),
    "campaign.certificates.certified": _l("Destruction certified"),
    "campaign.certificates.waived": _l("Certificate of destruction waited for no more"),
    "campaign.certificates.missed": _l("Certificate of destruction late"),
    "campaign.analysis.computed": _l("Results computed"),
    "campaign.analysis.lesson_recorded": _l("Lesson written down"),
    "campaign.analysis.published": _l("Results published"),
    "campaign.analysis.closed": _l("Campaign closed"),
    "order.accepted": _l("Order accepted"),
    "order.refused": _l("Order refused"),
    "order.cancelled": _l("Order cancelled"),
    "order.change_proposed": _l("Change of an order proposed"),
    "order.proposal_accepted": _l("Proposed change taken up, order withdrawn"),
    "order.proposal_declined": _l("Proposed change declined, order stands"),
    "order.restated": _l("Order follows its document"),
    "delivery.received": _l("File received"),
    "delivery.examined": _l("File checked"),
    "delivery.accepted": _l("File accepted"),
    "delivery.rejected": _l("File rejected"),
    "document.issued": _l("Document issued"),
    "document.redacted": _l("Person taken out of a document"),
    "document.redrawn": _l("Document drawn anew"),
    "plan_line.agreed": _l("Line agreed"),
    "plan_line.owner_approved": _l("Line approved by its owner"),
    "plan_line.ordered": _l("Line ordered"),
    "plan_line.confirmed": _l("Line confirmed"),
    "plan_line.delivered": _l("Line delivered"),
    "plan_line.accepted": _l("Line accepted"),
    "plan_line.processed": _l("Line processed"),
    "plan_line.refused": _l("Line refused"),
    "plan_line.cancelled": _l("Line cancelled"),
    "plan_line.reopened": _l("Line reopened"),
    "service_task.failed": _l("Work given up by its machine"),
    "service_task.retried": _l("Work of a machine tried again"),
    "service_task.resolved": _l("Work of a machine settled otherwise"),
    "user_task.reminded": _l("Reminder of an overdue task"),
    "user_task.escalated": _l("Overdue task escalated"),
    "user_task.claimed": _l("Task taken in hand"),
    "user_task.released": _l("Task let go"),
    "user_task.assigned": _l("Task given to somebody"),
    "user_task.delegated": _l("Task handed on"),
    "user_task.resent": _l("Task given back"),
    "user_task.prioritized": _l("Priority of a task set"),
    "user_task.commented": _l("Comment on a task"),
    "user_task.mentioned": _l("Colleagues mentioned"),
    "user_task.mention_noted": _l("Mention seen"),
    "user_task.point_ticked": _l("Point of a checklist ticked"),
    "user_task.point_unticked": _l("Tick on a checklist taken back"),
    "user_task.file_attached": _l("File put with a task"),
    "user_task.file_withdrawn": _l("File taken away from a task"),
    "user_task.postponed": _l("Task set aside until a day"),
}
"""Every event that a checkpoint may name."""


def event_words(event: str) -> str:
    """An event in words; its own name where it has none."""
    return str(EVENTS.get(event, event.replace("_", " ")))


def who_words(person: str, stood_in_for: str = "") -> str:
    """Who did something, and in whose place; nobody is the machine."""
    if not person:
        return str(_("Jalon itself"))
    return str(_("%(who)s, standing in for %(absent)s", who=person, absent=stood_in_for)) if stood_in_for else person


DEEDS: dict[str, LazyString] = {
    "campaign.plan.submitted": _l("%(who)s submitted this plan %(at)s."),
    "campaign.negotiation.closed": _l("%(who)s closed this negotiation %(at)s."),
    "campaign.budget.endorsed": _l("%(who)s supported this budget %(at)s."),
    "campaign.budget.approved": _l("%(who)s approved this budget %(at)s."),
    "campaign.budget.refused": _l("%(who)s refused this budget %(at)s."),
    "campaign.budget.refused_to_plan": _l("%(who)s refused this budget %(at)s."),
    "campaign.send.overrun_endorsed": _l("%(who)s supported this overrun %(at)s."),
    "campaign.send.overrun_approved": _l("%(who)s approved this overrun %(at)s."),
    "campaign.send.overrun_refused": _l("%(who)s refused this overrun %(at)s."),
    "campaign.order.confirmed": _l("%(who)s confirmed these orders %(at)s."),
    "campaign.dedupe.approved": _l("%(who)s approved this dedupe report %(at)s."),
    "campaign.lots.frozen": _l("%(who)s froze this lot plan %(at)s."),
    "order.accepted": _l("%(who)s accepted this order %(at)s."),
    "order.refused": _l("%(who)s refused this order %(at)s."),
    "delivery.accepted": _l("%(who)s accepted this file %(at)s."),
    "delivery.rejected": _l("%(who)s rejected this file %(at)s."),
}
"""Decisions that several people may take at the same moment, as the one who came second reads them."""


def deed_words(event: str, *, who: str, at: str) -> str:
    """Who did what and when, for somebody who wanted to do something about the same."""
    if event in DEEDS:
        return str(DEEDS[event]) % {"who": who, "at": at}
    return str(_("%(who)s was faster %(at)s: “%(what)s”.", who=who, what=event_words(event), at=at))
