"""A policy in words: every value with its label and its kind, and what differs between two versions. Data in, sentences out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import formats, i18n
from app.portals.shared.words import CONTROLS, TASKS
from app.queries.policy import Place, list_differences, list_values
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.policy import LANGUAGES
from workflows.trade.calling import read_hours
from workflows.trade.working_days import read_day_of_year

REGIONS: dict[str, LazyString] = {"france": _l("France"), "alsace_moselle": _l("Alsace-Moselle")}
"""Where public holidays are those of the advertiser."""

OVERRIDERS: dict[str, LazyString] = {
    "project_manager": _l("the project manager, with a reason"),
    "budget_approver": _l("an approver, who grants it beforehand"),
    "nobody": _l("nobody"),
}
"""Who may let a control be passed over."""

ESCALATION: dict[str, LazyString] = {
    "project_manager": _l("the project managers"),
    "budget_approver": _l("the approvers"),
    "administrator": _l("the administrators"),
    "nobody": _l("nobody"),
}
"""Who is told of what stays undone."""

PRESSURE: dict[str, LazyString] = {
    "suppress": _l("they are suppressed"),
    "reserve": _l("they go to the reserve"),
}
"""What becomes of those who would be written to too often."""

WEAK_TESTS: dict[str, LazyString] = {
    "mark": _l("is marked"),
    "refuse": _l("is refused, unless somebody may pass over that"),
}
"""What becomes of a test that cannot show what it is meant to."""

LEGAL_BASES: dict[str, LazyString] = {
    "warn": _l("is told to whoever decides"),
    "refuse": _l("holds the negotiation up"),
}
"""What becomes of a list whose legal basis is not stated, or does not carry its channel."""

PROOFS: dict[str, LazyString] = {
    "true": _l("only with a proof that was deposited"),
    "false": _l("on its data protection notice alone, where no proof was deposited"),
}
"""With what a message may be signed off."""

CERTIFICATES: dict[str, LazyString] = {
    "true": _l("only once all certificates of destruction are in"),
    "false": _l("whether certificates of destruction are in or not"),
}
"""When a campaign may be closed."""

CONTRACTS: dict[str, LazyString] = {
    "true": _l("only once their contracts of article 28 are on record"),
    "false": _l("whether their contracts are on record or not"),
}
"""When orders go to processors."""

INVOICES: dict[str, LazyString] = {
    "true": _l("once invoices of lists are matched, accepted, disputed or waived"),
    "false": _l("whatever suppliers of lists have invoiced"),
}
SERVICE_INVOICES: dict[str, LazyString] = {
    "true": _l("once invoices of services are matched, accepted, disputed or waived"),
    "false": _l("whatever suppliers of services have invoiced"),
}
"""What a campaign waits for before its end."""

STEPS: dict[str, LazyString] = {
    "plan": _l("Planning"),
    "negotiation": _l("Negotiating"),
    "budget": _l("Budgeting"),
    "order": _l("Ordering"),
    "delivery": _l("Delivering the files"),
    "dedupe": _l("Deduping"),
    "lots": _l("Making the lots"),
    "proof": _l("Proofs"),
    "inserting": _l("Inserting"),
    "responses": _l("Answers, calendar days after the drop"),
    "undeliverable": _l("Undeliverables, calendar days after the drop"),
    "analysis": _l("Analysing, after the answers"),
}
"""The steps of the retroplanning."""

SECTIONS: dict[str, LazyString] = {
    "general": _l("In general"),
    "delays": _l("Time given for each task, in working days"),
    "tolerances": _l("Tolerances"),
    "thresholds": _l("Thresholds"),
    "projection": _l("Projection of the plan"),
    "lots": _l("Lots"),
    "negotiation": _l("Negotiation"),
    "order": _l("Ordering"),
    "send": _l("Sending"),
    "analysis": _l("Closing"),
    "pressure": _l("Contact pressure (0: no limit)"),
    "messages": _l("Text messages"),
    "calls": _l("Calls (0: no limit)"),
    "lead_times": _l("Retroplanning: working days before the drop, where nothing else is said"),
    "overrides": _l("Who may pass over a control that fails"),
    "escalation": _l("Who is told when a task stays undone after its reminder"),
    "checklists": _l("Checklists: what is ticked before a task is done"),
    "approval_tiers": _l("Approval tiers: how many approvers sign a budget, by its total without VAT"),
    "no_drop_windows": _l("When mail should not drop"),
    "cancellation": _l("Cancellation"),
}
"""The parts of a policy, in their order."""

_LABELS: dict[Place, tuple[LazyString, str]] = {
    ("region",): (_l("Public holidays of"), "region"),
    ("day_ends_at",): (_l("A working day ends at"), "time"),
    ("purge_days",): (_l("Rented addresses are destroyed so many days after the drop"), "days"),
    ("delays", "prepare_plan"): (_l("Prepare the plan"), "days"),
    ("delays", "give_counts"): (_l("Count the addresses of a list"), "days"),
    ("delays", "approve_sample"): (_l("Approve a sample mail piece"), "days"),
    ("delays", "answer_claim"): (_l("Answer a refund claim"), "days"),
    ("delays", "decide_claim"): (_l("Settle or drop a refund claim"), "days"),
    ("delays", "settle_list"): (_l("Settle the terms of a list"), "days"),
    ("delays", "close_negotiation"): (_l("Close the negotiation"), "days"),
    ("delays", "review_budget"): (_l("Approve or refuse the budget"), "days"),
    ("delays", "answer_question"): (_l("Answer a question about the budget"), "days"),
    ("delays", "acknowledge_order"): (_l("Answer an order"), "days"),
    ("delays", "answer_proposal"): (_l("Answer a change that a supplier proposes"), "days"),
    ("delays", "remind_order"): (_l("Remind of an unanswered order"), "days"),
    ("delays", "remind_certificate"): (_l("Remind of a certificate of destruction, before its day"), "days"),
    ("delays", "chase_certificate"): (_l("Get a certificate of destruction that is late"), "days"),
    ("delays", "issue_orders"): (_l("Send the orders that wait for a condition"), "days"),
    ("delays", "confirm_orders"): (_l("Confirm the orders"), "days"),
    ("delays", "deliver_list"): (_l("Deliver a list"), "days"),
    ("delays", "review_delivery"): (_l("Accept or reject a file"), "days"),
    ("delays", "start_dedupe"): (_l("Start the dedupe"), "days"),
    ("delays", "approve_dedupe"): (_l("Read and approve the dedupe report"), "days"),
    ("delays", "freeze_lots"): (_l("Freeze the lot plan"), "days"),
    ("delays", "reapprove_budget"): (_l("Approve or refuse an overrun of the budget"), "days"),
    ("delays", "bring_proof"): (_l("Deposit a proof"), "days"),
    ("delays", "sign_proof"): (_l("Sign off a proof"), "days"),
    ("delays", "prove_deposit"): (_l("Prove what went out"), "days"),
    ("delays", "confirm_drop"): (_l("Confirm the drop"), "days"),
    ("delays", "import_responses"): (_l("Import the responses"), "days"),
    ("delays", "send_invoice"): (_l("Send an invoice, once it is known what is due"), "days"),
    ("delays", "decide_invoice"): (_l("Accept or dispute an invoice"), "days"),
    ("delays", "close_responses"): (_l("Close the responses"), "days"),
    ("delays", "record_lessons"): (_l("Write down what was learned"), "days"),
    ("delays", "close_campaign"): (_l("Close the campaign"), "days"),
    ("delays", "approve_cancellation"): (_l("Decide about the cancellation"), "days"),
    ("delays", "settle_incident"): (_l("Settle work that a machine gave up"), "days"),
    ("delays", "remind_task"): (_l("Remind of an overdue task, after its day"), "days"),
    ("delays", "escalate_task"): (_l("Escalate an overdue task, after its day"), "days"),
    ("escalation", "project_manager"): (_l("A project manager’s task"), "escalation"),
    ("escalation", "budget_approver"): (_l("An approver’s task"), "escalation"),
    ("escalation", "supplier"): (_l("A supplier’s task"), "escalation"),
    ("delays", "review_override"): (_l("Review a control that was passed over"), "days"),
    **{("overrides", control): (word, "overrider") for control, word in CONTROLS.items()},
    **{("lead_times", f"{step}_start"): (_l("%(step)s: begins", step=word), "days") for step, word in STEPS.items()},
    **{("lead_times", f"{step}_finish"): (_l("%(step)s: ends", step=word), "days") for step, word in STEPS.items()},
    **{("checklists", task): (TASKS[task], "checklist") for task in DEFAULT_POLICY["checklists"]},
    ("approval_tiers",): (_l("Tiers"), "tiers"),
    ("no_drop_windows",): (_l("Weak days of every year"), "windows"),
    ("cancellation", "service_share"): (_l("Due for services ordered, before the mail is posted"), "share"),
    ("tolerances", "delivered_share"): (_l("Delivered against ordered"), "share"),
    ("tolerances", "retention_points"): (_l("Retention against the assumption"), "points"),
    ("tolerances", "deposit_share"): (_l("Gone out against handed over"), "share"),
    ("tolerances", "budget_overrun_share"): (_l("Actual cost against the budget"), "share"),
    ("tolerances", "budget_overrun_amount"): (_l("Actual cost against the budget: most euros above it (0: no cap)"), "number"),
    ("thresholds", "accepted_share"): (_l("Least share of the plan that has to be accepted"), "share"),
    ("thresholds", "empty_mandatory_share"): (_l("Most records with an empty mandatory field"), "share"),
    ("thresholds", "segments_least"): (_l("Fewest segments of a plan"), "count"),
    ("thresholds", "segments_most"): (_l("Most segments of a plan"), "count"),
    ("thresholds", "minimum_cell"): (_l("Smallest cell of a test"), "count"),
    ("thresholds", "minimum_responses"): (_l("Fewest responses for a verdict"), "count"),
    ("thresholds", "test_precision"): (_l("How closely a test has to tell its response rate (0: not watched)"), "points"),
    ("thresholds", "sample_ratio_p"): (_l("Balance of a split: smallest p value"), "number"),
    ("thresholds", "tests_least"): (_l("Least share of a plan's addresses for tests"), "share"),
    ("thresholds", "tests_most"): (_l("Most share of a plan's addresses for tests"), "share"),
    ("thresholds", "rest_months"): (_l("Months of rest of a list between two uses"), "count"),
    ("thresholds", "offer_weeks"): (_l("Weeks that an offer runs after the mail has landed"), "count"),
    ("thresholds", "exchange_balance"): (_l("Most addresses by which an exchange may lean either way (0: no limit)"), "count"),
    ("thresholds", "use_days_apart"): (_l("Days between the drops of two campaigns to the same list (0: not watched)"), "count"),
    ("thresholds", "claim_days"): (_l("Days after the drop during which undeliverables are claimed back"), "days"),
    ("thresholds", "response_days"): (_l("Days during which responses count"), "days"),
    ("thresholds", "objection_hours"): (_l("Hours to hand over objections and returns, by the clock"), "count"),
    ("thresholds", "complaint_share"): (_l("Complaints of e-mails, told from this share of those who got one (0: never)"), "share"),
    ("thresholds", "soft_bounces"): (_l("Soft bounces that make an address undeliverable (0: never)"), "count"),
    ("thresholds", "unreached_days"): (
        _l("Days for which a channel leaves an address or number alone that reached nobody (0: none)"),
        "days",
    ),
    ("projection", "prior_weight"): (_l("Pieces the level above counts for, responses"), "count"),
    ("projection", "gift_prior_weight"): (_l("Gifts the level above counts for, average gift"), "count"),
    ("projection", "rollout_decay"): (_l("What is left of a test's response at rollout"), "number"),
    ("projection", "season_factor"): (_l("Season"), "number"),
    ("projection", "recency_factor"): (_l("Age of the history"), "number"),
    ("projection", "scenario_confidence"): (_l("Confidence of the low and high scenarios"), "share"),
    ("projection", "start_retention_rate"): (_l("Without history: retention"), "share"),
    ("projection", "start_undeliverable_rate"): (_l("Without history: undeliverables"), "share"),
    ("projection", "start_response_rate"): (_l("Without history: response rate"), "share"),
    ("projection", "start_conversion_rate"): (_l("Without history: responses that give"), "share"),
    ("projection", "start_average_gift"): (_l("Without history: average gift, in euros"), "number"),
    ("lots", "holdout_share"): (_l("Held out of the mailing, for comparison"), "share"),
    ("lots", "least_uplift"): (_l("A test has to show a variant that answers better by"), "share"),
    ("lots", "test_power"): (_l("A test shows that with a chance of"), "share"),
    ("lots", "weak_tests"): (_l("A test that is too small"), "weak_tests"),
    ("negotiation", "legal_basis"): (_l("A list whose legal basis is missing or does not carry its channel"), "legal_basis"),
    ("order", "contracts_required"): (_l("Orders go to processors"), "contracts"),
    ("send", "proof_required"): (_l("A message is signed off"), "proof"),
    ("analysis", "certificates_required"): (_l("Certificates of destruction: a campaign is closed"), "certificates"),
    ("analysis", "invoices_required"): (_l("Invoices of lists: a campaign is closed"), "invoices"),
    ("analysis", "service_invoices_required"): (_l("Invoices of services: a campaign is closed"), "service_invoices"),
    ("pressure", "action"): (_l("What becomes of those over a cap, or at rest after a gift"), "pressure"),
    **{
        ("pressure", f"person_{days}"): (_l("Most sends to a person within %(days)s days, this one included", days=days), "count")
        for days in (30, 90, 365)
    },
    **{
        ("pressure", f"household_{days}"): (_l("Most sends to a household within %(days)s days, this one included", days=days), "count")
        for days in (30, 90, 365)
    },
    ("pressure", "gap_days"): (_l("Days after a send for which a person gets no other, by whatever channel"), "days"),
    ("pressure", "gift_rest_days"): (_l("Days after a gift for which other campaigns do not write to whoever gave"), "days"),
    ("pressure", "email_30"): (_l("Most e-mails to a person within 30 days, this send included"), "count"),
    ("pressure", "sms_30"): (_l("Most text messages to a person within 30 days, this send included"), "count"),
    ("pressure", "phone_30"): (_l("Most campaigns that call a person within 30 days, this one included"), "count"),
    ("messages", "hours"): (_l("Hours of text messages from Monday to Saturday (empty: any hour of any day)"), "hours"),
    ("calls", "hours"): (_l("Hours of calls on working days (empty: any hour of any day)"), "hours"),
    ("calls", "person_30"): (_l("Most calls of a person, within 30 days"), "count"),
    ("calls", "refusal_days"): (_l("Days after a refusal during which a person is not called again"), "days"),
    ("lots", "spoilage_share"): (_l("Printed beyond the quantity, for spoilage"), "share"),
}

KINDS: dict[Place, str] = {place: kind for place, (_label, kind) in _LABELS.items()}
"""How each value is read and written: `days`, `count`, `share`, `points`, `number`, `time`, `hours`, `checklist`, `tiers`, `windows`, or by
one of the tables above: `region`, `overrider`, `escalation`, `pressure`, `weak_tests`, `legal_basis`, `contracts`, `proof`,
`certificates`, `invoices`, `service_invoices`."""


def label_of(place: Place) -> str:
    """A value's label; its own name where it has none."""
    known = _LABELS.get(place)
    return str(known[0]) if known else place[-1].replace("_", " ")


def value_words(place: Place, value: Any) -> str:
    """A value as its kind is written."""
    match KINDS.get(place):
        case "days":
            if len(place) == 1 or place[0] != "delays":
                return str(ngettext("%(num)s day", "%(num)s days", int(value)))
            return str(ngettext("%(num)s working day", "%(num)s working days", int(value)))
        case "share":
            share = Decimal(str(value)) * 100
            return i18n.percent(share / 100, max(0, -int(share.normalize().as_tuple().exponent)))
        case "points":
            return i18n.points(Decimal(str(value)))
        case "count" | "number":
            return i18n.number(Decimal(str(value)))
        case "hours":
            return formats.hours(read_hours(value)) or str(_("any hour of any day"))
        case "region":
            return str(REGIONS.get(value, value))
        case "overrider":
            return str(OVERRIDERS.get(value, value))
        case "escalation":
            return str(ESCALATION.get(value, value))
        case "pressure":
            return str(PRESSURE.get(value, value))
        case "weak_tests":
            return str(WEAK_TESTS.get(value, value))
        case "legal_basis":
            return str(LEGAL_BASES.get(value, value))
        case "proof":
            return str(PROOFS[str(value).lower()])
        case "contracts":
            return str(CONTRACTS[str(value).lower()])
        case "certificates":
            return str(CERTIFICATES[str(value).lower()])
        case "invoices":
            return str(INVOICES[str(value).lower()])
        case "service_invoices":
            return str(SERVICE_INVOICES[str(value).lower()])
        case "checklist":
            return " · ".join(_point_words(point, i18n.language()) for point in value)
    return str(value)


def _point_words(point: Mapping[str, Any], *languages: str) -> str:
    words = " / ".join(point[language] for language in languages)
    return words if point["required"] else str(_("%(point)s (not required)", point=words))


def tier_range(above: Decimal, up_to: Decimal | None) -> str:
    """Which amounts a tier holds: those above one and at most another, None for no ceiling."""
    if up_to is None:
        return str(_("above %(amount)s", amount=i18n.money(above)) if above else _("any amount"))
    if not above:
        return str(_("up to %(amount)s", amount=i18n.money(up_to)))
    return str(_("above %(above)s, up to %(amount)s", above=i18n.money(above), amount=i18n.money(up_to)))


def _tier_rows(tiers: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """How many signatures each range of amounts takes; the last says so where nobody may approve more."""
    rows, above = [], Decimal(0)
    for tier in tiers:
        up_to = None if tier["up_to"] is None else Decimal(tier["up_to"])
        signatures = ngettext("%(num)s signature", "%(num)s signatures", tier["signatures"])
        rows.append({"label": tier_range(above, up_to), "value": str(signatures)})
        above = up_to or above
    if tiers and tiers[-1]["up_to"] is not None:
        rows.append({"label": tier_range(above, None), "value": str(_("nobody may approve"))})
    return rows


def _numbered(entries: Iterable[str]) -> dict[str, str]:
    return {str(number): words for number, words in enumerate(entries, start=1)}


def _window_words(window: Mapping[str, Any]) -> str:
    return f"{_window_days(window)} · {' / '.join(window[language] for language in LANGUAGES)}"


def _window_days(window: Mapping[str, Any]) -> str:
    first, last = (i18n.short_day(date(1, *read_day_of_year(window[edge]))) for edge in ("first", "last"))
    return str(_("%(first)s to %(last)s", first=first, last=last))


def difference_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str | None]]:
    """What differs between two bodies, as rows of a comparison; of checklists, tiers and windows, one by one."""
    rows: list[dict[str, str | None]] = []
    for one in list_differences(before, after):
        label, kind, pair = label_of(one.place), KINDS.get(one.place), (one.before or (), one.after or ())
        if kind == "checklist":
            rows += _entry_differences(label, *({point["code"]: _point_words(point, *LANGUAGES) for point in side} for side in pair))
        elif kind == "windows":
            rows += _entry_differences(label, *({entry["code"]: _window_words(entry) for entry in side} for side in pair))
        elif kind == "tiers":
            rows += _entry_differences(label, *(_numbered(f"{row['label']} · {row['value']}" for row in _tier_rows(side)) for side in pair))
        else:
            rows.append(
                {
                    "label": label,
                    "before": None if one.before is None else value_words(one.place, one.before),
                    "after": None if one.after is None else value_words(one.place, one.after),
                }
            )
    return rows


def _entry_differences(about: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[dict[str, str | None]]:
    """Each entry, in words by its name, that is new, gone or written otherwise; else only their order differs."""
    names = [name for name in dict.fromkeys([*new, *old]) if old.get(name) != new.get(name)]
    if not names:
        return [{"label": _("%(about)s: order", about=about), "before": ", ".join(old), "after": ", ".join(new)}]
    return [{"label": f"{about} · {name}", "before": old.get(name), "after": new.get(name)} for name in names]


def section_of(place: Place) -> str:
    """The part of a policy that a value stands in."""
    return place[0] if len(place) > 1 or place[0] in SECTIONS else "general"


def _rows(place: Place, value: Any) -> list[dict[str, str]]:
    """A value as rows of its section: one, or one an entry where its entries say something by themselves; none where it is empty."""
    match KINDS.get(place):
        case "tiers":
            return _tier_rows(value)
        case "windows":
            return [{"label": window[i18n.language()], "value": _window_days(window)} for window in value]
    return [] if value == [] else [{"label": label_of(place), "value": value_words(place, value)}]


def sections_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A body's values in words, by section."""
    grouped: dict[str, list[dict[str, str]]] = {section: [] for section in SECTIONS}
    for place, value in list_values(body):
        grouped.setdefault(section_of(place), []).extend(_rows(place, value))
    return [{"title": SECTIONS.get(section, section), "rows": rows} for section, rows in grouped.items() if rows]
