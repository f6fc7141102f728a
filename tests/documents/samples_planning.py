"""The plan, budget, order and refusal of the sample appeal."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.documents.parties import BROKER, BUREAU, MAILER, OWNER, SHOWN, cents, head
from workflows.campaign.documents import (
    ApprovalTierRow,
    ApproverRow,
    BudgetChange,
    BudgetFile,
    BudgetListRow,
    BudgetRow,
    Check,
    Defect,
    ListTerms,
    MediaPlan,
    NonConformity,
    OrderRow,
    PlanLineRow,
    ProcessingTerms,
    PurchaseOrder,
    Responsibility,
    RetroplanningRow,
    Scenario,
    SelectionRow,
    count,
    money,
    ratio,
    share,
    words,
)

LISTS = {
    "MAI": ("Fichier maison – donateurs", "house", "", "", Decimal(0)),
    "DOM": ("Dombes Solidarité – donateurs", "exchange", "Dombes Solidarité", BROKER.name, Decimal(150)),
    "CDR": ("Cadre et Rivière – multi-acheteurs par correspondance", "rental", "Cadre et Rivière SARL", "", Decimal(188)),
    "ALZ": ("Alizés Presse – abonnés actifs", "rental", OWNER.name, BROKER.name, Decimal(165)),
    "BTN": ("Bretonne de VPC – acheteurs", "rental", "Bretonne de VPC SA", BROKER.name, Decimal(142)),
    "ECL": ("Éclat Jardin – clients catalogue", "rental", "Éclat Jardin SAS", BROKER.name, Decimal(121)),
}
PLAN = (
    ("MAI", "INA", "rollout", "A", 9140, 1),
    ("MAI", "ANC", "rollout", "A", 6770, 2),
    ("DOM", "D12", "rollout", "A", 4460, 3),
    ("DOM", "D12", "test", "B", 4450, 3),
    ("DOM", "D36", "rollout", "A", 9110, 4),
    ("CDR", "M1", "test", "A", 8850, 5),
    ("CDR", "M2", "test", "A", 20950, 6),
    ("ALZ", "P12", "rollout", "A", 4220, 7),
    ("ALZ", "P12", "test", "B", 4210, 7),
    ("ALZ", "P24", "rollout", "A", 7160, 8),
    ("BTN", "A06", "rollout", "A", 5290, 9),
    ("BTN", "A12", "rollout", "A", 7950, 10),
    ("ECL", "C1", "rollout", "A", 10630, 11),
    ("ECL", "C2", "rollout", "A", 5940, 12),
)
RETENTION = {
    "MAI": Decimal("0.87"),
    "DOM": Decimal("0.82"),
    "CDR": Decimal("0.79"),
    "ALZ": Decimal("0.71"),
    "BTN": Decimal("0.69"),
    "ECL": Decimal("0.66"),
}
RATE = {
    "MAI": Decimal("0.062"),
    "DOM": Decimal("0.021"),
    "CDR": Decimal("0.009"),
    "ALZ": Decimal("0.014"),
    "BTN": Decimal("0.0098"),
    "ECL": Decimal("0.0067"),
}
OFFERS = {"A": "don-libre", "B": "grille-montants"}


def plan_line(code: str, segment: str, role: str, message: str, gross: int, rank: int) -> PlanLineRow:
    """Make one line with a projection that follows from the rates above."""
    name, nature, owner, broker, cpm = LISTS[code]
    net = int(gross * RETENTION[code])
    responses = int(net * RATE[code])
    cost = cents(gross * cpm / 1000 + net * Decimal("0.562"))
    revenue = cents(responses * Decimal("31.40"))
    return PlanLineRow(
        list_code=code,
        list_name=name,
        segment=segment,
        nature=nature,
        role=role,
        channel="postal",
        message=message,
        offer=OFFERS[message],
        rank=rank,
        universe=gross * 9,
        gross_qty=gross,
        retention_rate=RETENTION[code],
        net_qty=net,
        cpm=cpm,
        cost_amount=cost,
        response_rate=RATE[code],
        responses=responses,
        average_gift=Decimal("31.40"),
        revenue_amount=revenue,
        roi=revenue / cost,
        owner_name=owner,
        broker_name=broker,
        legal_basis="contract" if nature == "house" else "legitimate_interest",
        assumption="history" if code != "CDR" else "category",
    )


def media_plan(*, repeat: int = 1) -> MediaPlan:
    """Make the plan; ``repeat`` multiplies its lines so that the table breaks across pages."""
    lines = tuple(plan_line(*line) for line in PLAN * repeat)
    cost = sum((line.cost_amount for line in lines), Decimal(0))
    revenue = sum((line.revenue_amount for line in lines), Decimal(0))
    net = sum(line.net_qty for line in lines)
    steps = (
        ("plan", date(2026, 7, 10), date(2026, 7, 24), "C1", "Marion Vidal"),
        ("negotiation", date(2026, 7, 24), date(2026, 8, 7), "C2", "Marion Vidal"),
        ("budget", date(2026, 8, 7), date(2026, 8, 17), "C3", "Bruno Leroux, Solange Petit"),
        ("order", date(2026, 8, 17), date(2026, 8, 24), "C4", "Marion Vidal"),
        ("delivery", date(2026, 8, 24), date(2026, 9, 11), "C5", "propriétaires et courtier"),
        ("dedupe", date(2026, 9, 11), date(2026, 9, 18), "C6", BUREAU.name),
        ("lots", date(2026, 9, 18), date(2026, 9, 23), "C7", "Marion Vidal"),
        ("proof", date(2026, 9, 23), date(2026, 10, 6), "C8", "Imprimerie de la Loire"),
        ("inserting", date(2026, 10, 6), date(2026, 10, 13), "", MAILER.name),
        ("send", date(2026, 10, 13), date(2026, 10, 13), "C9", MAILER.name),
        ("responses", date(2026, 10, 20), date(2027, 1, 8), "C10", "Centre de Traitement des Dons"),
        ("analysis", date(2027, 1, 8), date(2027, 1, 22), "C11", "Marion Vidal"),
    )
    return MediaPlan(
        head=head("media_plan", "PM-26A", revision=2, issued_on=date(2026, 7, 24)),
        drop_on=date(2026, 10, 13),
        offer_ends_on=date(2026, 11, 27),
        envelope_amount=Decimal(62000),
        lines=lines,
        targets=(
            Check(code="minimum_net_quantity", verdict="ok", expected=count(74000), actual=count(net)),
            Check(code="envelope", verdict="ok", expected=money(Decimal(62000)), actual=money(cost)),
            Check(code="target_responses", verdict="ok", expected=count(1600), actual=count(sum(line.responses for line in lines))),
            Check(code="target_roi", verdict="warning", expected=ratio(Decimal("1.05")), actual=ratio(revenue / cost)),
            Check(code="minimum_sample", verdict="warning", expected=count(5000), actual=count(2989), about="ALZ P12, message B"),
        ),
        retroplanning=tuple(
            RetroplanningRow(stage=stage, starts_on=start, ends_on=end, checkpoint=checkpoint, answerable=who)
            for stage, start, end, checkpoint, who in steps
        ),
        responsibilities=(
            Responsibility(
                name="Marion Vidal", role="project_manager", answerable_for="conduite de la campagne, commandes, validation des traitements"
            ),
            Responsibility(name="Bruno Leroux", role="budget_approver", answerable_for="approbation du budget jusqu’à 7 000 €"),
            Responsibility(name="Solange Petit", role="budget_approver", answerable_for="approbation du budget au-delà"),
        ),
        roi=revenue / cost,
        lessons=(
            "Éclat Jardin : deux campagnes de suite sous 0,70 % ; n’y revenir qu’avec le segment C1.",
            "La grille de montants relève le don moyen de trois euros sans baisser le taux ; à confirmer sur ALZ.",
        ),
        policy_version="2026-1",
    )


def budget_file() -> BudgetFile:
    """Make the budget that follows from the plan, in its second revision."""
    plan = media_plan()
    net, gross = plan.net_qty, plan.gross_qty
    rows, lists = [], []
    for code, (name, nature, owner, broker, cpm) in LISTS.items():
        ordered = sum(line.gross_qty for line in plan.lines if line.list_code == code)
        expected = sum(line.net_qty for line in plan.lines if line.list_code == code)
        billable = 0 if nature == "house" else max(expected, int(ordered * Decimal("0.85")) + 1)
        lists.append(
            BudgetListRow(
                list_code=code,
                list_name=name,
                supplier_name=broker or owner,
                nature=nature,
                ordered_qty=ordered,
                expected_net_qty=expected,
                billable_qty=billable,
                cpm=cpm,
                amount=cents(billable * cpm / 1000),
            )
        )
    natures = (
        ("lists", "lists", None, None, "", sum((row.amount for row in lists), Decimal(0))),
        ("papier_impression", "per_piece", net, Decimal("0.118"), "Imprimerie de la Loire", None),
        ("personnalisation", "per_piece", net, Decimal("0.031"), "Imprimerie de la Loire", None),
        ("mise_sous_pli", "per_piece", net, Decimal("0.027"), MAILER.name, None),
        ("affranchissement", "per_piece", net, Decimal("0.386"), MAILER.name, None),
        ("creation", "flat", 1, Decimal(1900), "", None),
        ("traitement_informatique", "per_gross_address", gross, Decimal("0.009"), BUREAU.name, None),
        ("traitement_dons", "per_response", plan.responses, Decimal("0.85"), "Centre de Traitement des Dons", None),
    )
    for nature, basis, quantity, price, supplier, given in natures:
        amount = cents(quantity * price) if given is None else given
        rows.append(
            BudgetRow(
                nature=nature,
                basis=basis,
                quantity=quantity,
                unit_price=price,
                supplier_name=supplier,
                amount=amount,
                vat_amount=cents(amount * Decimal("0.20")),
            )
        )
    reserve = cents(sum((row.amount for row in rows), Decimal(0)) * Decimal("0.03"))
    rows.append(BudgetRow(nature="aleas", basis="percent", unit_price=Decimal("0.03"), amount=reserve, vat_amount=cents(reserve / 5)))
    total = sum((row.amount for row in rows), Decimal(0))
    scenarios = tuple(
        Scenario(
            code=code,
            response_rate=Decimal(plan.responses) / net * factor,
            responses=int(plan.responses * factor),
            revenue_amount=cents(plan.revenue_amount * factor),
            cost_amount=total,
            roi=plan.revenue_amount * factor / total,
        )
        for code, factor in (("low", Decimal("0.8")), ("central", Decimal(1)), ("high", Decimal("1.2")))
    )
    return BudgetFile(
        head=head("budget_file", "DB-26A", revision=2, issued_on=date(2026, 8, 17)),
        snapshot_sha256="4b3f9d0c9a7e1f52" * 4,
        prepared_by="Marion Vidal",
        drop_on=date(2026, 10, 13),
        envelope_amount=Decimal(68000),
        rows=tuple(rows),
        lists=tuple(lists),
        scenarios=scenarios,
        break_even_rate=total / Decimal("31.40") / net,
        targets=(
            Check(code="envelope", verdict="ok", expected=money(Decimal(68000)), actual=money(total)),
            Check(code="target_responses", verdict="ok", expected=count(1600), actual=count(plan.responses)),
            Check(code="target_roi", verdict="warning", expected=ratio(Decimal("1.05")), actual=ratio(plan.revenue_amount / total)),
        ),
        approvers=(
            ApproverRow(
                name="Bruno Leroux", role="budget_approver", limit_amount=Decimal(7000), decision="endorsed", decided_on=date(2026, 8, 18)
            ),
            ApproverRow(name="Solange Petit", role="budget_approver", limit_amount=Decimal(80000)),
        ),
        changes=(
            BudgetChange(nature="affranchissement", before_amount=Decimal("31150.00"), after_amount=rows[4].amount),
            BudgetChange(nature="creation", before_amount=Decimal("1500.00"), after_amount=Decimal("1900.00")),
        ),
        assumptions=(
            "Conservation et rendement : historique de trois campagnes, redressé vers la moyenne du fichier.",
            "Don moyen de 31,40 € ; tarif postal en vigueur au jour de l’établissement.",
        ),
        overrun_tolerance_rate=Decimal("0.03"),
        tier=ApprovalTierRow(above_amount=Decimal(20000), up_to_amount=None, signatures=2),
    )


def purchase_order(*, segments: int = 2, revision: int = 1) -> PurchaseOrder:
    """Make an order for a list; many ``segments`` make its tables break across pages."""
    selections = tuple(
        SelectionRow(
            segment=f"P{12 * (index + 1)}",
            criteria=f"Abonnés actifs, dernier règlement depuis moins de {12 * (index + 1)} mois, France métropolitaine",
            quantity=8430 - index,
            message="A" if index % 2 == 0 else "B",
            offer=OFFERS["A" if index % 2 == 0 else "B"],
            role="rollout" if index % 2 == 0 else "test",
        )
        for index in range(segments)
    )
    quantity = sum(row.quantity for row in selections)
    counted: dict[str, Any] = {"unit": "per_thousand", "quantity": quantity}
    return PurchaseOrder(
        head=head("purchase_order", "BC-26A-001", BROKER, revision=revision),
        rows=(
            OrderRow(nature="list_rental", **counted, unit_price=Decimal(165), amount=cents(quantity * Decimal("0.165"))),
            OrderRow(nature="selection", **counted, unit_price=Decimal(12), amount=cents(quantity * Decimal("0.012"))),
            OrderRow(nature="technical_fee", unit="flat", quantity=1, unit_price=Decimal(90), amount=Decimal("90.00")),
        ),
        vat_rate=Decimal("0.20"),
        payment_days=30,
        acknowledge_by=date(2026, 8, 25),
        approved_budget="DB-26A/2 – approuvé le 20 août 2026",
        dpo_email="dpo@clairval.example",
        list_terms=ListTerms(
            list_code="ALZ",
            list_name="Alizés Presse – abonnés actifs",
            owner=OWNER,
            selections=selections,
            channel="postal",
            mailing_from=date(2026, 10, 12),
            mailing_until=date(2026, 10, 23),
            cpm=Decimal(165),
            selection_cpm=Decimal(12),
            run_charge_cpm=Decimal(5),
            technical_fee=Decimal(90),
            min_billing_rate=Decimal("0.85"),
            min_invoice_amount=Decimal(450),
            deductible_reasons=("rejected", "intra", "opposition", "pnd_historique", "donateurs_actifs", "inter"),
            delivery_deadline_on=date(2026, 9, 8),
            delivery_to=f"{BUREAU.name}, {BUREAU.address}, {BUREAU.postcode} {BUREAU.town}",
            delivery_method="espace de dépôt chiffré du portail, lien nominatif ; pas de pièce jointe",
            order_key="BC-26A-001",
            undeliverable_warranty_rate=Decimal("0.03"),
            certificate_due_on=date(2027, 1, 29),
            purge_on=date(2027, 1, 11),
            max_age_months=6,
            protected_from=date(2026, 9, 28),
            protected_until=date(2026, 10, 31),
            proof_reference="Lettre classique, maquette 3 ; acceptée le 12 août 2026",
            samples=SHOWN,
            exclusions=("adresses déjà louées pour 26P", "collectivités", "étranger"),
            broker_commission_rate=Decimal("0.18"),
        ),
    )


def service_order() -> PurchaseOrder:
    """Make an order for services that touch personal data."""
    return PurchaseOrder(
        head=head("purchase_order", "BC-26A-007", MAILER),
        rows=(
            OrderRow(nature="mise_sous_pli", unit="per_piece", quantity=78420, unit_price=Decimal("0.027"), amount=Decimal("2117.34")),
            OrderRow(
                nature="affranchissement",
                unit="per_piece",
                quantity=78420,
                unit_price=Decimal("0.386"),
                amount=Decimal("30270.12"),
                designation="Sur bordereau de dépôt",
            ),
        ),
        vat_rate=Decimal("0.20"),
        payment_days=30,
        acknowledge_by=date(2026, 8, 25),
        service_due_on=date(2026, 10, 13),
        approved_budget="DB-26A/2 – approuvé le 20 août 2026",
        dpo_email="dpo@clairval.example",
        processing=ProcessingTerms(
            purpose="Mise sous pli et dépôt postal de l’appel d’automne",
            ends_on=date(2027, 1, 11),
            data_categories=("identité", "adresse postale", "code lot et identifiant unique"),
            persons="Destinataires de l’envoi, environ 78 000",
        ),
    )


def non_conformity() -> NonConformity:
    """Make the refusal of a file that is encoded twice and short of 53 records."""
    received = date(2026, 9, 1)
    return NonConformity(
        head=head("non_conformity", "NC-26A-001", BROKER, issued_on=received + timedelta(days=1)),
        order_number="BC-26A-004",
        list_code="DOM",
        list_name="Dombes Solidarité – donateurs",
        tranche=1,
        version=1,
        file_name="DOM_v1.csv",
        file_sha256="7108661aac99877fb36d15c5959ff06a5e9ccea046262ed62c2642ab87001d3b",
        announced_sha256="7108661aac99877fb36d15c5959ff06a5e9ccea046262ed62c2642ab87001d3b",
        received_on=received,
        ordered_qty=18020,
        announced_qty=18020,
        found_qty=17490,
        checks=(
            Check(
                code="checksum",
                verdict="ok",
                expected=words("7108661aac99877fb36d15c5959ff06a5e9ccea046262ed62c2642ab87001d3b"),
                actual=words("7108661aac99877fb36d15c5959ff06a5e9ccea046262ed62c2642ab87001d3b"),
            ),
            Check(code="encoding", verdict="failed", expected=words("utf-8"), actual=words("utf-8, encodé deux fois")),
            Check(code="quantity_against_note", verdict="failed", expected=count(18020), actual=count(17490), tolerance=count(0)),
            Check(
                code="quantity_against_order",
                verdict="failed",
                expected=count(18020),
                actual=count(17490),
                tolerance=share(Decimal("0.02")),
            ),
            Check(code="postcodes", verdict="ok", expected=share(Decimal("0.99")), actual=share(Decimal("0.9961"))),
            Check(code="segments", verdict="ok", expected=words("D12, D36"), actual=words("D12, D36")),
        ),
        defects=(
            Defect(code="double_encoding", quantity=6212, field="NOM, ADR4, LOCALITE", first_line=3, example="Ã©, Ã¨, Ã´"),
            Defect(code="missing_records", quantity=530),
        ),
        answer_by=date(2026, 9, 7),
    )
