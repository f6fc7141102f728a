"""The results report prints what several lists share, where people of several answered."""

import dataclasses
from decimal import Decimal

import pytest

from tests.documents.samples import SAMPLES
from tests.documents.test_margins import plain
from tests.documents.test_render import pages_of
from workflows.campaign.documents import SharedRow

SHARED = tuple(
    SharedRow(
        list_code=code,
        list_name=name,
        responses=answers,
        shared_responses=Decimal(part),
        gifts=answers,
        shared_gifts=Decimal(part),
        amount=Decimal(answers * 30),
        shared_amount=Decimal(part) * 30,
    )
    for code, name, answers, part in (("ALZ", "Alizés Presse", 17, "18.42"), ("MAI", "Fichier maison", 76, "74.58"))
)


@pytest.mark.parametrize(
    ("locale", "title", "row", "total", "untold"),
    [
        (
            "fr",
            "Personnes présentes dans plusieurs fichiers, à parts égales",
            "ALZ Alizés Presse 17 18,42 17 18,42 510,00 552,60",
            "Total 93 93,00 93 93,00 2 790,00 2 790,00",
            "Retours dont on ne sait plus quels fichiers contenaient la personne, et qui restent au fichier auquel ils sont attribués : 2.",
        ),
        (
            "en",
            "People of several lists, in equal parts",
            "ALZ Alizés Presse 17 18.42 17 18.42 510.00 552.60",
            "Total 93 93.00 93 93.00 2,790.00 2,790.00",
            "Responses of which nobody knows which lists had the person, and which stay with the list that is credited: 2.",
        ),
    ],
)
def test_each_list_has_its_credit_and_its_part_and_both_come_to_the_same(
    locale: str, title: str, row: str, total: str, untold: str
) -> None:
    report = SAMPLES["results_report"]()
    shared = dataclasses.replace(report, shared=SHARED, several_responses=12)

    said, all_said, unsaid = (
        plain(pages_of(content, locale)) for content in (shared, dataclasses.replace(shared, untold_responses=2), report)
    )

    assert [words for words in (title, row, total) if words not in said] == []
    assert (untold in said, untold in all_said) == (False, True)
    assert title not in unsaid
