"""Data-protection notices: whatever is usually written passes, and what is left out is named."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from workflows.campaign.data_protection.notice import ELEMENTS, check_notice, draft_notice

APPEAL = """
Entraide Clairval (9 cours des Tilleuls, 01000 Bourg-en-Bresse), en qualité de responsable de traitement, met en œuvre un fichier de
prospection afin de vous faire connaître ses actions et de solliciter votre générosité. Base légale : l’intérêt légitime (art. 6.1.f du
RGPD). Vos nom, prénom et adresse postale proviennent d’un fichier loué à Alizés Presse. Ils ne sont transmis qu’à notre imprimeur et à
notre routeur et sont conservés 6 mois. Conformément au RGPD, vous disposez d’un droit d’accès, de rectification, d’effacement, de
limitation et d’opposition que vous exercez gratuitement auprès de notre délégué à la protection des données : dpo@clairval.example.
Vous avez aussi le droit d’introduire une réclamation auprès de la CNIL, 3 place de Fontenoy, 75007 Paris.
"""
SHORT = """
D’où vient votre adresse ? D’ALIZÉS PRESSE, qui nous l’a confiée pour un seul envoi. ENTRAIDE-CLAIRVAL l’utilise dans le but de collecter
des dons, parce que cela relève de son intérêt légitime d’association. Données utilisées : civilité, nom, adresse. Elles sont réservées
à nos services et à nos sous-traitants, puis supprimées au bout de trois mois. Vous ne souhaitez plus recevoir nos courriers ? Vous voulez
consulter vos données ou les faire corriger ? Renvoyez-nous ce coupon sans l’affranchir : Entraide Clairval, Libre réponse 12345,
01009 Bourg-en-Bresse Cedex. Réclamations : www.cnil.fr.
"""
LEGALESE = """
Les informations recueillies font l’objet d’un traitement informatique par Entraide Clairval, destiné à la prospection. Ce traitement a pour
fondement l’article 6, paragraphe 1, point f) du règlement (UE) 2016/679. Catégories de données : identité, coordonnées. Origine :
Alizés Presse SAS. Destinataires : le service donateurs et les prestataires habilités. Durée de conservation : jusqu’à trois ans à compter
de votre dernier don. En application de la loi Informatique et Libertés, vous pouvez obtenir une copie de vos données, demander leur
suppression, ou vous opposer à leur utilisation, sans frais, au 04 74 00 00 00. Toute plainte peut être adressée à la Commission
nationale de l’informatique et des libertés.
"""
ENGLISH = """
Entraide Clairval, 9 cours des Tilleuls, 01000 Bourg-en-Bresse, France, is the controller of your data. We use your name and postal address,
which we obtained from Alizés Presse, to invite you to support our work; our legitimate interests are the legal basis. We share them only
with the companies that print and post our letters, and we keep them for twelve months. You may ask for access to your data, have them
corrected or deleted, and object to further mail at any time and free of charge by writing to privacy@clairval.example. You may also
lodge a complaint with the French supervisory authority, the CNIL.
"""
LEFT_OUT = {
    "controller": ("Entraide Clairval", ""),
    "contact": ("(9 cours des Tilleuls, 01000 Bourg-en-Bresse)", ""),
    "purpose": (
        "met en œuvre un fichier de\nprospection afin de vous faire connaître ses actions et de solliciter votre générosité",
        "écrit",
    ),
    "legal_basis": ("Base légale : l’intérêt légitime (art. 6.1.f du\nRGPD).", ""),
    "source": ("loué à Alizés Presse", "loué"),
    "categories": ("Vos nom, prénom et adresse postale proviennent", "Cela provient"),
    "recipients": ("ne sont transmis qu’à notre imprimeur et à\nnotre routeur et ", ""),
    "retention": ("sont conservés 6 mois", "sont utilisés"),
    "rights": ("d’un droit d’accès, de rectification, d’effacement, de\nlimitation et d’opposition", "d’un droit d’opposition"),
    "objection": ("de\nlimitation et d’opposition", "de limitation"),
    "free_means": ("gratuitement ", ""),
    "authority": ("auprès de la CNIL", ""),
}


def facts(owner: str | None = "Alizés Presse SAS", *, channel: str = "postal", basis: str = "", brokered: bool = False) -> Any:
    """What a notice is read against: an advertiser, and one list of another's, or the house's own."""
    list_id, owner_id = uuid4(), uuid4()
    return SimpleNamespace(
        advertiser=SimpleNamespace(name="Entraide Clairval", address="9 cours des Tilleuls", postcode="01000", town="BOURG EN BRESSE"),
        live_lines=[SimpleNamespace(list_id=list_id, message="A", channel=channel)],
        lists=[
            SimpleNamespace(
                id=list_id,
                owner_id=None if brokered else owner_id,
                broker_id=owner_id if brokered else None,
                is_house=owner is None,
            )
        ],
        list_bases=[SimpleNamespace(list_id=list_id, legal_basis=basis)] if basis else [],
        supplier=lambda supplier_id: SimpleNamespace(name=owner) if owner and supplier_id else None,
    )


@pytest.mark.parametrize("notice", [APPEAL, SHORT, LEGALESE, ENGLISH])
def test_a_notice_that_somebody_wrote_in_usual_words_lacks_nothing(notice: str) -> None:
    assert check_notice(facts(), "A", notice).missing == ()


@pytest.mark.parametrize("owner", ["Alizés Presse SAS", None])
def test_the_draft_lacks_nothing(owner: str | None) -> None:
    check = check_notice(facts(owner), "A", draft_notice(facts(owner), "A"))

    assert (check.present, check.missing, check.unnamed) == (ELEMENTS, (), ())


@pytest.mark.parametrize(
    ("channel", "basis", "said"),
    [
        ("postal", "", ("de son intérêt légitime", "identité et adresse postale", "d’impression et de routage")),
        ("postal", "existing_relation", ("de son intérêt légitime",)),
        ("email", "consent", ("de votre consentement", "identité et adresse électronique", "d’envoi d’e-mails")),
        ("sms", "consent", ("numéro de téléphone", "d’envoi de SMS")),
        ("phone", "consent", ("numéro de téléphone", "d’appels téléphoniques")),
    ],
)
def test_the_draft_says_the_basis_that_was_stated_and_what_its_channel_uses(channel: str, basis: str, said: tuple[str, ...]) -> None:
    there = facts(channel=channel, basis=basis)
    draft = draft_notice(there, "A")

    assert all(words in draft for words in said), draft
    assert check_notice(there, "A", draft).missing == ()


def test_a_list_whose_owner_nobody_knows_is_named_by_who_stands_for_it() -> None:
    there = facts("Courtage du Centre", brokered=True)

    assert "communiquée par : Courtage du Centre." in draft_notice(there, "A")
    assert check_notice(there, "A", APPEAL).missing == ("source",)


@pytest.mark.parametrize("address", ["", "9 cours des Tilleuls"])
def test_an_advertiser_without_a_postal_address_is_written_to_at_an_e_mail(address: str) -> None:
    there = facts()
    there.advertiser = SimpleNamespace(name="Entraide Clairval", address=address, postcode="", town="")
    there.campaign = SimpleNamespace(opened_by_id=uuid4())
    there.session = SimpleNamespace(get=lambda _, __: SimpleNamespace(email="chef.projet@clairval.example"))
    draft = draft_notice(there, "A")

    assert draft.startswith("Entraide Clairval, chef.projet@clairval.example, responsable")
    assert check_notice(there, "A", draft).missing == ()


@pytest.mark.parametrize("element", ELEMENTS)
def test_what_a_notice_leaves_out_is_named(element: str) -> None:
    words, instead = LEFT_OUT[element]
    assert words in APPEAL
    cut = APPEAL.replace(words, instead)
    if element in ("contact", "free_means"):
        # Elsewhere too, what is asked for is said by an e-mail or an address.
        cut = cut.replace("dpo@clairval.example", "").replace("délégué à la protection des données", "service").replace("75007", "")
        cut = cut if element == "contact" else cut.replace("gratuitement", "")

    assert check_notice(facts(), "A", cut).missing == (element,)


@pytest.mark.parametrize(
    ("notice", "lacks"),
    [
        ("Entraide Clairval vous remercie pour votre don.", "free_means"),
        ("Pour vous opposer, écrivez-nous.", "purpose"),
        ("Votre adresse nous a été communiquée par Alizés Presse.", "recipients"),
        ("Please feel free to write to us.", "free_means"),
        ("L’objectif est atteint.", "objection"),
        ("Une réclamation : www.cnil.fr.", "free_means"),
        ("Vos données peuvent être effacées.", "retention"),
    ],
)
def test_words_that_only_resemble_an_element_are_none(notice: str, lacks: str) -> None:
    assert lacks in check_notice(facts(), "A", notice).missing


def test_a_notice_names_every_owner_whose_list_it_goes_to() -> None:
    check = check_notice(facts("Cadre et Rivière SARL"), "A", APPEAL)

    assert (check.missing, check.unnamed) == (("source",), ("Cadre et Rivière SARL",))
