import pytest
from flask import Flask

from app.documents.catalogue import catalogue
from app.portals.shared.controls import control_told, tolerance_value
from app.portals.supplier.report import UNREADABLE


@pytest.mark.parametrize(
    ("code", "actual", "expected", "told"),
    [
        (
            "readable",
            "double_encoded, no_records",
            "yes",
            "Fichier lisible\xa0: accents encodés deux fois, aucun enregistrement au lieu de oui",
        ),
        ("empty:identity", "0.0423", "0.02", "Champ obligatoire vide · nom\xa0: 4,2\xa0% au lieu de 2,0\xa0%"),
        ("count_as_declared", 1441, 1802, "Enregistrements par rapport au bordereau\xa0: 1\u202f441 au lieu de 1\u202f802"),
        ("segments", "010", "020", "Codes segment\xa0: 010 au lieu de 020"),
        ("segments", 12, "6-9", "Nombre de segments\xa0: 12 au lieu de 6–9"),
        ("segments", "P12, P24", "P12", "Codes segment\xa0: P12, P24 au lieu de P12"),
        ("target_roi", "0.514434", "0.580000", "ROI attendu\xa0: 0,51 au lieu de 0,58"),
        ("target_responses", "139.01", 160, "Retours attendus\xa0: 139 au lieu de 160"),
        ("signatures", 1, 2, "Valideurs différents qui ont signé le budget\xa0: 1 au lieu de 2"),
        ("budget_hash", "2" * 64, None, "Empreinte du budget signé\xa0: " + "2" * 64),
        (
            "response_curve:postal",
            "2" * 64,
            None,
            "Courbe des retours de campagnes précédentes, par son empreinte · courrier postal\xa0: " + "2" * 64,
        ),
        ("drop:not_a_working_day", "2027-03-27", None, "Date de dépôt · un jour où personne ne travaille\xa0: 27 mars 2027"),
    ],
)
def test_a_control_that_did_not_pass_is_told_in_words_and_figures(
    app: Flask, code: str, actual: object, expected: object, told: str
) -> None:
    with app.test_request_context():
        assert control_told(code, actual, expected) == told


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_reason_for_which_a_file_cannot_be_read_has_its_word(language: str) -> None:
    assert {code for code in UNREADABLE if f"label.defect.{code}" not in catalogue(language).texts} == set()


@pytest.mark.parametrize(("tolerance", "told"), [(None, "—"), (0, "—"), (12, "12"), ("0.001", "0,1\xa0%"), ("0.020000", "2,0\xa0%")])
def test_a_tolerance_is_told_in_records_or_as_a_share(app: Flask, tolerance: object, told: str) -> None:
    with app.test_request_context():
        assert tolerance_value(tolerance) == told
