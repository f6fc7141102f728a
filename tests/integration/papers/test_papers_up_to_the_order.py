"""From the brief to the orders: what the papers say is what was planned, budgeted and approved."""

import json
from decimal import Decimal
from hashlib import sha256

from tests.integration.papers.journey import Journey
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.papers import budget_file, media_plan
from workflows.campaign.stages.budget import ApproveBudget, RefuseBudgetToPlan
from workflows.campaign.stages.plan import RevisePlan


def test_a_media_plan_says_every_line_and_what_it_promises(journey: Journey) -> None:
    journey.submit_plan()

    (issued,) = journey.issued("media_plan")
    plan = issued.content
    with journey.reading() as session:
        promised = journey.facts(session).campaign.projection
    assert (plan.head.number, plan.head.revision, plan.head.recipient) == ("PM-26A", 1, None)
    assert (plan.head.contact_name, plan.head.contact_email) == ("Marion Vidal", "chef.projet@clairval.example")
    assert plan.head.advertiser.siren == "000908582"
    assert [(line.list_code, line.segment, line.message, line.gross_qty) for line in plan.lines] == [
        (row.list_code, row.segment, row.message, row.gross_qty) for row in journey.kit.brief.plan
    ]
    assert plan.net_qty == promised["net"]
    assert plan.revenue_amount == Decimal(promised["outcomes"]["central"]["amount"])
    assert plan.cost_amount == Decimal(promised["outcomes"]["central"]["cost"])
    assert plan.responses == int(Decimal(promised["outcomes"]["central"]["responses"]))


def test_a_media_plan_shows_targets_missed_as_warnings_and_no_other(journey: Journey) -> None:
    journey.submit_plan()

    (issued,) = journey.issued("media_plan")
    with journey.reading() as session:
        warned = {warning["code"].partition(":")[0] for warning in journey.facts(session).campaign.projection["warnings"]}
    shown = {check.code for check in issued.content.targets if check.verdict == "warning" and check.code != "envelope"}
    assert shown == {"segment_count" if code == "segments" else code for code in warned}
    assert {"target_responses", "target_roi", "minimum_net_quantity", "envelope"} <= {check.code for check in issued.content.targets}


def test_a_media_plan_ends_each_step_on_its_control_point(journey: Journey) -> None:
    journey.submit_plan()

    (issued,) = journey.issued("media_plan")
    rows = issued.content.retroplanning
    assert {row.checkpoint for row in rows} - {""} == {f"C{number}" for number in range(1, 12)}
    assert [row.starts_on for row in rows] == sorted(row.starts_on for row in rows)
    assert {row.answerable for row in rows} == {"Marion Vidal"}


def test_a_budget_file_adds_up_to_the_budget_under_its_hash(journey: Journey) -> None:
    journey.submit_plan()
    journey.close_negotiation()

    (issued,) = journey.issued("budget_file")
    file = issued.content
    with journey.reading() as session:
        facts = journey.facts(session)
        version, budget = facts.budget, planned_budget(facts)
    assert file.snapshot_sha256 == version.sha256
    assert file.total_amount == version.total_amount == Decimal(json.loads(version.body)["total_amount"])
    assert file.total_vat_amount == budget.vat_amount
    assert sum((row.amount for row in file.lists), Decimal(0)) == next(row.amount for row in file.rows if row.nature == "lists")
    assert [(row.name, row.limit_amount) for row in file.approvers] == [
        ("Bruno Leroux", Decimal("7000.00")),
        ("Solange Petit", Decimal("42000.00")),
    ]
    assert [row.code for row in file.scenarios] == ["low", "central", "high"]
    assert file.prepared_by == "Marion Vidal"
    assert file.scenarios[1].response_rate < file.break_even_rate


def test_a_second_budget_file_supersedes_the_first_and_says_what_changed(journey: Journey) -> None:
    journey.submit_plan()
    journey.close_negotiation()
    journey.ask(RefuseBudgetToPlan(subject_id=journey.campaign_id, reason="Création trop chère."), by=journey.actors["presidence"])
    cheaper = tuple(
        row if row.nature != "creation" else type(row)(**{**vars(row), "amount": Decimal("1500.00")}) for row in journey.kit.brief.costs
    )
    journey.ask(RevisePlan(subject_id=journey.campaign_id, costs=cheaper))
    journey.submit_plan()
    journey.close_negotiation()

    first, second = journey.issued("budget_file")
    assert (second.content.head.revision, second.content.head.supersedes) == (2, "DB-26A/1")
    changes = {change.nature: change.after_amount - change.before_amount for change in second.content.changes}
    assert changes["creation"] == Decimal("-400.00")
    assert sum(changes.values()) == second.content.total_amount - first.content.total_amount


def test_a_second_budget_file_says_under_which_conditions_the_first_was_signed(journey: Journey) -> None:
    journey.submit_plan()
    journey.close_negotiation()
    with journey.reading() as session:
        sha256 = journey.facts(session).budget.sha256
    conditions = {"cap_amount": Decimal("9000.00"), "excluded_lists": ("DOM",)}
    journey.ask(ApproveBudget(subject_id=journey.campaign_id, budget_sha256=sha256, **conditions), by=journey.actors["presidence"])
    journey.ask(ReturnToStage(subject_id=journey.campaign_id, stage="plan", reason="Sans DOM, trop peu d’adresses."))
    journey.submit_plan()
    journey.close_negotiation()

    first, second = journey.issued("budget_file")
    assert first.content.former_decisions == ()
    (signed,) = second.content.former_decisions
    assert (signed.decision, signed.cap_amount, signed.excluded_lists) == ("approved", Decimal("9000.00"), ("DOM",))
    assert signed.name == journey.actors["presidence"].name


def test_orders_carry_the_approved_budget_to_each_supplier(journey: Journey) -> None:
    journey.submit_plan()
    journey.close_negotiation()
    journey.approve_budget()

    issued = journey.issued("purchase_order")
    with journey.reading() as session:
        facts = journey.facts(session)
        orders = {order.number: order for order in facts.orders}
        due = planned_budget(facts).by_supplier()
    assert [one.document.number for one in issued] == [f"BC-26A-{number:03d}" for number in range(1, 9)]
    for one in issued:
        order = orders[one.document.number]
        assert one.content.total_amount == order.total_amount
        assert one.document.supplier_id == order.supplier_id
        assert one.document.subject_id == order.id
        assert order.content_sha256 == sha256(one.document.content).hexdigest()
        assert one.content.approved_budget == "DB-26A/1"
    assert sum((order.total_amount for order in orders.values()), Decimal(0)) == sum(
        (amount.net_amount for amount in due.values()), Decimal(0)
    )


def test_a_list_is_ordered_from_its_broker_and_names_its_owner(journey: Journey) -> None:
    journey.submit_plan()
    journey.close_negotiation()
    journey.approve_budget()

    by_list = {one.content.list_terms.list_code: one for one in journey.issued("purchase_order") if one.content.list_terms}
    brokered, direct = by_list["ALZ"].content, by_list["CDR"].content
    assert set(by_list) == {"ALZ", "BTN", "CDR", "DOM", "ECL"}
    assert (brokered.head.recipient.siren, brokered.list_terms.owner.siren) == ("000900050", "000900001")
    assert (direct.head.recipient.siren, direct.list_terms.owner.siren) == ("000900027", "000900027")
    assert by_list["ALZ"].document.supplier_id == journey.supplier_id("S-CRT")
    assert brokered.list_terms.quantity == 422 + 421 + 716
    assert brokered.list_terms.order_key == brokered.head.number
    assert brokered.list_terms.deductible_reasons == ("rejected", "opposition", "pnd_historique", "donateurs_actifs", "intra", "inter")
    assert by_list["DOM"].content.list_terms.exchange
    assert by_list["DOM"].content.rows[0].nature == "list_exchange"


def test_an_order_for_services_says_what_a_processor_may_do(journey: Journey) -> None:
    journey.submit_plan()
    journey.close_negotiation()
    journey.approve_budget()

    services = {one.content.head.recipient.name: one.content for one in journey.issued("purchase_order") if one.content.list_terms is None}
    assert set(services) == {"Imprimerie de la Loire", "Routage Val-de-Saône", "Centre de Traitement des Dons"}
    mailer, caging = services["Routage Val-de-Saône"], services["Centre de Traitement des Dons"]
    assert {row.nature for row in mailer.rows} == {"mise_sous_pli", "affranchissement"}
    assert mailer.service_due_on == journey.kit.brief.drop_on
    assert "MONTANT" in caging.processing.data_categories
    assert "L1–L6" in mailer.processing.data_categories
    assert mailer.processing.natures == ("mise_sous_pli", "affranchissement")
    assert mailer.processing.persons_qty == mailer.rows[0].quantity
    for row in mailer.rows:
        assert row.amount == (row.unit_price * row.quantity).quantize(Decimal("0.01"))


def test_the_same_facts_give_the_same_bytes(journey: Journey) -> None:
    journey.submit_plan()
    journey.close_negotiation()

    for papers in (media_plan, budget_file):
        first, again = journey.write(papers), journey.write(papers)
        assert first == again
