"""Contents of every kind, as a French appeal of autumn would have them; every company and person is fictional.

The figures hang together: six lists, fourteen lines, one order, one refused delivery, one merge-purge, one plan of lots.
"""

from datetime import date
from decimal import Decimal as D

from workflows.campaign.documents import (
    DocumentHead,
    ListTerms,
    OrderRow,
    Party,
    ProcessingTerms,
    PurchaseOrder,
    SelectionRow,
)

ADVERTISER = Party(
    name="Entraide Clairval",
    siren="000908582",
    vat_number="FR58000908582",
    address="9 cours des Tilleuls",
    postcode="01000",
    town="BOURG EN BRESSE",
    email="chef.projet@clairval.example",
)
BROKER = Party(
    name="Courtage Fichiers du Centre",
    siren="000900050",
    vat_number="FR70000900050",
    address="19 rue des Courtiers",
    postcode="45000",
    town="ORLEANS",
    email="commandes@courtage-centre.example",
)
OWNER = Party(
    name="Alizés Presse SAS",
    siren="000900001",
    vat_number="FR20000900001",
    address="14 rue de la Rotative",
    postcode="69007",
    town="LYON",
    email="fichiers@alizes-presse.example",
)
MAILER = Party(
    name="Routage Val-de-Saône",
    siren="000900076",
    vat_number="FR51000900076",
    address="40 avenue des Plis",
    postcode="69400",
    town="VILLEFRANCHE SUR SAONE",
    email="planning@routage-saone.example",
)
BUREAU = Party(
    name="Bureau de Déduplication et de Traitements Informatiques de l’Ain",
    siren="000900118",
    vat_number="FR86000900118",
    address="2 impasse du Calcul",
    postcode="01000",
    town="BOURG EN BRESSE",
    email="exploitation@bureau-ain.example",
)


def head(kind: str, number: str, recipient: Party | None = None, *, revision: int = 1, issued_on: date = date(2026, 8, 21)) -> DocumentHead:
    """Make the head of a sample; a second revision supersedes the first."""
    return DocumentHead(
        kind=kind,
        number=number,
        revision=revision,
        issued_on=issued_on,
        campaign_code="26A",
        campaign_title="Appel d’automne",
        advertiser=ADVERTISER,
        recipient=recipient,
        supersedes=f"{number}/{revision - 1}" if revision > 1 else None,
        contact_name="Marion Vidal",
        contact_email="chef.projet@clairval.example",
    )


def purchase_order(*, segments: int = 2, revision: int = 1) -> PurchaseOrder:
    """Make an order for a list; many ``segments`` make its tables break across pages."""
    selections = tuple(
        SelectionRow(
            segment=f"P{12 * (index + 1)}",
            criteria=f"Abonnés actifs, dernier règlement depuis moins de {12 * (index + 1)} mois, France métropolitaine",
            quantity=843 - index,
            message="A" if index % 2 == 0 else "B",
            offer="don-libre" if index % 2 == 0 else "grille-montants",
            role="rollout" if index % 2 == 0 else "test",
        )
        for index in range(segments)
    )
    quantity = sum(row.quantity for row in selections)
    cents = D("0.01")
    return PurchaseOrder(
        head=head("purchase_order", "BC-26A-001", BROKER, revision=revision),
        rows=(
            OrderRow(nature="list_rental", unit="per_thousand", quantity=quantity, unit_price=D(165), amount=(quantity * D("0.165")).quantize(cents)),
            OrderRow(nature="selection", unit="per_thousand", quantity=quantity, unit_price=D(12), amount=(quantity * D("0.012")).quantize(cents)),
            OrderRow(nature="technical_fee", unit="flat", quantity=1, unit_price=D(90), amount=D("90.00")),
        ),
        vat_rate=D("0.20"),
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
            cpm=D(165),
            selection_cpm=D(12),
            run_charge_cpm=D(5),
            technical_fee=D(90),
            min_billing_rate=D("0.85"),
            min_invoice_amount=D(450),
            deductible_reasons=("rejected", "intra", "opposition", "pnd_historique", "donateurs_actifs", "inter"),
            delivery_deadline_on=date(2026, 9, 8),
            delivery_to=f"{BUREAU.name}, {BUREAU.address}, {BUREAU.postcode} {BUREAU.town}",
            delivery_method="espace de dépôt chiffré du portail, lien nominatif ; pas de pièce jointe",
            order_key="BC-26A-001",
            undeliverable_warranty_rate=D("0.03"),
            certificate_due_on=date(2027, 1, 29),
            purge_on=date(2027, 1, 11),
            max_age_months=6,
            protected_days=15,
            proof_reference="Lettre classique, maquette 3 ; acceptée le 12 août 2026",
            exclusions=("adresses déjà louées pour 26P", "collectivités", "étranger"),
            broker_commission_rate=D("0.18"),
        ),
    )


def service_order() -> PurchaseOrder:
    """Make an order for services that touch personal data."""
    return PurchaseOrder(
        head=head("purchase_order", "BC-26A-007", MAILER),
        rows=(
            OrderRow(nature="mise_sous_pli", unit="per_piece", quantity=7842, unit_price=D("0.027"), amount=D("211.73")),
            OrderRow(nature="affranchissement", unit="per_piece", quantity=7842, unit_price=D("0.386"), amount=D("3027.01"), designation="Sur bordereau de dépôt"),
        ),
        vat_rate=D("0.20"),
        payment_days=30,
        acknowledge_by=date(2026, 8, 25),
        service_due_on=date(2026, 10, 13),
        approved_budget="DB-26A/2 – approuvé le 20 août 2026",
        dpo_email="dpo@clairval.example",
        processing=ProcessingTerms(
            purpose="Mise sous pli et dépôt postal de l’appel d’automne",
            ends_on=date(2027, 1, 11),
            data_categories=("identité", "adresse postale", "code lot et identifiant unique"),
            persons="Destinataires de l’envoi, environ 7 800",
        ),
    )


SAMPLES = {"purchase_order": purchase_order}
