"""From the first delivery to the results: what the papers say balances with what machines and people recorded."""

from decimal import Decimal
from hashlib import sha256

import pytest

from app.queries.results import get_results
from tests.integration.papers.journey import Journey
from workflows.campaign.papers import dedupe_report, lot_plan, mailing_orders, net_statements, results_report
from workflows.campaign.results.figures import list_bills
from workflows.parties.actor import SYSTEM


@pytest.fixture
def stage() -> str:
    return "delivery"


@pytest.fixture
def ordered(opened: Journey) -> Journey:
    """The campaign with all its orders accepted."""
    return opened


@pytest.fixture
def merged(ordered: Journey) -> Journey:
    """The campaign with everything delivered and a merge-purge recorded."""
    ordered.reach("dedupe").record_dedupe()
    return ordered


@pytest.fixture
def mailed(merged: Journey) -> Journey:
    """The campaign with its mail ordered."""
    merged.approve_dedupe()
    merged.freeze_lots()
    merged.order_mailing()
    return merged


def test_a_refused_delivery_tells_its_supplier_what_is_wrong(ordered: Journey) -> None:
    ordered.refuse_a_delivery("DOM")

    (issued,) = ordered.issued("non_conformity")
    refusal = issued.content
    assert refusal.head.number == "NC-26A-DOM-1.1"
    assert issued.document.supplier_id == ordered.supplier_id("S-CRT")
    assert (refusal.ordered_qty, refusal.announced_qty, refusal.found_qty) == (446 + 445 + 911, 900, 700)
    assert refusal.order_number.startswith("BC-26A-")
    assert [check.code for check in refusal.failed_checks] == ["quantity_against_note"]
    assert [(check.about, check.expected.value) for check in refusal.checks if check.code == "mandatory_fields"] == [
        ("town", Decimal("0.02"))
    ]
    assert [(defect.code, defect.quantity, defect.first_line) for defect in refusal.defects] == [("double_encoding", 31, 2)]
    assert refusal.remarks == "Fichier incomplet et doublement encodé."


def test_a_dedupe_brief_names_the_files_that_were_accepted_in_the_order_of_their_rank(merged: Journey) -> None:
    (issued,) = merged.issued("dedupe_brief")
    brief = issued.content
    assert [(row.list_code, row.rank) for row in brief.files] == [("MAI", 1), ("DOM", 3), ("CDR", 5), ("ALZ", 7), ("BTN", 9), ("ECL", 11)]
    assert brief.quantity == sum(row.gross_qty for row in merged.kit.brief.plan)
    assert [row.code for row in brief.suppressions] == ["opposition", "pnd_historique", "donateurs_actifs"]
    assert brief.files[0].order_number == ""
    assert all(row.order_number for row in brief.files[1:])
    assert brief.minimum_net_qty == 7400


def test_a_dedupe_report_accounts_for_each_list_and_each_loss(merged: Journey) -> None:
    (issued,) = merged.issued("dedupe_report")
    report = issued.content
    assert report.brief_number == "BD-26A/1"
    assert [row.list_code for row in report.files] == ["MAI", "DOM", "CDR", "ALZ", "BTN", "ECL"]
    assert report.suppression_codes == ("opposition", "pnd_historique", "donateurs_actifs")
    assert [sum(row) for row in report.lost] == [row.inter_qty for row in report.files]
    donors, subscribers = 1, 3  # DOM loses to ALZ in this report
    assert report.lost[donors][subscribers] == report.files[donors].inter_qty > 0
    assert report.shared[donors][subscribers] == report.shared[subscribers][donors] == report.files[donors].inter_qty
    assert {(row.reason, row.quantity) for row in report.rejects} == {("bad_postcode", 3), ("no_town", 2)}
    assert all(check.verdict == "ok" for check in report.checks if check.code in ("accounting", "delivered"))
    assert {check.about for check in report.checks if check.code == "retention"} == {"MAI", "DOM", "CDR", "ALZ", "BTN", "ECL"}


def test_a_dedupe_report_says_what_is_unusual_of_a_list_that_three_campaigns_used_before(merged: Journey) -> None:
    (issued,) = merged.issued("dedupe_report")
    usual = {check.about: check for check in issued.content.checks if check.code == "usual_retention"}
    assert {about: check.verdict for about, check in usual.items()} == {"MAI": "ok", "DOM": "warning", "ALZ": "warning", "BTN": "warning"}
    alz = usual["ALZ"]
    assert [round(one.value, 4) for one in (alz.expected, alz.actual, alz.tolerance)] == [
        Decimal("0.6878"),
        Decimal("0.9904"),
        Decimal("0.0648"),
    ], "67.1, 70.7 and 68.5 % before, on 1,559 records now"


def test_a_report_without_reasons_or_matrices_is_still_a_report(ordered: Journey) -> None:
    ordered.deliver_everything()
    ordered.start_dedupe()
    ordered.record_dedupe(bare=True)

    (issued,) = ordered.issued("dedupe_report")
    assert (issued.content.shared, issued.content.lost, issued.content.rejects) == ((), (), ())
    assert all(row.overlap_rate is None for row in issued.content.files)


def test_each_rented_or_exchanged_list_gets_its_net_statement_and_the_house_none(merged: Journey) -> None:
    merged.approve_dedupe()

    issued = merged.issued("net_statement")
    with merged.reading() as session:
        facts = merged.facts(session)
        bills = list_bills(facts)
        suppliers = {row.code: row.supplier_id for row in facts.lists}
    assert [one.document.number for one in issued] == [f"EN-26A-{code}" for code in ("ALZ", "BTN", "CDR", "DOM", "ECL")]
    for one in issued:
        statement = one.content
        bill = bills[statement.list_code]
        assert statement.due_amount == bill.due_amount
        assert (statement.delivered_qty, statement.net_qty, statement.billable_qty) == (bill.delivered, bill.net, bill.billable)
        assert one.document.supplier_id == suppliers[statement.list_code]
        assert statement.report_number == "RD-26A/1"
        assert statement.order_number.startswith("BC-26A-")


def test_a_lot_plan_covers_the_net_once_and_sizes_its_tests(mailed: Journey) -> None:
    (issued,) = mailed.issued("lot_plan")
    plan = issued.content
    assert plan.quantity == plan.net_qty == plan.sent_qty
    assert plan.monitor_seeds == len(mailed.kit.brief.seeds)
    assert [(file.name, file.quantity) for file in plan.files] == [("mailing_postal.csv", plan.net_qty + plan.seeds)]
    whole, *places = plan.tests
    assert (whole.hypothesis, whole.verdict) == ("B > A", "inconclusive")
    assert {(pair.control_lot, pair.variant_lot) for pair in places} == {("26ADOMD12AR", "26ADOMD12BT"), ("26AALZP12AR", "26AALZP12BT")}
    assert all(pair.needed_qty > pair.variant_qty for pair in plan.tests)
    assert (plan.split_seed, plan.split_rule) == ("1", "sha256(seed|list|segment, id)")
    assert [check.about for check in plan.checks] == ["ALZ/P12"]


def test_the_mailer_is_ordered_what_the_lots_hold_and_nothing_unsigned(mailed: Journey) -> None:
    (issued,) = mailed.issued("mailing_order")
    order, plan = issued.content, mailed.issued("lot_plan")[0].content
    with mailed.reading() as session:
        bought = next(one for one in mailed.facts(session).orders if one.supplier_id == issued.document.supplier_id)
    assert order.head.number == "OR-26A-POSTAL"
    assert issued.document.supplier_id == mailed.supplier_id("S-ROU")
    assert order.order_number == bought.number
    assert order.lot_plan_number == "PL-26A/1"
    assert order.pieces == plan.quantity + plan.seeds == sum(row.quantity for row in order.components)
    with mailed.reading() as session:
        facts = mailed.facts(session)
        signed = [(one.code, facts.proof(one.code), sha256(one.notice.encode()).hexdigest()) for one in facts.used_messages]
    assert [(row.message, row.signed_by) for row in order.proofs] == [("A", "Marion Vidal"), ("B", "Marion Vidal")]
    assert [(row.message, row.version, row.sha256, row.notice_sha256) for row in order.proofs] == [
        (code, 1, proof.sha256, notice) for code, proof, notice in signed
    ]
    assert {row.nature for row in order.services} == {"mise_sous_pli", "affranchissement"}
    assert order.printer_name == "Imprimerie de la Loire"


def test_a_results_report_says_the_figures_that_were_computed(mailed: Journey) -> None:
    mailed.drop()
    mailed.collect(answers={"26ADOMD12AR": 4, "26ADOMD12BT": 9, "26AMAIINAAR": 30}, returned={"26ABTNA06AR": 60, "26AMAIINAAR": 2})
    mailed.publish()

    (issued,) = mailed.issued("results_report")
    report = issued.content
    with mailed.reading() as session:
        body = mailed.facts(session).result.body
        facts = mailed.facts(session)
        lists, sent = {row.id: row.code for row in facts.lists}, {(lot.list_code, lot.segment) for lot in facts.lots}
        universe = sum(segment.universe for segment in facts.segments if (lists[segment.list_id], segment.code) in sent)
        due = {order.number: order.total_amount for order in mailed.facts(session).orders}
    assert (report.campaign.responses, report.campaign.gifts, report.campaign.amount) == (43, 43, Decimal("1290.00"))
    assert report.campaign.roi == Decimal(body["kpis"]["campaign"]["roi"]["value"])
    assert [row.code for row in report.kpis][:2] == ["response_rate", "yield_rate"]
    assert {row.key: row.responses for row in report.by_message} == {"A": 34, "B": 9}
    assert sum((row.cost_amount for row in report.by_lot), Decimal(0)) == report.campaign.cost_amount
    assert report.campaign.response_low_rate < report.campaign.response_rate < report.campaign.response_high_rate
    shown = {row.code: row for row in report.kpis}
    assert shown["contribution"].value == report.campaign.amount - report.campaign.cost_amount
    assert shown["response_rate_of_delivered"].denominator == report.campaign.mailed - report.campaign.undeliverable
    assert (shown["penetration"].numerator, shown["penetration"].denominator) == (43, universe)
    assert shown["response_rate"].low_rate == report.campaign.response_low_rate
    assert report.campaign.undeliverable_low_rate < report.campaign.undeliverable_rate < report.campaign.undeliverable_high_rate
    assert report.by_channel == (), "one channel alone makes no table"
    assert (report.curve[-1].responses, len(report.curve)) == (43, 30)
    assert (report.unattributed_responses, report.unattributed_amount) == (1, Decimal("12.00"))
    assert {row.list_code: row.claim_qty > 0 for row in report.warranties} == {
        "ALZ": False,
        "BTN": True,
        "CDR": False,
        "DOM": False,
        "ECL": False,
    }
    assert {row.order_number: row.ordered_amount for row in report.invoices} == due
    assert [(row.about, row.text) for row in report.lessons] == [("analysis", "La grille de montants paie.")]
    assert {row.verdict for row in report.tests} == {"inconclusive"}
    assert all(row.more_needed_qty and row.control_more_needed_qty and not row.winner for row in report.tests)
    assert report.head.supersedes is None


def test_a_campaign_in_several_channels_has_its_figures_by_channel(mailed: Journey) -> None:
    mailed.drop()
    with mailed.database.writing(SYSTEM) as session:
        moved = [lot for lot in mailed.facts(session).lots if lot.list_code == "MAI"]
        for lot in moved:
            lot.channel = "email"
        session.add_all(moved)
    mailed.collect(answers={"26AMAIINAAR": 3, "26ADOMD12AR": 4}, returned={"26ABTNA06AR": 1})
    mailed.publish()

    (issued,) = mailed.issued("results_report")
    with mailed.reading() as session:
        page = get_results(mailed.facts(session))
    assert {(row.key, row.responses) for row in issued.content.by_channel} == {("email", 3), ("postal", 4)}
    assert {(row.key, row.responses) for row in page.tables["by_channel"]} == {("email", 3), ("postal", 4)}
    assert sum(row.mailed for row in issued.content.by_channel) == issued.content.campaign.mailed


def test_a_test_has_the_same_verdict_on_the_page_and_on_paper(mailed: Journey) -> None:
    # One of the places is too small by itself, for a message that should answer three times as well.
    mailed.tune_policy({"lots": {"least_uplift": "2"}, "thresholds": {"minimum_responses": 5}})
    mailed.drop()
    mailed.collect(answers={"26ADOMD12AR": 4, "26AALZP12AR": 4, "26ADOMD12BT": 25, "26AALZP12BT": 25}, returned={"26ABTNA06AR": 1})
    mailed.publish()

    (issued,) = mailed.issued("results_report")
    with mailed.reading() as session:
        page = get_results(mailed.facts(session))
    printed = [(row.hypothesis, row.verdict, row.winner, row.control_more_needed_qty) for row in issued.content.tests]
    assert printed[0] == ("B > A", "variant_wins", "B", None)
    assert [(row[0], row[1]) for row in printed[1:]] == [("B > A (ALZ/P12)", "inconclusive"), ("B > A (DOM/D12)", "variant_wins")]
    assert [(one.about, one.reach.missing[0] or None) for one in page.tests] == [(row[0], row[3]) for row in printed]
    assert [one.verdict == "b_wins" for one in page.tests] == [row[2] == "B" for row in printed]
    assert page.least_uplift == issued.content.least_uplift == 2


def test_the_next_plan_shows_what_was_learned(mailed: Journey) -> None:
    mailed.drop()
    mailed.collect(answers={"26AMAIINAAR": 3}, returned={"26AMAIINAAR": 1})
    mailed.publish()
    mailed.open("27P")
    mailed.submit_plan()

    (issued,) = mailed.issued("media_plan")
    assert issued.content.lessons == ("26A – La grille de montants paie.",)


def test_late_papers_are_the_same_however_often_they_are_written(mailed: Journey) -> None:
    mailed.drop()
    mailed.collect(answers={"26AMAIINAAR": 3}, returned={"26AMAIINAAR": 1})
    mailed.publish()

    for papers in (dedupe_report, net_statements, lot_plan, mailing_orders, results_report):
        assert mailed.write(papers) == mailed.write(papers)
