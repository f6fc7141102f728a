"""The merge-purge, lots, mailing and results of the sample appeal."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from tests.documents.parties import ADVERTISER, BROKER, BUREAU, MAILER, cents, head
from tests.documents.samples_planning import LISTS, OFFERS, PLAN, RATE
from workflows.campaign.documents import (
    BillingPart,
    BriefFile,
    Check,
    ComponentRow,
    ContactCap,
    CreditRow,
    CurvePoint,
    CurveUsed,
    Deduction,
    DedupeBrief,
    DedupeFileRow,
    DedupeReport,
    DestructionCertificate,
    EarlierSend,
    FileReference,
    FunnelStep,
    InvoiceDispute,
    InvoicePoint,
    InvoiceRow,
    KpiRow,
    Lesson,
    LotPlan,
    LotRow,
    MailingChange,
    MailingOrder,
    Measure,
    MessageRow,
    NetStatement,
    OrderRow,
    PieceRow,
    ProofRow,
    PurgeCertificate,
    RejectRow,
    ResultRow,
    ResultsReport,
    ServiceRow,
    SuppressionFile,
    TestPair,
    TestVerdict,
    UpliftBasis,
    UpliftRow,
    UpliftSide,
    WarrantyRow,
    count,
    money,
    share,
    words,
)

GROSS = {code: sum(line[4] for line in PLAN if line[0] == code) for code in LISTS}
CODES = tuple(LISTS)
SUPPRESSIONS = ("opposition", "pnd_historique", "donateurs_actifs")


def sha(seed: str) -> str:
    """Make something that looks like a SHA-256."""
    return (seed.encode().hex() * 64)[:64]


def dedupe_brief() -> DedupeBrief:
    """Make the brief of six lists, one of them in two tranches."""
    files = []
    for rank, code in enumerate(CODES, start=1):
        tranches = 2 if code == "CDR" else 1
        files.append(
            BriefFile(
                list_code=code,
                list_name=LISTS[code][0],
                nature=LISTS[code][1],
                rank=rank,
                order_number="" if code == "MAI" else f"BC-26A-00{rank - 1}",
                files=tuple(
                    FileReference(
                        name=f"{code}_tranche{tranche + 1}.csv" if tranches > 1 else f"{code}_clairval_0926.csv",
                        sha256=sha(code + str(tranche)),
                        quantity=GROSS[code] * 7 // 10
                        if tranches > 1 and tranche == 0
                        else GROSS[code] - (GROSS[code] * 7 // 10 if tranche else 0),
                        layout="délimité par « ; »",
                        encoding="cp1252",
                    )
                    for tranche in range(tranches)
                ),
            )
        )
    return DedupeBrief(
        head=head("dedupe_brief", "BD-26A", BUREAU, issued_on=date(2026, 9, 11)),
        files=tuple(files),
        suppressions=tuple(
            SuppressionFile(
                code=code, file=FileReference(name=f"{code}.csv", sha256=sha(code), quantity=4200 * (rank + 1), encoding="utf-8")
            )
            for rank, code in enumerate(SUPPRESSIONS)
        ),
        level="individual",
        allocation="priority",
        match_key="code postal, numéro, dernier mot de la voie, nom, initiale du prénom ; rapprochement pondéré au-delà",
        threshold=Decimal("0.92"),
        normalisation=("encoding", "rnvp", "civility", "reject_bad_postcode"),
        monitor_seeds=6,
        minimum_net_qty=74000,
        multi_buyer_files=2,
        contact_action="reserve",
        contact_caps=(
            ContactCap(kind="person", days=15, most=1),
            ContactCap(kind="person", days=30, most=2),
            ContactCap(kind="household", days=365, most=12),
        ),
        earlier_sends=(EarlierSend(campaign="26P", posted_on=date(2026, 5, 12)),),
        deadline_on=date(2026, 9, 18),
        purge_on=date(2027, 1, 11),
    )


def dedupe_report() -> DedupeReport:
    """Make a report whose every row balances; what a list loses goes to the lists of lower rank."""
    rows, lost, shared = [], [], []
    for index, code in enumerate(CODES):
        gross = GROSS[code]
        rejected, suppressed, intra = gross // 160, (gross // 190, gross // 140, gross // 45 + 7 * index), gross // 95
        row_lost = tuple(gross // 90 + 11 * (index - other) if other < index else 0 for other in range(len(CODES)))
        inter = sum(row_lost)
        net = gross - rejected - sum(suppressed) - intra - inter
        unique = net - net // 9
        rows.append(
            DedupeFileRow(
                list_code=code,
                list_name=LISTS[code][0],
                gross_qty=gross,
                rejected_qty=rejected,
                suppressed=suppressed,
                intra_qty=intra,
                inter_qty=inter,
                net_qty=net,
                unique_qty=unique,
                retention_rate=Decimal(net) / gross,
                retention_valid_rate=Decimal(net) / (gross - rejected),
                overlap_rate=1 - Decimal(unique) / (gross - rejected - sum(suppressed) - intra),
                expected_retention_rate=Decimal("0.85"),
            )
        )
        lost.append(row_lost)
        shared.append([0] * len(CODES))
    for index in range(len(CODES)):
        for other in range(index):
            shared[index][other] = shared[other][index] = lost[index][other] + 40
    net_total, gross_total = sum(row.net_qty for row in rows), sum(row.gross_qty for row in rows)
    return DedupeReport(
        head=head("dedupe_report", "RD-26A", issued_on=date(2026, 9, 17), revision=2),
        run_number=2,
        run_on=date(2026, 9, 17),
        brief_number="BD-26A/1",
        suppression_codes=SUPPRESSIONS,
        files=tuple(rows),
        shared=tuple(tuple(row) for row in shared),
        lost=tuple(lost),
        rejects=tuple(
            RejectRow(list_code=row.list_code, reason=reason, quantity=quantity)
            for row in rows
            for reason, quantity in (("postcode", row.rejected_qty - row.rejected_qty // 3), ("street", row.rejected_qty // 3))
        ),
        level="individual",
        allocation="priority",
        threshold=Decimal("0.92"),
        retention_rate=Decimal(net_total) / gross_total,
        checks=(
            Check(code="accounting", verdict="ok", expected=count(gross_total), actual=count(gross_total), tolerance=count(0)),
            Check(code="monitor_seeds", verdict="ok", expected=count(6), actual=count(6)),
            Check(
                code="retention",
                verdict="warning",
                about="ECL",
                expected=share(Decimal("0.85")),
                actual=share(Decimal("0.789")),
                tolerance=share(Decimal("0.05")),
                override="recouvrement connu avec BTN, accepté par Marion Vidal",
            ),
            Check(code="minimum_net_quantity", verdict="ok", expected=count(74000), actual=count(net_total)),
        ),
    )


def net_statement() -> NetStatement:
    """Make a statement at the floor: fewer net addresses than 85 % of those delivered."""
    return NetStatement(
        head=head("net_statement", "RN-26A-001", BROKER, issued_on=date(2026, 9, 21)),
        order_number="BC-26A-001",
        list_code="ALZ",
        list_name="Alizés Presse – abonnés actifs",
        owner_name="Alizés Presse SAS",
        ordered_qty=100_000,
        delivered_qty=100_000,
        deductions=(
            Deduction(reason="rejected", quantity=1210, deductible=True),
            Deduction(reason="opposition", quantity=950, deductible=True),
            Deduction(reason="pnd_historique", quantity=880, deductible=True),
            Deduction(reason="donateurs_actifs", quantity=3100, deductible=True),
            Deduction(reason="intra", quantity=1200, deductible=True),
            Deduction(reason="inter", quantity=12_660, deductible=True),
        ),
        net_qty=80_000,
        min_billing_rate=Decimal("0.85"),
        floor_qty=85_000,
        billable_qty=85_000,
        parts=(
            BillingPart(code="addresses", quantity=85_000, unit_price=Decimal(100), amount=Decimal("8500.00")),
            BillingPart(code="run", quantity=15_000, unit_price=Decimal(3), amount=Decimal("45.00")),
            BillingPart(code="technical_fee", amount=Decimal("90.00")),
        ),
        min_invoice_amount=Decimal(450),
        vat_rate=Decimal("0.20"),
        payment_days=30,
        report_number="RD-26A/2",
    )


def invoice_dispute() -> InvoiceDispute:
    """Make a dispute of an invoice of what was delivered instead of what is due."""
    return InvoiceDispute(
        head=head("invoice_dispute", "CF-26A-001", BROKER, issued_on=date(2026, 12, 9)),
        invoice_number="S-CRT-2026-001",
        invoiced_on=date(2026, 12, 7),
        received_on=date(2026, 12, 7),
        order_number="BC-26A-001",
        list_code="ALZ",
        list_name="Alizés Presse – abonnés actifs",
        statement="RN-26A-001/1",
        points=(
            InvoicePoint(code="quantity", expected=count(85_000), actual=count(100_000), difference=count(15_000)),
            InvoicePoint(
                code="net_amount",
                expected=money(Decimal("8635.00")),
                actual=money(Decimal("10158.82")),
                difference=money(Decimal("1523.82")),
            ),
        ),
        reason="La facture porte sur les adresses livrées ; le relevé en retient 85 000.",
        invoiced_qty=100_000,
        invoiced_amount=Decimal("10158.82"),
        invoiced_vat_amount=Decimal("2031.76"),
        invoiced_total_amount=Decimal("12190.58"),
        due_qty=85_000,
        due_amount=Decimal("8635.00"),
        vat_rate=Decimal("0.20"),
        answer_by=date(2026, 12, 16),
    )


def service_dispute() -> InvoiceDispute:
    """Make a dispute of an invoice of services: what was done, line by line, of which the order's ceiling is due."""
    return InvoiceDispute(
        head=head("invoice_dispute", "CF-26A-002", MAILER, issued_on=date(2026, 12, 9)),
        invoice_number="ROU-2026-044",
        invoiced_on=date(2026, 12, 7),
        received_on=date(2026, 12, 7),
        order_number="BC-26A-007",
        points=(
            InvoicePoint(
                code="net_amount",
                expected=money(Decimal("1480.00")),
                actual=money(Decimal("1490.00")),
                difference=money(Decimal("10.00")),
            ),
        ),
        services=(
            OrderRow(nature="papier_impression", unit="per_piece", quantity=10_000, unit_price=Decimal("0.118"), amount=Decimal("1180.00")),
            OrderRow(nature="personnalisation", unit="per_piece", quantity=10_000, unit_price=Decimal("0.031"), amount=Decimal("310.00")),
        ),
        services_most_amount=Decimal("1480.00"),
        credited_amount=Decimal("12.00"),
        reason="Dix euros au-delà du plafond de la commande, sans accord écrit.",
        invoiced_amount=Decimal("1490.00"),
        invoiced_vat_amount=Decimal("298.00"),
        invoiced_total_amount=Decimal("1788.00"),
        due_amount=Decimal("1480.00"),
        vat_rate=Decimal("0.20"),
        answer_by=date(2026, 12, 16),
    )


def carried(index: int, code: str) -> dict[str, str]:
    """What a lot carries: some a number too, some nothing."""
    if index % 4 == 3:
        return {}
    return {"phone": f"09 70 00 00 {index:02d}" if index % 2 else "", "qr": f"https://don.clairval.example/automne/{code}"}


def lots(*, repeat: int = 1) -> tuple[LotRow, ...]:
    """Make one lot for each line of the plan, and one held out."""
    made = [
        LotRow(
            code=f"26A{code}{segment[:2]}{message}{'R' if role == 'rollout' else 'T'}{turn:02d}{index:X}",
            list_code=code,
            segment=segment,
            offer=OFFERS[message],
            message=message,
            channel="postal",
            role=role,
            quantity=int(gross * Decimal("0.8")),
            seeds=6,
            expected_rate=RATE[code],
            **carried(index, f"26A{code}{segment[:2]}{message}{'R' if role == 'rollout' else 'T'}{turn:02d}{index:X}"),
        )
        for turn in range(repeat)
        for index, (code, segment, role, message, gross, _rank) in enumerate(PLAN)
    ]
    made.append(
        LotRow(
            code="26AMAIINAH0Z",
            list_code="MAI",
            segment="INA",
            offer="don-libre",
            message="A",
            channel="postal",
            role="holdout",
            quantity=500,
        )
    )
    return tuple(made)


MAILING_FILES = (
    FileReference(name="mailing_postal.csv", sha256=sha("mailing"), quantity=87_296, layout="csv_semicolon_crlf", encoding="utf-8"),
    FileReference(name="plan_de_lots.csv", sha256=sha("plan"), quantity=15, layout="csv_semicolon_crlf", encoding="utf-8"),
)


def lot_plan(*, repeat: int = 1) -> LotPlan:
    """Make the plan of lots; ``repeat`` multiplies its lots so that the table breaks across pages."""
    rows = lots(repeat=repeat)
    return LotPlan(
        head=head("lot_plan", "PL-26A", issued_on=date(2026, 9, 23)),
        drop_on=date(2026, 10, 13),
        run_number=2,
        net_qty=sum(lot.quantity for lot in rows),
        split_seed="26A/2/7f0c1d",
        split_rule="condensat de l’identifiant et de la graine, stratifié par fichier et segment",
        lots=rows,
        monitor_seeds=6,
        messages=(
            MessageRow(
                code="A",
                label="Lettre classique",
                offer="don-libre",
                inserts=("lettre 2 pages", "bulletin", "enveloppe retour"),
                ask="libre",
                tracked_by="code lot imprimé, code-barres",
            ),
            MessageRow(
                code="B",
                label="Lettre avec grille de montants",
                offer="grille-montants",
                inserts=("lettre 2 pages", "bulletin grille", "enveloppe retour"),
                ask="20, 35, 50, 100 €",
                tracked_by="code lot imprimé, code-barres",
            ),
        ),
        tests=(
            TestPair(
                hypothesis="La grille relève le don moyen sans baisser le taux",
                variable="offre",
                control_lot=rows[7].code,
                variant_lot=rows[8].code,
                control_qty=rows[7].quantity,
                variant_qty=rows[8].quantity,
                needed_qty=13_809,
                power=Decimal("0.23"),
                detectable_rate=Decimal("0.0317"),
                verdict="inconclusive",
            ),
        ),
        files=MAILING_FILES,
        checks=(
            Check(
                code="partition",
                verdict="ok",
                expected=count(sum(lot.quantity for lot in rows)),
                actual=count(sum(lot.quantity for lot in rows)),
            ),
            Check(code="unique_codes", verdict="ok", expected=count(len(rows)), actual=count(len(rows))),
            Check(code="legal_notice", verdict="ok", expected=count(2), actual=count(2)),
        ),
    )


def destruction_certificate() -> DestructionCertificate:
    """Make what the mailer certifies, recorded from a paper that it signed."""
    return DestructionCertificate(
        head=head("destruction_certificate", "CD-26A-S-ROU", MAILER, issued_on=date(2027, 1, 18)),
        order_number="BC-26A-009",
        due_on=date(2027, 1, 25),
        files=MAILING_FILES,
        method="overwritten",
        destroyed_on=date(2027, 1, 15),
        operator="Service informatique",
        signatory="Mme Claire Roulier, gérante",
        remaining="bande mensuelle de sauvegarde",
        remaining_until_on=date(2027, 2, 28),
        signed_sha256=sha("signed"),
        on_paper=True,
    )


def purge_certificate() -> PurgeCertificate:
    """Make what the house certifies of a list that came in two tranches."""
    return PurgeCertificate(
        head=head("purge_certificate", "CP-26A-CDR", BROKER, issued_on=date(2027, 1, 11)),
        order_number="BC-26A-003",
        list_code="CDR",
        list_name=LISTS["CDR"][0],
        due_on=date(2027, 1, 25),
        files=tuple(FileReference(name=f"CDR_tranche{n}.xlsx", sha256=sha(f"CDR{n}"), quantity=4200 * n) for n in (1, 2)),
        destroyed_on=date(2027, 1, 11),
        nothing_left=True,
    )


def mailing_order() -> MailingOrder:
    """Make the order to the mailer for every lot that is sent."""
    sent = tuple(replace(lot, spoilage_qty=-(-lot.pieces // 50)) for lot in lots() if lot.is_sent)
    pieces = sum(lot.pieces for lot in sent)
    by_message = {code: sum(lot.pieces for lot in sent if lot.message == code) for code in OFFERS}
    parts = ("lettre 2 pages recto verso, pliée en trois", "bulletin de don personnalisé", "enveloppe retour T")
    return MailingOrder(
        head=head("mailing_order", "OR-26A", MAILER, revision=2, issued_on=date(2026, 9, 25)),
        order_number="BC-26A-007",
        lot_plan_number="PL-26A/1",
        channel="postal",
        drop_on=date(2026, 10, 13),
        postal_product="Destineo, en nombre, seuil industriel",
        deposit_site="Plate-forme de Villefranche",
        undeliverable_to=ADVERTISER,
        lots=sent,
        files=MAILING_FILES,
        proofs=(
            ProofRow(
                message="A",
                version=3,
                sha256=sha("proof-a"),
                signed_by="Marion Vidal",
                signed_on=date(2026, 10, 2),
                notice_sha256=sha("notice-a"),
            ),
            ProofRow(
                message="B", version=0, sha256="", signed_by="Marion Vidal", signed_on=date(2026, 10, 2), notice_sha256=sha("notice-b")
            ),
        ),
        components=tuple(
            ComponentRow(message=code, fold_rank=rank, label=label, quantity=quantity, spoilage_qty=quantity // 50)
            for code, quantity in by_message.items()
            for rank, label in enumerate(parts, start=1)
        ),
        services=(
            ServiceRow(
                nature="mise_sous_pli",
                unit="per_piece",
                quantity=pieces,
                unit_price=Decimal("0.027"),
                amount=cents(pieces * Decimal("0.027")),
            ),
            ServiceRow(
                nature="affranchissement",
                unit="per_piece",
                quantity=pieces,
                unit_price=Decimal("0.386"),
                amount=cents(pieces * Decimal("0.386")),
            ),
        ),
        file_received_on=date(2026, 9, 25),
        machine_proof_on=date(2026, 10, 6),
        mail_pieces=(
            PieceRow(message="A", format="C5, 162 × 229 mm", weight_grams=Decimal("34.5"), thickness_mm=Decimal("2.1")),
            PieceRow(message="B", format="C5, 162 × 229 mm", weight_grams=Decimal(36)),
        ),
        postal_sort="départements, puis codes postaux en liasses",
        spoilage_rate=Decimal("0.02"),
        undeliverable="recorded",
        contact="Marion Vidal, 04 00 00 00 00",
        changes=(
            MailingChange(
                field="weight_grams",
                message="A",
                before=Measure(unit="grams", value=Decimal(32)),
                after=Measure(unit="grams", value=Decimal("34.5")),
            ),
            MailingChange(field="undeliverable", after=words("recorded")),
            MailingChange(field="tracked_phone", lot="26AALZP1AR000", after=words("09 70 00 00 00")),
            MailingChange(field="spoilage_rate", before=share(Decimal("0.015")), after=share(Decimal("0.02"))),
        ),
        printer_name="Imprimerie de la Loire",
        monitor_seeds=6,
        purge_on=date(2027, 1, 11),
    )


def result_row(key: str, label: str, mailed: int, rate: Decimal) -> ResultRow:
    """Make a row whose rates follow from its counts."""
    responses, undeliverable = int(mailed * rate), mailed // 38
    gifts = responses - responses // 30
    amount, cost = cents(gifts * Decimal("30.85")), cents(mailed * Decimal("0.71"))
    return ResultRow(
        key=key,
        label=label,
        mailed=mailed,
        undeliverable=undeliverable,
        responses=responses,
        gifts=gifts,
        amount=amount,
        cost_amount=cost,
        response_rate=Decimal(responses) / mailed,
        undeliverable_rate=Decimal(undeliverable) / mailed,
        yield_rate=Decimal(gifts) / mailed,
        average_gift=cents(amount / gifts),
        cost_per_response=cents(cost / responses),
        roi=amount / cost,
        response_low_rate=Decimal(responses) / mailed * Decimal("0.91"),
        response_high_rate=Decimal(responses) / mailed * Decimal("1.09"),
    )


def uplift_side(people: int, answering: int, lacks: int = 0) -> UpliftSide:
    """Make a side whose rate follows from its counts."""
    rate = Decimal(answering) / people
    return UpliftSide(
        people=people,
        answering=answering,
        rate=rate,
        low_rate=rate * Decimal("0.91"),
        high_rate=rate * Decimal("1.09"),
        more_needed_qty=lacks or None,
    )


def uplift_row(code: str, name: str, mailed: tuple[int, int], held_out: tuple[int, int], verdict: str, *, lacks: int = 0) -> UpliftRow:
    """Make a comparison whose difference follows from its sides."""
    difference = Decimal(mailed[1]) / mailed[0] - Decimal(held_out[1]) / held_out[0]
    low, high = difference - Decimal("0.0028"), difference + Decimal("0.0022")
    answers, least, most = (int(rate * mailed[0]) for rate in (difference, low, high))
    return UpliftRow(
        list_code=code,
        list_name=name,
        mailed=uplift_side(*mailed),
        held_out=uplift_side(*held_out, lacks),
        difference_rate=difference,
        difference_low_rate=low,
        difference_high_rate=high,
        answers=answers,
        answers_low=least,
        answers_high=most,
        amount=cents(answers * Decimal("30.85")),
        p_value=Decimal("0.0002") if verdict == "mailing_brings" else Decimal("0.31"),
        verdict=verdict,
        few_responses=22 if lacks else None,
        least_responses=50 if lacks else None,
    )


def results_report() -> ResultsReport:
    """Make the balance of the appeal."""
    sent = [lot for lot in lots() if lot.is_sent]
    by_lot = tuple(result_row(lot.code, f"{lot.list_code} {lot.segment}, {lot.message}", lot.quantity, RATE[lot.list_code]) for lot in sent)
    mailed = sum(lot.quantity for lot in sent)
    campaign = result_row("26A", "Ensemble", mailed, Decimal("0.0198"))
    drop = date(2026, 10, 13)
    reached = (0, 0, 4, 9, 15, 22, 30, 38, 45, 52, 58, 63, 68, 72, 76, 79, 82, 85, 87, 89, 91, 93, 94, 96, 97, 98, 99, 100)
    return ResultsReport(
        head=head("results_report", "BI-26A", issued_on=date(2027, 1, 22)),
        drop_on=drop,
        closed_on=date(2027, 1, 8),
        campaign=campaign,
        funnel=(
            FunnelStep(code="ordered", quantity=sum(GROSS.values())),
            FunnelStep(code="delivered", quantity=sum(GROSS.values()) - 214),
            FunnelStep(code="net", quantity=mailed + 500),
            FunnelStep(code="mailed", quantity=mailed),
            FunnelStep(code="arrived", quantity=mailed - campaign.undeliverable),
            FunnelStep(code="responses", quantity=campaign.responses),
            FunnelStep(code="gifts", quantity=campaign.gifts),
        ),
        kpis=(
            KpiRow(
                code="response_rate",
                unit="share",
                numerator=Decimal(campaign.responses),
                denominator=Decimal(mailed),
                value=campaign.response_rate,
            ),
            KpiRow(
                code="yield_rate", unit="share", numerator=Decimal(campaign.gifts), denominator=Decimal(mailed), value=campaign.yield_rate
            ),
            KpiRow(
                code="undeliverable_rate",
                unit="share",
                numerator=Decimal(campaign.undeliverable),
                denominator=Decimal(mailed),
                value=campaign.undeliverable_rate,
            ),
            KpiRow(
                code="average_gift",
                unit="money",
                numerator=campaign.amount,
                denominator=Decimal(campaign.gifts),
                value=campaign.average_gift,
            ),
            KpiRow(
                code="cost_per_response",
                unit="money",
                numerator=campaign.cost_amount,
                denominator=Decimal(campaign.responses),
                value=campaign.cost_per_response,
                target=Decimal("38.75"),
            ),
            KpiRow(
                code="roi",
                unit="ratio",
                numerator=campaign.amount,
                denominator=campaign.cost_amount,
                value=campaign.roi,
                target=Decimal("0.80"),
            ),
            KpiRow(code="acquisition_cost", unit="money", numerator=campaign.cost_amount, denominator=Decimal(0), value=None),
            KpiRow(
                code="penetration",
                unit="share",
                numerator=Decimal(campaign.responses),
                denominator=Decimal(812_000),
                value=Decimal(campaign.responses) / 812_000,
                low_rate=Decimal("0.00191"),
                high_rate=Decimal("0.00211"),
            ),
            KpiRow(code="contribution", unit="money", value=campaign.amount - campaign.cost_amount),
        ),
        by_list=tuple(result_row(code, LISTS[code][0], int(GROSS[code] * Decimal("0.8")), RATE[code]) for code in CODES),
        by_segment=tuple(
            result_row(f"{code}/{segment}", LISTS[code][0], int(gross * Decimal("0.8")), RATE[code])
            for code, segment, _role, _message, gross, _rank in PLAN
        ),
        by_message=(
            result_row("A", "Lettre classique", mailed * 9 // 10, Decimal("0.0196")),
            result_row("B", "Lettre avec grille de montants", mailed // 10, Decimal("0.0214")),
        ),
        by_channel=(
            result_row("email", "", mailed // 10, Decimal("0.0040")),
            result_row("postal", "", mailed * 9 // 10, Decimal("0.0214")),
        ),
        by_lot=by_lot,
        targets=(
            Check(code="target_responses", verdict="ok", expected=count(1600), actual=count(campaign.responses)),
            Check(code="minimum_net_quantity", verdict="ok", expected=count(74000), actual=count(mailed + 500)),
        ),
        curve=tuple(
            CurvePoint(on=drop + timedelta(days=3 * index), responses=campaign.responses * percent // 100)
            for index, percent in enumerate(reached)
        ),
        tests=(
            TestVerdict(
                hypothesis="La grille relève le don moyen sans baisser le taux",
                control="ALZ P12, A",
                variant="ALZ P12, B",
                control_rate=Decimal("0.0139"),
                variant_rate=Decimal("0.0142"),
                verdict="inconclusive",
                p_value=Decimal("0.841"),
                more_needed_qty=10_441,
                control_more_needed_qty=10_440,
            ),
            TestVerdict(
                hypothesis="B > A",
                control="A",
                variant="B",
                control_rate=Decimal("0.02"),
                variant_rate=Decimal("0.026"),
                verdict="variant_wins",
                p_value=Decimal("0.0004"),
                control_low_rate=Decimal("0.0178"),
                control_high_rate=Decimal("0.0225"),
                variant_low_rate=Decimal("0.0235"),
                variant_high_rate=Decimal("0.0288"),
                winner="B",
            ),
            TestVerdict(
                hypothesis="C > A",
                control="A",
                variant="C",
                control_rate=Decimal("0.02"),
                variant_rate=Decimal("0.0203"),
                verdict="no_difference",
                p_value=Decimal("0.71"),
            ),
            TestVerdict(
                hypothesis="D > A",
                control="A",
                variant="D",
                control_rate=Decimal("0.01"),
                variant_rate=Decimal("0.06"),
                verdict="inconclusive",
                p_value=Decimal("0.001"),
                more_needed_qty=4_000,
                control_more_needed_qty=4_000,
                few_responses=10,
                least_responses=50,
            ),
        ),
        curves_used=(CurveUsed(channel="email"), CurveUsed(channel="postal", campaigns=3, answers=1_240)),
        least_uplift=Decimal("0.25"),
        uplift=(
            uplift_row("", "", (66_400, 1_096), (3_502, 21), "mailing_brings"),
            uplift_row("DOM", LISTS["DOM"][0], (28_140, 309), (2_480, 22), "inconclusive", lacks=1_204),
            uplift_row("MAI", LISTS["MAI"][0], (21_400, 412), (2_104, 42), "no_difference"),
        ),
        credited=(
            CreditRow(code="lot_code", responses=1_004, amount=Decimal("34210.00")),
            CreditRow(code="tracked", responses=96, amount=Decimal("3105.00")),
            CreditRow(code="name_and_postcode", responses=104, amount=Decimal("3740.00")),
            CreditRow(code="unattributed", responses=12, amount=Decimal("310.00")),
        ),
        disagreed=3,
        uplift_basis=UpliftBasis(days=84, credited=1_204, matched=1_102, left_out_qty=118),
        warranties=tuple(
            WarrantyRow(
                list_code=code,
                list_name=LISTS[code][0],
                warranty_rate=Decimal("0.03"),
                observed_rate=Decimal("0.026") + Decimal(index) / 200,
                claim_qty=43 * index,
                refund_amount=Decimal("7.10") * index if index else None,
            )
            for index, code in enumerate(CODES[1:])
        ),
        invoices=(
            InvoiceRow(
                order_number="BC-26A-001",
                supplier_name=BROKER.name,
                list_code="ALZ",
                ordered_amount=Decimal("3074.28"),
                due_amount=Decimal("2811.07"),
                invoice_state="disputed",
                invoice_number="S-CRT-2026-001",
                invoiced_amount=Decimal("3074.28"),
            ),
            InvoiceRow(
                order_number="BC-26A-007", supplier_name=MAILER.name, ordered_amount=Decimal("32387.46"), due_amount=Decimal("32387.46")
            ),
        ),
        lessons=(
            Lesson(about="Éclat Jardin", text="Troisième campagne sous 0,70 % : à retirer du plan, sauf C1 en test."),
            Lesson(
                about="Dombes Solidarité",
                text="Première livraison refusée pour un double encodage ; demander un échantillon avant l’extraction.",
            ),
            Lesson(
                about="Grille de montants",
                text="Don moyen en hausse, taux inchangé ; le test manque d’effectif, le refaire à 14 000 par cellule.",
            ),
        ),
        budget_amount=Decimal("61204.18"),
        unattributed_responses=19,
        unattributed_amount=Decimal("612.00"),
        set_aside_responses=4,
    )
