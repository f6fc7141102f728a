"""A budget approved under conditions, on pages: set by an approver, read by the others and the preparer, met where orders are sent."""

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor

PAGE = "/approver/campaigns/26A/budget"
ORDERS = "/manager/campaigns/26A/order"
DOM = "DOM (Dombes Solidarité – donateurs)"


@pytest.fixture
def stage() -> str:
    return "budget"


def signed_hash(visitor: Visitor) -> dict[str, str]:
    """What the approver's form proposes before anything is typed."""
    fields = visitor.form(PAGE, "accept")
    return {name: fields[name] for name in ("accept-budget_sha256", "accept-seen_version")}


def sign(visitor: Visitor, answer: str, **conditions: str) -> int:
    return visitor.send(f"{PAGE}/{answer}", signed_hash(visitor) | conditions).status_code


def leave_out(visitor: Visitor, code: str, reason: str = "Excluded.") -> int:
    fields = visitor.form(ORDERS, f"leave-{code}") | {f"leave-{code}-reason": reason}
    return visitor.send(f"{ORDERS}/lists/{code}/leave-out", fields).status_code


def test_conditions_of_an_endorsement_are_read_before_approving_and_bind_the_approval(
    journey: Journey, president: Visitor, director: Visitor
) -> None:
    assert "Dombes Solidarité – donateurs · €" in director.words(PAGE)
    assert sign(director, "endorse", **{"accept-cap_amount": "9,000", "accept-excluded_lists": "DOM"}) == 303

    page = president.words(PAGE)
    assert f"Conditions of those who signed so far: At most €9,000.00 without VAT in all. Without: {DOM}." in page
    assert "The orders go out once the conditions of all who signed are met." in page
    assert "Approve under these conditions" in page
    assert sign(president, "approve") == 303

    assert "Approved under conditions. The orders go out once the project manager has met them." in president.words("/approver/")
    assert f"Supported — Bruno Leroux At most €9,000.00 without VAT in all. Without: {DOM}." in president.words(PAGE)


def test_the_preparer_reads_what_waits_leaves_the_list_out_and_sends_the_orders(
    journey: Journey, president: Visitor, marion: Visitor
) -> None:
    assert sign(president, "approve", **{"accept-excluded_lists": "DOM"}) == 303

    assert "Send the orders under the approver’s conditions" in marion.words("/manager/")
    assert "Approved under conditions" in marion.words("/manager/campaigns/26A/budget")
    page = marion.words(ORDERS)
    assert "The orders wait for the conditions of the approval" in page
    assert f"Set by Solange Petit on 6 July 2026: Without: {DOM}." in page
    assert "The approval excludes these lists, which are still in: DOM." in page
    assert "Can be lifted by: Marion Vidal" in page
    assert "Leave out DOM" in page
    assert "Leave out ALZ" not in page, "no condition asks for it"
    assert "Or have another budget approved Go back to the negotiation" in page
    assert "The orders are not out yet: see what they wait for." in marion.words("/manager/campaigns/26A")

    assert leave_out(marion, "DOM", "") == 422
    assert leave_out(marion, "DOM") == 303
    assert "Left out: DOM." in marion.words(ORDERS)
    sent = marion.send("/manager/campaigns/26A/moves/issue_orders", marion.form(ORDERS, "issue_orders"))
    assert sent.status_code == 303
    page = marion.words(ORDERS)
    assert "7 orders" in page
    assert "The orders wait for the conditions" not in page
    assert "List left out under the conditions of the approval" in marion.words("/manager/campaigns/26A/history")


def test_above_a_cap_any_list_may_go_and_the_overview_shows_up_to_what_was_approved(
    journey: Journey, president: Visitor, marion: Visitor
) -> None:
    assert sign(president, "approve", **{"accept-cap_amount": "8,900.00"}) == 303

    page = marion.words(ORDERS)
    assert "The campaign comes to €9,280.16; it was approved up to €8,900.00." in page
    assert "Leave out ALZ" in page
    assert leave_out(marion, "CDR") == 303
    assert "Approved €8,900" in marion.words("/manager/campaigns/26A")
    assert "€8,900" in marion.words("/manager/campaigns")


def test_an_approver_below_the_amount_is_told_up_to_what_and_approves_with_a_cap(
    journey: Journey, director: Visitor, marion: Visitor
) -> None:
    assert "Above your limit of €7,000.00: you can approve up to €7,000.00 with a cap" in director.words("/approver/")
    page = director.words(PAGE)
    assert "Above your limit of €7,000.00: you can approve up to €7,000.00, with a cap here." in page
    assert "Support it Approve with this cap" in page
    assert "Bruno Leroux up to €7,000 can support it, or approve it with a cap" in marion.words("/manager/campaigns/26A/budget")

    assert sign(director, "approve", **{"accept-cap_amount": "7,000.01"}) == 409
    assert sign(director, "approve", **{"accept-cap_amount": "7,000.00"}) == 303

    assert "it was approved up to €7,000.00." in marion.words(ORDERS)


def test_a_cap_set_by_another_lets_whoever_covers_it_approve(journey: Journey, director: Visitor, president: Visitor) -> None:
    assert sign(president, "endorse", **{"accept-cap_amount": "6,900.00"}) == 303

    assert "Above your limit" not in director.words("/approver/")
    assert "Approve under these conditions" in director.words(PAGE)
    assert sign(director, "approve") == 303


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ({"accept-cap_amount": "9,500"}, "A cap is above zero and at most the budget’s total, €9,280.16; this one is €9,500.00."),
        ({"accept-cap_amount": "much"}, "Write an amount to the cent"),
        ({"accept-excluded_lists": ["ALZ", "BTN", "CDR", "DOM", "ECL", "MAI"]}, "Every list would be excluded."),
    ],
)
def test_conditions_that_cannot_stand_come_back_with_what_was_typed(
    journey: Journey, president: Visitor, conditions: dict[str, str], said: str
) -> None:
    sent = president.send(f"{PAGE}/approve", signed_hash(president) | conditions)

    assert sent.status_code in (409, 422)
    assert said in sent.text.replace("\u202f", " ").replace("\u00a0", " ")
    for value in conditions.values():
        typed = [value] if isinstance(value, str) else value
        assert all(f'value="{one}"' in sent.text for one in typed)


def test_the_next_budget_begins_without_conditions_and_its_approver_reads_those_of_the_one_before(
    journey: Journey, president: Visitor, marion: Visitor
) -> None:
    moves = "/manager/campaigns/26A/moves"
    sign(president, "approve", **{"accept-excluded_lists": "DOM"})
    back = marion.form(ORDERS, "return_to_negotiation") | {"return_to_negotiation-reason": "Too few."}
    marion.send(f"{moves}/return_to_negotiation", back)
    marion.send(f"{moves}/close_negotiation", marion.form("/manager/campaigns/26A/negotiation", "close_negotiation"))

    page = president.words(PAGE)

    assert "Budget, version 2" in page
    assert f"approved Without: {DOM}." in page
    assert "Conditions of those who signed so far" not in page
