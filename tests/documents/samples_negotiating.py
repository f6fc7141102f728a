"""The terms sheet of the sample appeal."""

from datetime import date
from decimal import Decimal

from tests.documents.parties import BROKER, OWNER, SHOWN, head
from workflows.campaign.documents import BasisTerms, SampleRow, TermsRow, TermsSheet


def basis_terms() -> BasisTerms:
    """Make what the owner of the list stated of its legal basis."""
    return BasisTerms(
        legal_basis="legitimate_interest",
        objections_purged_on=date(2026, 8, 3),
        stated_on=date(2026, 8, 7),
        data_role="separate",
        collected_from=date(2021, 1, 4),
        collected_until=date(2026, 6, 30),
        collected_through="paper",
    )


def terms_sheet(*, revision: int = 1) -> TermsSheet:
    """Make the sheet of an owner's list that a broker offers, with everything that may be agreed about a list that is rented."""
    return TermsSheet(
        head=head("terms_sheet", "FC-26A-ALZ", BROKER, revision=revision, issued_on=date(2026, 8, 14)),
        list_code="ALZ",
        list_name="Alizés Presse – abonnés actifs",
        owner=OWNER,
        rows=(
            TermsRow(segment="P12", quantity=8430, roles=("rollout", "test"), messages=("A", "B"), counted_qty=9120),
            TermsRow(segment="P24", quantity=7160, roles=("rollout",), messages=("A",), counted_qty=6900),
        ),
        channels=("postal",),
        offers=("A – Lettre, don libre", "B – Lettre, grille de montants"),
        mailing_from=date(2026, 10, 12),
        mailing_until=date(2026, 10, 23),
        cpm=Decimal(165),
        selection_cpm=Decimal(12),
        run_charge_cpm=Decimal(5),
        technical_fee=Decimal(90),
        min_billing_rate=Decimal("0.85"),
        min_invoice_amount=Decimal(450),
        deductible_reasons=("rejected", "opposition", "pnd_historique", "donateurs_actifs", "intra", "inter"),
        quantity_tolerance_rate=Decimal("0.02"),
        payment_days=30,
        terms_agreed_on=date(2026, 8, 10),
        consent_on=date(2026, 8, 12),
        commission_included=True,
        undeliverable_warranty_rate=Decimal("0.03"),
        lead_days=8,
        offer_until=date(2026, 9, 15),
        protected_from=date(2026, 9, 28),
        protected_until=date(2026, 10, 31),
        counted_on=date(2026, 8, 7),
        held_until=date(2026, 9, 15),
        exclusions="Adresses déjà louées pour 26P, collectivités, étranger.",
        short_accepted_on=date(2026, 8, 13),
        basis=basis_terms(),
        samples=(
            *SHOWN,
            SampleRow(
                message="B", version=1, sha256="5c2e" * 16, approved_on=date(2026, 8, 12), newest_version=2, newest_sha256="7d90" * 16
            ),
        ),
    )
