"""The known traps of matching French files, one by one: who is one person, and who only looks like it."""

from pathlib import Path

import pytest

from tests.unit.merge_purge.people import decisions, groups_of, prepared, record

ONE, TWO = [0, 0], [0, 1]


@pytest.mark.parametrize(
    "changed",
    [
        {"PRENOM": "PAUL", "NOM": "LEFEBVRE", "ADR4": "12, R. DES TILLEULS"},
        {"NOM": "Lefebvvre"},
        {"NOM": "Lefevbre"},
        {"PRENOM": "Lefebvre", "NOM": "Paul"},
        {"PRENOM": "P."},
        {"ADR4": "12 rue Tilleuls"},
        {"ADR4": "", "ADR3": "12 rue des Tilleuls"},
        {"CP": "01100"},
        {"CP": "1000"},
        {"LOCALITE": "BOURG EN BRESSE CEDEX", "CP": "01012"},
        {"NOM": "LefÃ¨bvre"},
    ],
)
def test_the_same_person_written_otherwise_is_one(tmp_path: Path, changed: dict[str, str]) -> None:
    assert groups_of(tmp_path, record(), record(**changed)) == ONE


def test_father_and_son_of_one_name_at_one_address_are_two(tmp_path: Path) -> None:
    assert groups_of(tmp_path, record(NOM="Lefebvre père"), record(NOM="Lefebvre fils")) == TWO


def test_twins_are_two_though_one_letter_parts_them(tmp_path: Path) -> None:
    assert groups_of(tmp_path, record(PRENOM="Léo"), record(CIVILITE="Mme", PRENOM="Léa")) == TWO


def test_spouses_are_two(tmp_path: Path) -> None:
    assert groups_of(tmp_path, record(), record(CIVILITE="Mme", PRENOM="Pauline")) == TWO


def test_a_husband_with_an_initial_is_not_his_wife(tmp_path: Path) -> None:
    assert groups_of(tmp_path, record(PRENOM="P."), record(CIVILITE="Mme", PRENOM="Pascale")) == TWO


PLACES = (
    (12, "des Tilleuls", "01000", "Bourg-en-Bresse"),
    (3, "Haute", "35000", "Rennes"),
    (48, "du Moulin", "59000", "Lille"),
    (7, "Victor Hugo", "31000", "Toulouse"),
)


def test_a_row_with_an_initial_does_not_chain_a_household(tmp_path: Path) -> None:
    groups = groups_of(tmp_path, record(), record(PRENOM="P."), record(PRENOM="Pierre"), record(PRENOM="", CIVILITE=""))
    assert groups[0] != groups[2]


def test_an_initial_stands_for_a_double_name_only_where_no_other_name_at_the_door_begins_so(tmp_path: Path) -> None:
    double, initial, single = record(PRENOM="Jean-Pierre"), record(PRENOM="J."), record(PRENOM="Jacques")
    assert groups_of(tmp_path, double, initial) == ONE
    assert groups_of(tmp_path, double, initial, single) == [0, 1, 1]
    assert groups_of(tmp_path, single, initial, double) == [0, 0, 1]


def test_a_shared_landline_makes_no_person(tmp_path: Path) -> None:
    assert groups_of(tmp_path, record(TELEPHONE="0474000001"), record(PRENOM="Hugues", TELEPHONE="04 74 00 00 01")) == TWO


def test_a_mobile_that_a_family_shares_makes_no_person(tmp_path: Path) -> None:
    daughter = record(CIVILITE="Mme", PRENOM="Hortense", TELEPHONE="06 12 34 56 78")
    assert groups_of(tmp_path, record(CIVILITE="Mme", PRENOM="Pauline", TELEPHONE="0612345678"), daughter) == TWO


def test_an_initial_with_another_mobile_is_another_person_but_not_with_a_landline_beside_one(tmp_path: Path) -> None:
    for other, expected in (("0787654321", TWO), ("0474000001", ONE), ("06.12.34.56.78", ONE)):
        assert groups_of(tmp_path, record(TELEPHONE="0612345678"), record(PRENOM="P.", TELEPHONE=other)) == expected


def test_a_record_without_a_first_name_is_nobody_of_another_landline_but_may_have_a_mobile_too(tmp_path: Path) -> None:
    for other, expected in (("0474000002", TWO), ("0612345678", ONE), ("04 74 00 00 01", ONE)):
        assert groups_of(tmp_path, record(TELEPHONE="0474000001"), record(PRENOM="", TELEPHONE=other)) == expected


def test_one_mailbox_but_for_its_digits_is_another_person_at_another_provider(tmp_path: Path) -> None:
    box, initial = "plefebvre12@orange.fr", {"PRENOM": "P."}
    assert groups_of(tmp_path, record(EMAIL=box), record(**initial, EMAIL="plefebvre@orange.fr")) == ONE
    assert groups_of(tmp_path, record(EMAIL=box), record(**initial, EMAIL="plefebvre57@free.fr")) == TWO


def test_a_mailbox_one_letter_off_at_another_provider_is_less_than_at_its_own_and_more_than_any_other(tmp_path: Path) -> None:
    paul, initial = record(EMAIL="plefebvre@orange.fr"), {"PRENOM": "P."}
    for box, named, weak in (("plefebvrre@orange.fr", ONE, ONE), ("plefebvrre@free.fr", ONE, TWO), ("rosebud@free.fr", TWO, TWO)):
        assert groups_of(tmp_path, paul, record(EMAIL=box)) == named
        assert groups_of(tmp_path, paul, record(**initial, EMAIL=box)) == weak


def test_the_letters_that_a_mailbox_adds_to_the_surname_tell_whose_initial_it_is(tmp_path: Path) -> None:
    pascale, pauline = record(CIVILITE="Mme", PRENOM="Pascale"), record(CIVILITE="Mme", PRENOM="Pénélope")
    weak = record(CIVILITE="Mme", PRENOM="P.", EMAIL="lefebvrepe@free.fr")
    assert groups_of(tmp_path, weak, pascale, pauline) == [0, 1, 0]


def test_a_usual_name_in_a_mailbox_without_digits_joins_nobody_at_another_address(tmp_path: Path) -> None:
    one, other = (
        record(PRENOM="P.", EMAIL="plefebvre@free.fr"),
        record(EMAIL="plefebvre@free.fr", ADR4="3 rue Haute", CP="35000", LOCALITE="Rennes"),
    )
    others = [record(PRENOM="Zoé", ADR4=f"{number} rue du Moulin", CP="59000", LOCALITE="Lille") for number in range(1, 140, 2)]
    assert groups_of(tmp_path, one, other) == ONE
    assert groups_of(tmp_path, one, other, *others)[:2] == TWO


def test_a_rare_name_is_one_person_at_two_addresses_and_a_usual_one_is_not(tmp_path: Path) -> None:
    away = {"ADR4": "3 rue Haute", "CP": "35000", "LOCALITE": "Rennes"}
    rare, usual = {"PRENOM": "Théophraste", "NOM": "Kerguignon"}, {"PRENOM": "Jean", "NOM": "Martin"}
    firsts, lasts = ("Jean", "Luc", "Paul"), ("Martin", "Petit", "Durand", "Roux")
    crowd = [record(PRENOM=firsts[n % 3], NOM=lasts[n % 4], ADR4=f"{n} rue du Moulin", CP=f"{n % 90 + 10}000") for n in range(3000)]
    groups = groups_of(tmp_path, record(**rare), record(**rare | away), record(**usual), record(**usual | away), *crowd)
    assert groups[0] == groups[1]
    assert groups[2] != groups[3]


def test_one_first_name_under_two_surnames_is_two_women_in_a_building_and_may_be_one_in_a_house(tmp_path: Path) -> None:
    one, other = (record(CIVILITE="Mme", PRENOM="Marie", NOM=name) for name in ("Durand", "Simon"))
    neighbours = [record(NOM=name) for name in ("Petit", "Roux", "Blanc", "Noir", "Vidal")]
    assert groups_of(tmp_path, one, other) == ONE
    assert groups_of(tmp_path, one, other, *neighbours)[:2] == TWO


def test_a_surname_in_the_place_of_the_first_name_is_turned_only_where_the_rest_fits(tmp_path: Path) -> None:
    turned = record(PRENOM="Lefebvre", NOM="Jacques")
    assert groups_of(tmp_path, turned, record(PRENOM="J.")) == ONE
    assert groups_of(tmp_path, turned, record(PRENOM="P.")) == TWO


def test_where_people_come_once_a_bare_surname_is_not_the_one_other_at_its_door(tmp_path: Path) -> None:
    bare = record(CIVILITE="", PRENOM="")
    assert groups_of(tmp_path, bare, record()) == TWO
    assert groups_of(tmp_path, bare, record(), record(), record()) == [0, 0, 0, 0]


def test_a_shared_mailbox_makes_no_person(tmp_path: Path) -> None:
    box = "paul.lefebvre@orange.fr"
    assert groups_of(tmp_path, record(EMAIL=box), record(CIVILITE="Mme", PRENOM="Hortense", EMAIL=box)) == TWO


def test_a_mailbox_joins_one_name_at_two_addresses_but_tells_nobody_at_four(tmp_path: Path) -> None:
    homes = [record(EMAIL="paul.lefebvre@orange.fr", ADR4=f"{n} rue {way}", CP=cp, LOCALITE=town) for n, way, cp, town in PLACES]
    assert groups_of(tmp_path, *homes[:2]) == ONE
    assert groups_of(tmp_path, *homes) == [0, 1, 2, 3]


def test_one_first_name_in_two_flats_of_a_building_is_two(tmp_path: Path) -> None:
    assert groups_of(tmp_path, record(ADR2="APT 4", NOM="Martin"), record(ADR2="APT 61", NOM="Vasseur")) == TWO


def test_several_contacts_at_one_company_are_several(tmp_path: Path) -> None:
    firm = {"RAISON_SOCIALE": "Garage Monet"}
    nobody = {"PRENOM": "", "NOM": "", "CIVILITE": ""}
    assert groups_of(tmp_path, record(**firm), record(PRENOM="Nadia", NOM="Bensaid", CIVILITE="Mme", **firm), record(**firm, **nobody)) == [
        0,
        1,
        2,
    ]


@pytest.mark.parametrize("name", ["SARL Garage Monet", "GARAGE MONET SA", "Garage Monnet", "Sté Garage Monet"])
def test_a_company_is_one_under_any_legal_form(tmp_path: Path, name: str) -> None:
    nobody = {"PRENOM": "", "NOM": "", "CIVILITE": ""}
    assert groups_of(tmp_path, record(RAISON_SOCIALE="Garage Monet", **nobody), record(RAISON_SOCIALE=name, **nobody)) == ONE


def test_a_company_without_a_column_of_its_own_is_found_on_the_first_line(tmp_path: Path) -> None:
    nobody = {"PRENOM": "", "NOM": "", "CIVILITE": ""}
    assert groups_of(tmp_path, record(RAISON_SOCIALE="Garage Monet", **nobody), record(ADR1="Garage Monet", **nobody)) == ONE


def test_a_maiden_name_leads_to_the_married_one(tmp_path: Path) -> None:
    anne = {"CIVILITE": "Mme", "PRENOM": "Hortense"}
    assert groups_of(tmp_path, record(**anne, NOM="Dupont née Martin"), record(**anne, NOM="Martin"), record(**anne, NOM="Dupont")) == [
        0,
        0,
        0,
    ]


def test_ste_is_a_saint_in_a_street_and_a_company_in_a_name(tmp_path: Path) -> None:
    street, other = prepared(tmp_path, record(ADR4="3 rue Ste Anne"), record(ADR4="3 rue Sainte-Anne"))
    assert street["street_key"] == other["street_key"] == "SAINTEANNE"
    assert prepared(tmp_path, record(RAISON_SOCIALE="Ste Anne Conseil"))[0]["org_key"] == "ANNECONSEIL"


def test_people_of_one_name_in_two_towns_are_two(tmp_path: Path) -> None:
    assert groups_of(tmp_path, record(), record(ADR4="7 rue Haute", CP="59000", LOCALITE="Lille")) == TWO


def test_a_usual_surname_without_a_first_name_at_a_door_of_another_town_is_somebody_else(tmp_path: Path) -> None:
    door = {"NOM": "Martin", "ADR4": "12 rue de l’Église"}
    here, there = record(**door), record(**door, PRENOM="", CP="59000", LOCALITE="Lille")
    known = {"TELEPHONE": "0612345678"}
    others = [record(NOM="Martin", PRENOM=f"Prénom{n}", ADR4=f"{n} rue Haute", CP="29200", LOCALITE="Brest") for n in range(40)]

    assert groups_of(tmp_path, here, there, *others)[:2] == TWO
    assert groups_of(tmp_path, here | known, there | known, *others)[:2] == ONE, "whoever has that mobile moved"


def test_a_household_level_keeps_one_of_a_family(tmp_path: Path) -> None:
    family = (record(), record(CIVILITE="Mme", PRENOM="Hortense"), record(NOM="Vasseur", PRENOM="Nadia"))
    assert groups_of(tmp_path, *family, level="household") == [0, 0, 1]


def test_partners_of_two_surnames_are_one_household_in_a_house_of_their_own(tmp_path: Path) -> None:
    one, other = record(), record(CIVILITE="Mme", PRENOM="Hortense", NOM="Vasseur")
    assert groups_of(tmp_path, one, other, level="household") == ONE
    assert groups_of(tmp_path, one, record(PRENOM="Octave", NOM="Vasseur"), level="household") == TWO
    assert groups_of(tmp_path, one, other, record(NOM="Ricard"), level="household") == [0, 1, 2]
    assert groups_of(tmp_path, one, other | {"ADR2": "Apt 4"}, level="household") == TWO


def test_an_address_level_keeps_one_at_a_door(tmp_path: Path) -> None:
    door = (record(), record(NOM="Vasseur", PRENOM="Nadia"), record(ADR4="14 rue des Tilleuls"))
    assert groups_of(tmp_path, *door, level="address") == [0, 0, 1]


def test_a_cedex_is_valid_without_a_table(tmp_path: Path) -> None:
    found = decisions(tmp_path, {"A": [record(ADR4="", ADR5="BP 12", CP="01012", LOCALITE="Bourg CEDEX 2")]})
    assert found["decision"].to_list() == ["kept"]


def test_a_hamlet_needs_no_street(tmp_path: Path) -> None:
    found = decisions(tmp_path, {"A": [record(ADR4="", ADR5="Le Moulin")]})
    assert found["decision"].to_list() == ["kept"]


def test_a_record_without_a_first_name_is_the_one_person_of_its_name_at_the_door(tmp_path: Path) -> None:
    assert groups_of(tmp_path, record(PRENOM=""), record()) == ONE


def test_a_record_without_a_first_name_is_nobody_of_several_at_the_door(tmp_path: Path) -> None:
    brothers = [record(PRENOM=name) for name in ("Paul", "Hubert", "Octave")]
    assert groups_of(tmp_path, record(CIVILITE="", PRENOM=""), *brothers) == [0, 1, 2, 3]


def test_two_first_names_one_letter_apart_are_two_people_where_others_bear_both(tmp_path: Path) -> None:
    elsewhere = [
        record(PRENOM=first, NOM=last, ADR4=f"{number} rue Haute", CP=f"{number}000", LOCALITE="Ville")
        for number, (first, last) in enumerate([("Alain", "Ricard"), ("Albin", "Vasseur"), ("Alain", "Moulin"), ("Albin", "Petit")], 21)
    ]
    assert groups_of(tmp_path, record(PRENOM="Alain"), record(PRENOM="Albin"), *elsewhere)[:2] == TWO


def test_a_slip_of_the_keyboard_in_a_first_name_is_forgiven(tmp_path: Path) -> None:
    assert groups_of(tmp_path, record(PRENOM="Hortense"), record(PRENOM="Hortemse")) == ONE


def test_a_thousand_equal_rows_are_one_person(tmp_path: Path) -> None:
    found = decisions(tmp_path, {"A": [record()] * 1000})
    assert found["decision"].value_counts(sort=True).rows() == [("intra", 999), ("kept", 1)]


def test_equal_rows_that_say_nobody_stay_apart_at_a_door_of_several(tmp_path: Path) -> None:
    nobody = record(CIVILITE="", PRENOM="")
    brothers = [record(PRENOM=name) for name in ("Hubert", "Octave", "Ignace")]
    assert groups_of(tmp_path, nobody, nobody, *brothers)[:2] == TWO


def test_a_mailbox_under_the_other_surname_joins_a_married_name(tmp_path: Path) -> None:
    anne = {"CIVILITE": "Mme", "PRENOM": "Hortense"}
    married = record(**anne, NOM="Vasseur", EMAIL="hortense.ricard@free.fr")
    assert groups_of(tmp_path, record(**anne, NOM="Ricard"), married) == ONE


def test_a_surname_one_letter_off_in_another_street_is_another_person(tmp_path: Path) -> None:
    one, other = record(NOM="Kereldier", PRENOM="Kévin"), record(NOM="Kereltier", PRENOM="Kévin", ADR4="16 allée des Cèdres")
    assert groups_of(tmp_path, one, other) == TWO
