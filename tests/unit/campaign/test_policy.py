"""Policy: the numbers an organisation tunes, with a default for each and working days that know the holidays."""

from datetime import UTC, datetime, time
from decimal import Decimal

import pytest

from app.queries.policy import complete
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.policy import Policy, written_tiers
from workflows.engine.process import Hours, UserTaskSpec
from workflows.processes import REGISTRY
from workflows.trade.approval import ApprovalTier
from workflows.trade.calling import CallRules
from workflows.trade.retroplanning import DEFAULT_LEAD_TIMES
from workflows.trade.working_days import Region


def test_what_an_older_version_lacks_has_its_default() -> None:
    policy = Policy({"tolerances": {"deposit_share": "0.01"}})

    assert policy.share("tolerances", "deposit_share") == Decimal("0.01")
    assert policy.share("tolerances", "delivered_share") == Decimal(DEFAULT_POLICY["tolerances"]["delivered_share"])
    assert policy.share("tolerances", "budget_overrun_amount") == 0, "no cap in euros on an overrun"
    assert (policy.days("review_budget"), policy.purge_days, policy.region) == (3, 90, Region.FRANCE)


def test_a_version_that_is_older_than_proofs_asks_for_none_and_a_new_one_does() -> None:
    assert Policy(DEFAULT_POLICY).proof_required
    assert not Policy({"tolerances": {}}).proof_required
    assert Policy({"send": {"proof_required": True}}).proof_required
    assert complete({"tolerances": {}})["send"] == {"proof_required": False}
    assert complete({})["send"] == {"proof_required": True}


def test_a_version_that_is_older_than_certificates_and_invoices_closes_without_them_and_a_new_one_waits() -> None:
    new, old = Policy(DEFAULT_POLICY), Policy({"tolerances": {}})
    assert new.certificates_required
    assert new.invoices_required
    assert not old.certificates_required
    assert not old.invoices_required
    assert complete({"tolerances": {}})["analysis"] == dict.fromkeys(DEFAULT_POLICY["analysis"], False)


def test_a_version_that_asks_for_invoices_of_lists_alone_asks_for_none_of_services() -> None:
    pinned = Policy({"analysis": {"certificates_required": True, "invoices_required": True}})
    assert pinned.invoices_required
    assert not pinned.service_invoices_required
    assert Policy(DEFAULT_POLICY).service_invoices_required


def test_a_version_that_is_older_than_contracts_and_uses_around_the_drop_asks_for_neither_and_a_new_one_does() -> None:
    new, old = Policy(DEFAULT_POLICY), Policy({"tolerances": {}, "thresholds": {"segments_least": 6}})
    assert new.contracts_required
    assert new.whole("thresholds", "use_days_apart") == 15
    assert not old.contracts_required
    assert old.whole("thresholds", "use_days_apart") == 0
    assert complete({"tolerances": {}})["order"] == {"contracts_required": False}


def test_the_rules_of_calling_were_law_before_they_could_be_written_down() -> None:
    new, old = Policy(DEFAULT_POLICY), Policy({"tolerances": {}})
    looser = Policy({"calls": {"hours": "", "person_30": 0}})

    assert new.call_rules == CallRules(hours=((time(10), time(13)), (time(14), time(20))), most=4, rest_days=60)
    assert old.call_rules == new.call_rules
    assert complete({"tolerances": {}})["calls"] == DEFAULT_POLICY["calls"]
    assert looser.call_rules == CallRules(hours=(), most=0, rest_days=60)


def test_a_proof_is_brought_and_signed_by_the_day_of_the_retroplanning() -> None:
    proof = next(lead for lead in Policy({}).lead_times if lead.step == "proof")

    assert Policy({}).days("bring_proof") + Policy({}).days("sign_proof") == proof.finish - proof.start


def test_a_number_that_no_version_ever_had_is_an_error() -> None:
    with pytest.raises(KeyError):
        Policy({}).days("nothing_of_the_kind")


def test_a_delay_skips_weekends_and_holidays_and_ends_with_the_day() -> None:
    # Friday 10 July 2026; Tuesday the 14th is a holiday.
    due = Policy({}).after(datetime(2026, 7, 10, 9, 0, tzinfo=UTC), "review_budget")

    assert due == datetime(2026, 7, 16, 16, 0, tzinfo=UTC), "18:00 in Paris"


def test_rates_and_shares_are_exact() -> None:
    values = [value for section in ("tolerances", "thresholds", "projection", "lots") for value in DEFAULT_POLICY[section].values()]

    assert all(isinstance(value, str | int) for value in values)


def test_every_delay_that_a_process_names_has_a_number() -> None:
    specs: list[UserTaskSpec] = []
    delays = []
    for process in REGISTRY.processes:
        moves = [move for stage in process.stages for move in stage.moves] + list(process.births)
        for source in [*process.stages, *moves]:
            specs.extend(source.opens)
            delays.extend(ref.after.policy for ref in source.requests if ref.after)
    delays.extend(spec.due.policy for spec in specs if spec.due)

    hours = {spec.due.policy for spec in specs if isinstance(spec.due, Hours)}
    assert {name for name in delays if name not in DEFAULT_POLICY["delays"]} == hours
    assert hours <= set(DEFAULT_POLICY["thresholds"])


def test_every_user_task_that_its_own_candidates_do_may_have_a_checklist() -> None:
    opened = set()
    for process in REGISTRY.processes:
        moves = [move for stage in process.stages for move in stage.moves] + list(process.births)
        opened |= {spec.name for source in [*process.stages, *moves] for spec in source.opens}
    ended_by_others = {"deliver_list", "import_responses"}

    assert set(DEFAULT_POLICY["checklists"]) == opened - ended_by_others


def test_a_checklist_is_read_in_its_order_and_an_older_version_has_none() -> None:
    points = [{"code": code, "required": code == "b", "fr": code, "en": code} for code in ("b", "a")]

    read = Policy({"checklists": {"review_budget": points}}).checklist("review_budget")

    assert [(point.code, point.required, point.words) for point in read] == [
        ("b", True, {"fr": "b", "en": "b"}),
        ("a", False, {"fr": "a", "en": "a"}),
    ]
    assert Policy({}).checklist("review_budget") == ()


def test_a_policy_of_before_approval_tiers_asks_for_one_signature_whatever_the_amount_and_warns_of_the_usual_days() -> None:
    (tier,) = Policy({}).approval_tiers

    assert (tier.up_to, tier.signatures) == (None, 1)
    assert [(window.code, window.first, window.last) for window in Policy({}).no_drop_windows] == [
        ("august", (8, 1), (8, 31)),
        ("late_december", (12, 18), (12, 31)),
    ]


def test_tiers_and_windows_are_those_of_the_version() -> None:
    tiers = [ApprovalTier(up_to=Decimal("8000.00"), signatures=1), ApprovalTier(up_to=None, signatures=2)]
    window = {"code": "fair", "first": "12-18", "last": "01-03", "fr": "la foire", "en": "the fair"}

    policy = Policy({"approval_tiers": written_tiers(tiers), "no_drop_windows": [window]})

    assert list(policy.approval_tiers) == tiers
    (read,) = policy.no_drop_windows
    assert (read.code, read.first, read.last, read.words) == ("fair", (12, 18), (1, 3), {"fr": "la foire", "en": "the fair"})
    assert Policy({"no_drop_windows": []}).no_drop_windows == ()


def test_lead_times_are_the_policy_s_and_count_backward_only_before_the_drop() -> None:
    tuned = Policy({"lead_times": {"plan_start": 80, "responses_finish": 70}})

    leads = {lead.step: (lead.start, lead.finish) for lead in tuned.lead_times}

    assert leads["plan"] == (-80, -52)
    assert leads["responses"] == (5, 70)
    assert Policy({}).lead_times == DEFAULT_LEAD_TIMES


@pytest.mark.parametrize(("saved", "power"), [("0.8", "0.8"), ("0", "0.01"), ("1", "0.99")])
def test_no_policy_asks_a_test_for_certainty(saved: str, power: str) -> None:
    assert Policy({"lots": {"test_power": saved}}).test_power == Decimal(power)


def test_a_policy_of_before_contact_pressure_caps_nothing() -> None:
    assert Policy({}).pressure_caps == ()
    (cap,) = Policy({"pressure": {"household_90": 4}}).pressure_caps
    assert (cap.kind, cap.days, cap.most) == ("household", 90, 4)


@pytest.mark.parametrize(
    ("gap_days", "person_30", "caps"),
    [(15, 0, [("person", 15, 1)]), (15, 2, [("person", 15, 1), ("person", 30, 2)]), (30, 1, [("person", 30, 1)])],
    ids=["alone", "beside a cap", "the same as a cap"],
)
def test_the_gap_between_two_sends_is_a_cap_of_one(gap_days: int, person_30: int, caps: list[tuple[str, int, int]]) -> None:
    policy = Policy({"pressure": {"gap_days": gap_days, "person_30": person_30}})
    assert [(cap.kind, cap.days, cap.most) for cap in policy.pressure_caps] == caps
