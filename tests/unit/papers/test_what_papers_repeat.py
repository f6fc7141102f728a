"""How controls, expectations, tests and codes are written on papers, from values alone."""

from decimal import Decimal
from uuid import UUID

import pytest

from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.papers.heads import checks
from workflows.campaign.papers.processing import in_order
from workflows.campaign.policy import Policy
from workflows.campaign.records import Lot
from workflows.campaign.results.trials import message_pairs, reach
from workflows.trade.projection import whole_responses

SOMEBODY = UUID(int=1)
POLICY = Policy(DEFAULT_POLICY)


def lot(code: str, role: str, message: str, *, segment: str = "P12", channel: str = "postal") -> Lot:
    return Lot(
        campaign_id=SOMEBODY,
        advertiser_id=SOMEBODY,
        run_id=SOMEBODY,
        from_seq=1,
        code=code,
        list_code="ALZ",
        segment=segment,
        offer="don-libre",
        message=message,
        channel=channel,
        role=role,
        quantity=400,
        seeds=4,
    )


def control(**changed: object) -> dict[str, object]:
    return {"code": "accounting:ALZ", "expected": 10, "actual": 10, "tolerance": 0, "verdict": "ok", "override": None} | changed


def test_a_control_names_what_it_is_about_apart_from_its_code() -> None:
    (check,) = checks([control()])

    assert (check.code, check.about, check.verdict) == ("accounting", "ALZ", "ok")
    assert (check.expected.value, check.actual.value, check.tolerance) == (Decimal(10), Decimal(10), None)


def test_what_is_no_number_is_written_as_words() -> None:
    (check,) = checks([control(expected="a" * 64, actual=["M1", "M2"])])

    assert (check.expected.text, check.actual.text) == ("a" * 64, "M1, M2")


def test_a_tolerance_is_a_share_as_text_and_records_as_a_number() -> None:
    in_share, in_records = checks([control(tolerance="0.02"), control(tolerance=3)])

    assert (in_share.tolerance.unit, in_share.tolerance.value) == ("share", Decimal("0.02"))
    assert (in_records.tolerance.unit, in_records.tolerance.value) == ("count", Decimal(3))


def test_a_control_that_was_overridden_is_a_warning_with_its_reason() -> None:
    (check,) = checks([control(verdict="overridden", override="shortfall")])

    assert (check.verdict, check.override) == ("warning", "shortfall")


def test_expected_responses_are_never_rounded_up_to_a_target() -> None:
    assert whole_responses(Decimal("159.99")) == 159


def test_a_test_is_compared_with_the_other_message_of_its_own_stratum() -> None:
    lots = [
        lot("R1", "rollout", "A"),
        lot("T1", "test", "B"),
        lot("H1", "holdout", "A"),
        lot("R2", "rollout", "A", segment="P24"),
        lot("R3", "rollout", "B"),
        lot("R4", "rollout", "A", channel="email"),
    ]

    (pair,) = message_pairs(lots)

    assert (pair.control.code, pair.variant.code) == ("R1", "T1")
    assert pair.hypothesis == "B > A (ALZ/P12)"


def test_a_test_is_sized_for_what_policy_wants_seen() -> None:
    # Trade reference, section 7: 2.0 % against 2.5 % needs 13,809 in each cell.
    assert reach(400, 400, Decimal("0.02"), POLICY).needed == 13_809


@pytest.mark.parametrize("rate", [None, Decimal(0), Decimal("0.9")])
def test_where_no_rate_can_be_beaten_by_as_much_policy_says_the_smallest_cell(rate: Decimal | None) -> None:
    assert reach(400, 400, rate, POLICY).needed == 2_000


def test_codes_follow_the_brief_and_strangers_come_last() -> None:
    assert in_order(["b", "a", "absent"], {"a", "b", "z", "x"}) == ["b", "a", "x", "z"]
