"""What an advertiser's policy says until somebody saves another: the default of every value, and what each is. It is read by `policy`."""

from typing import Any

from workflows.trade.retroplanning import DEFAULT_LEAD_TIMES

DEFAULT_POLICY: dict[str, Any] = {
    "region": "france",
    "day_ends_at": "18:00",
    "delays": {
        "prepare_plan": 5,
        "give_counts": 2,
        "approve_sample": 5,
        "settle_list": 7,
        "close_negotiation": 10,
        "review_budget": 3,
        "answer_question": 1,
        "acknowledge_order": 2,
        "answer_proposal": 2,
        "remind_order": 2,
        "remind_certificate": 5,
        "chase_certificate": 2,
        "issue_orders": 2,
        "confirm_orders": 4,
        "deliver_list": 10,
        "review_delivery": 2,
        "start_dedupe": 12,
        "approve_dedupe": 3,
        "freeze_lots": 2,
        "reapprove_budget": 2,
        "bring_proof": 3,
        "sign_proof": 5,
        "prove_deposit": 13,
        "confirm_drop": 15,
        "import_responses": 30,
        "send_invoice": 60,
        "decide_invoice": 5,
        "answer_claim": 10,
        "decide_claim": 5,
        "close_responses": 60,
        "record_lessons": 8,
        "close_campaign": 10,
        "approve_cancellation": 2,
        "review_override": 5,
        "settle_incident": 1,
        "remind_task": 1,
        "escalate_task": 3,
    },
    "tolerances": {
        "delivered_share": "0.02",
        "retention_points": "0.05",
        "deposit_share": "0.001",
        "budget_overrun_share": "0.03",
        "budget_overrun_amount": "0",
    },
    "thresholds": {
        "accepted_share": "0.90",
        "empty_mandatory_share": "0.02",
        "segments_least": 6,
        "segments_most": 9,
        "minimum_cell": 2000,
        "minimum_responses": 50,
        "test_precision": "0",
        "sample_ratio_p": "0.001",
        "response_days": 84,
        "claim_days": 60,
        "objection_hours": 72,
        "soft_bounces": 3,
        "complaint_share": "0.003",
        "unreached_days": 365,
        "tests_least": "0.10",
        "tests_most": "0.20",
        "rest_months": 3,
        "offer_weeks": 5,
        "exchange_balance": 0,
        "use_days_apart": 15,
    },
    "projection": {
        "prior_weight": 5000,
        "gift_prior_weight": 100,
        "rollout_decay": "0.9",
        "season_factor": "1",
        "recency_factor": "1",
        "scenario_confidence": "0.8",
        "start_retention_rate": "0.75",
        "start_undeliverable_rate": "0.03",
        "start_response_rate": "0.01",
        "start_conversion_rate": "0.95",
        "start_average_gift": "30",
    },
    "lots": {"holdout_share": "0", "spoilage_share": "0.02", "least_uplift": "0.25", "test_power": "0.8", "weak_tests": "mark"},
    "negotiation": {"legal_basis": "warn"},
    "order": {"contracts_required": True},
    "send": {"proof_required": True},
    "analysis": {"certificates_required": True, "invoices_required": True, "service_invoices_required": True},
    "pressure": {
        "action": "suppress",
        "person_30": 0,
        "person_90": 0,
        "person_365": 0,
        "household_30": 0,
        "household_90": 0,
        "household_365": 0,
        "gap_days": 0,
        "gift_rest_days": 0,
        "email_30": 0,
        "sms_30": 0,
        "phone_30": 0,
    },
    "messages": {"hours": "08:00-20:00"},
    "calls": {"hours": "10:00-13:00 14:00-20:00", "person_30": 4, "refusal_days": 60},
    "overrides": {
        "list_counted": "project_manager",
        "sample_approved": "project_manager",
        "accepted_share": "project_manager",
        "list_delivered": "project_manager",
        "minimum_net_quantity": "project_manager",
        "deposit": "project_manager",
        "processor_contract": "budget_approver",
        "inconclusive_test": "project_manager",
        "barred_in_lots": "project_manager",
        "early_close": "project_manager",
        "invoice": "project_manager",
        "invoice_missing": "project_manager",
    },
    "escalation": {"project_manager": "administrator", "budget_approver": "project_manager", "supplier": "project_manager"},
    "checklists": {
        name: []
        for name in (
            "prepare_plan",
            "give_counts",
            "approve_sample",
            "settle_list",
            "close_negotiation",
            "review_budget",
            "answer_question",
            "acknowledge_order",
            "answer_proposal",
            "issue_orders",
            "confirm_orders",
            "review_delivery",
            "start_dedupe",
            "approve_dedupe",
            "freeze_lots",
            "reapprove_budget",
            "bring_proof",
            "sign_proof",
            "order_mailing",
            "prove_deposit",
            "confirm_drop",
            "close_responses",
            "send_invoice",
            "decide_invoice",
            "answer_claim",
            "decide_claim",
            "hand_over_objections",
            "take_objections",
            "certify_destruction",
            "chase_certificate",
            "record_lesson",
            "close_campaign",
            "approve_cancellation",
            "review_override",
            "settle_incident",
        )
    },
    "cancellation": {"service_share": "0"},
    "approval_tiers": [{"up_to": None, "signatures": 1}],
    "no_drop_windows": [
        {
            "code": "august",
            "first": "08-01",
            "last": "08-31",
            "fr": "août, quand les donateurs sont absents",
            "en": "August, when donors are away",
        },
        {
            "code": "late_december",
            "first": "12-18",
            "last": "12-31",
            "fr": "fin décembre, quand la poste est débordée",
            "en": "the end of December, when the post is full",
        },
    ],
    "lead_times": {f"{lead.step}_{edge}": abs(getattr(lead, edge)) for lead in DEFAULT_LEAD_TIMES for edge in ("start", "finish")},
    "purge_days": 90,
}
"""What an advertiser starts with. Shares and rates are decimal strings, delays working days, overrides and escalation a role or `nobody`.

`checklists` are lists of `{code, required, fr, en}` by user task: those that are done by their own candidates. A list's delivery and the
import of answers are done when somebody else has looked at what came, so they have none.

A test has to show a variant that is better by `least_uplift`, a share of its control’s rate, with a chance of `test_power`; `weak_tests`
that cannot are marked, or refused unless `overrides` lets somebody pass over that. A list whose `legal_basis` is not stated, or
does not carry its channel, is told of; `refuse` holds the negotiation up. Where `contracts_required`, no order goes out before the
contracts of its processors are on record. Unless `proof_required`, a message may be signed off on its notice alone, without a proof that
somebody deposited. Where `certificates_required`, a campaign is closed once those who were handed addresses have certified that they are
destroyed; where `invoices_required`, suppliers of lists are asked for an invoice of what is due to them, and it is closed once each is
matched, accepted, disputed or waived; where `service_invoices_required`, so are suppliers of services.
`pressure` are the most sends to a person or a household
within 30, 90 and 365 calendar days, the one in hand included, and the `gap_days` after a send, counted likewise, for which a person gets no
other by whatever channel, a year at most; 0 sets no cap. Whoever gave to another campaign within `gift_rest_days` calendar days before a
drop is treated like those over a cap; 0 lets nobody rest. The most sends to a person by a channel within 30 days bar that channel alone.
`messages` are the hours of weekdays at which text messages go out (none: at any hour of any day).
`calls` are the hours of working days at which people are called (none: any hour of any day), the most calls of a person within 30 days,
and the days after a refusal during which nobody calls again (0: no limit); the law's for calls that sell (trade reference, section 9).
A campaign may come to what was approved and `budget_overrun_share` of that, and to no more than `budget_overrun_amount` euros above it; 0
sets no such cap. `approval_tiers` rise by the total of a budget, euros without VAT as a decimal string: up to each, so many different
approvers sign. Only the last may be without ceiling (None); above the last ceiling nobody may approve. `no_drop_windows` are days of every
year, month and day, both included (trade reference, section 8, names August and late December); one may run over New Year.
Of the `thresholds` a plan is warned by: a test tells its response rate to within `test_precision`, a fraction, in 95 of 100 cases, where
that is not 0; tests take from `tests_least` to `tests_most` of the addresses; a list rests `rest_months` between
two uses; an offer runs `offer_weeks` after the mail has landed; drops of two running campaigns to the same list lie `use_days_apart`
calendar days apart, where that is not 0. Addresses received of a partner and given to it differ by `exchange_balance` at most when a
negotiation is closed; 0 sets no limit. Who bounced softly `soft_bounces` times in a campaign is undeliverable; 0 waits for a hard one.
Where more than `complaint_share` of those who were e-mailed complain, it is told; 0 sets no limit.
Where an e-mail, a message or a call reached nobody, none goes for `unreached_days` calendar days; 0 keeps nothing.
`purge_days` are calendar days after the drop; `lead_times` days before it for what comes before, else after it.
"""

BEFORE_IT_WAS_ASKED: dict[str, dict[str, Any]] = {
    "order": {"contracts_required": False},
    "send": {"proof_required": False},
    "analysis": dict.fromkeys(DEFAULT_POLICY["analysis"], False),
    "thresholds": {"use_days_apart": 0},
}
"""What a saved version means that is older than the value, where that is not the default of today.

The rules of `calls` stand in none of it: they were law before anybody could write them down here, and hold up nothing that is under way.
"""
