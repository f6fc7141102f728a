"""The fictional companies of the sample documents, the head they share, and the mail piece that an owner approved."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from workflows.campaign.documents import DocumentHead, Party, SampleRow


def _party(name: str, siren: str, vat_number: str, address: str, postcode: str, town: str, email: str) -> Party:
    return Party(name=name, siren=siren, vat_number=vat_number, address=address, postcode=postcode, town=town, email=email)


ADVERTISER = _party(
    "Entraide Clairval", "000908582", "FR58000908582", "9 cours des Tilleuls", "01000", "BOURG EN BRESSE", "chef.projet@clairval.example"
)
BROKER = _party(
    "Courtage Fichiers du Centre",
    "000900050",
    "FR70000900050",
    "19 rue des Courtiers",
    "45000",
    "ORLEANS",
    "commandes@courtage-centre.example",
)
OWNER = _party(
    "Alizés Presse SAS", "000900001", "FR20000900001", "14 rue de la Rotative", "69007", "LYON", "fichiers@alizes-presse.example"
)
MAILER = _party(
    "Routage Val-de-Saône",
    "000900076",
    "FR51000900076",
    "40 avenue des Plis",
    "69400",
    "VILLEFRANCHE SUR SAONE",
    "planning@routage-saone.example",
)
BUREAU = _party(
    "Bureau de Déduplication et de Traitements Informatiques de l’Ain",
    "000900118",
    "FR86000900118",
    "2 impasse du Calcul",
    "01000",
    "BOURG EN BRESSE",
    "exploitation@bureau-ain.example",
)


SHOWN = (SampleRow(message="A", version=2, sha256="3b1f" * 16, approved_on=date(2026, 8, 12)),)


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


def cents(amount: Decimal) -> Decimal:
    """Round half-up to the cent."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
