"""Headers that say a known one in other words are recognised; what is said plainly goes before, and what is uncertain stays out."""

from pathlib import Path

import pytest

from tasks.merge_purge.reading import examine, read, take
from tasks.merge_purge.reading.headers import assign
from tasks.merge_purge.reading.synonyms import SYNONYMS
from tasks.merge_purge.reading.wording import loosely

OTHERWISE = {
    "id_source": "Subscriber ID|N° de l'abonné|Numéro de donateur|Code adhérent|Identifiant client|Réf. interne|NumCli|Lecteur n°",
    "segment": "Code de sélection|Code ciblage|Seg code",
    "civility": "Code civ.",
    "first_name": "Prénom(s)|Prénom du contact|Prénom 1|PRENOM1|Given names",
    "last_name": "Nom du client|Nom de l’abonné(e)|NOM1|Nom (obligatoire)|Nom de naissance",
    "company": "Raison sociale 1|Nom de la société|Société / Organisme|Dénomination sociale",
    "adr1": "Ligne d'adresse 1|Addr1",
    "adr2": "Compl. adresse|Cplt d’adresse|Appt / Étage",
    "adr4": "N° et nom de la rue|Adresse du client|Addr.",
    "postcode": "CodPos|Post code|C. postal|Code postal (5)|CP client",
    "town": "Libellé commune|Town / City|Ville ou commune|Nom de la commune",
    "email": "Adresse mél|E-mail address|EMAIL_1",
    "phone": "N° de téléphone|Tél. portable|Mobile phone",
    "street_name": "Libellé de la voie",
    "last_first": "Civilité Nom Prénom",
    "first_last": "Contact name",
    "postcode_town": "CPVILLE|Ville CP",
}


@pytest.mark.parametrize(("name", "header"), [(name, header) for name, headers in OTHERWISE.items() for header in headers.split("|")])
def test_a_header_in_other_words_is_recognised(name: str, header: str) -> None:
    columns, unmapped, claims = assign([header], {})

    assert (columns, unmapped, claims) == ({name: 0}, [], {})


@pytest.mark.parametrize(
    "header", ["Client", "Contact", "N° de commande", "Montant", "Code média", "Type client", "Pays", "Date de naissance"]
)
def test_a_header_of_something_else_is_not(header: str) -> None:
    assert assign([header], {})[0] == {}


def test_every_known_header_means_the_same_when_it_is_read_loosely() -> None:
    assert [(name, header) for name, headers in SYNONYMS.items() for header in headers if (loosely(header) or (0, ""))[1] != name] == []


def test_what_is_said_plainly_goes_before_and_is_not_disputed() -> None:
    columns, unmapped, claims = assign(["Nom du contact", "Nom", "N° de l'abonné", "ID"], {})

    assert (columns, unmapped, claims) == ({"last_name": 1, "id_source": 3}, ["Nom du contact", "N° de l'abonné"], {})


def test_of_two_that_come_as_near_none_is_taken() -> None:
    columns, unmapped, _ = assign(["Prénom du contact", "Prénom de l'abonné", "Nom"], {})

    assert (columns, unmapped) == ({"last_name": 2}, ["Prénom du contact", "Prénom de l'abonné"])


def test_a_second_address_that_no_header_says_plainly_is_no_line_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nom;Adresse 4;CP;Ville;Adresse complète\nRoux;1 rue Haute;01000;Bourg;1 rue Haute 01000 Bourg\n", encoding="utf-8")
    row = read(path).row(0, named=True)

    assert [row[f"adr{n}"] for n in range(1, 7)] == ["", "", "", "1 rue Haute", "", ""]
    assert take(path).extra.columns == ["Adresse complète"]


def test_a_file_of_another_house_keeps_its_own_ids(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Subscriber ID|Prénom(s)|Nom du client|Adresse du client|CodPos|Town / City\n0042|Jean|Roux|1 rue Haute|01000|Bourg\n")

    assert read(path)["id_source"].to_list() == ["0042"]
    assert examine(path).unmapped == ()
