"""The plan's tables as files in the project manager's portal: out, changed, and in again, one or several that belong together."""

import io
import re

import pytest
from flask import Flask

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, person_named, words
from workflows.campaign.model import Campaign
from workflows.parties.actor import SYSTEM

HERE = "/manager/campaigns/26A"


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def manager(journey: Journey, site: Flask) -> Visitor:
    """Marion Vidal, who leads the campaign."""
    return Visitor(site, person_named(journey, "Marion Vidal"))


def version_of(journey: Journey) -> int:
    with journey.database.reading(SYSTEM) as session:
        return session.get_one(Campaign, journey.campaign_id).version


def test_a_table_with_faults_names_every_one_of_them_and_changes_nothing(journey: Journey, manager: Visitor) -> None:
    before = version_of(journey)
    rows = (
        "LISTE;SEGMENT;CANAL;ROLE;MESSAGE;OFFRE;BRUT;RANG",
        "MAI;INA;postal;rollout;A;don-libre;beaucoup;1",
        ";INA;postal;essai;A;don-libre;10;1",
    )
    table = "\n".join(rows)

    answer = manager.send(f"{HERE}/plan/tables", {}, **{"tables-files": (io.BytesIO(table.encode()), "plan.csv")})

    assert answer.status_code == 422
    said = words(answer)
    assert "line 2, BRUT: “beaucoup” is no whole number" in said
    assert "line 3, LISTE: nothing is written here" in said
    assert "line 3, ROLE: “essai” is none of the words expected here: control, test, rollout" in said
    assert version_of(journey) == before


def test_a_table_goes_out_as_a_file_and_comes_back_as_the_same_plan(journey: Journey, manager: Visitor) -> None:
    before = re.findall(r"<tr data-row>.*?</tr>", manager.open(f"{HERE}/plan").text, re.DOTALL)
    for part in ("lists", "messages", "plan", "costs", "seeds"):
        written = manager.open(f"{HERE}/plan/{part}.csv")
        assert written.status_code == 200
        answer = manager.send(f"{HERE}/plan/tables", {}, **{"tables-files": (io.BytesIO(written.data), f"{part}.csv")})
        assert answer.status_code == 303, words(answer)

    assert re.findall(r"<tr data-row>.*?</tr>", manager.open(f"{HERE}/plan").text, re.DOTALL) == before


def test_tables_that_belong_together_come_in_one_go_whatever_their_names(journey: Journey, manager: Visitor) -> None:
    before = version_of(journey)
    lines = manager.open(f"{HERE}/plan/plan.csv").data.decode("utf-8-sig").replace(";B;", ";Z;").encode()
    messages = manager.open(f"{HERE}/plan/messages.csv").data.decode("utf-8-sig").replace("\r\nB;", "\r\nZ;").encode()

    alone = manager.send(f"{HERE}/plan/tables", {}, **{"tables-files": (io.BytesIO(messages), "a.csv")})
    assert alone.status_code in (409, 422)
    together = [(io.BytesIO(lines), "a.csv"), (io.BytesIO(messages), "b.csv")]
    answer = manager.send(f"{HERE}/plan/tables", {}, **{"tables-files": together})

    assert answer.status_code == 303, words(answer)
    assert version_of(journey) == before + 1, "one move"
    said = manager.words(f"{HERE}/plan")
    assert "Plan lines: 14 lines read. Messages: 2 lines read." in said
    assert "Z grille-montants" in said


def test_of_several_tables_all_come_in_or_none(journey: Journey, manager: Visitor) -> None:
    before = version_of(journey)
    costs, messages = (manager.open(f"{HERE}/plan/{part}.csv").data for part in ("costs", "messages"))

    def bring(*files: tuple[str, bytes]) -> str:
        answer = manager.send(f"{HERE}/plan/tables", {}, **{"tables-files": [(io.BytesIO(data), name) for name, data in files]})
        assert answer.status_code == 422
        return words(answer)

    fault = bring(("frais.csv", costs), ("m.csv", messages.replace(b"LIBELLE", b"TEXTE")))
    assert "m.csv, line 1, LIBELLE: this column is missing from the file" in fault
    assert "PHOTO.csv has the columns of none of the tables" in bring(("frais.csv", costs), ("PHOTO.csv", b"\x89PNG;1\n2;3\n"))
    assert "c2.csv is a second file of the same table: Costs." in bring(("c1.csv", costs), ("c2.csv", costs))
    assert version_of(journey) == before


def test_a_rate_stated_in_the_table_is_shown_beside_the_projected_one(journey: Journey, manager: Visitor) -> None:
    given = manager.open(f"{HERE}/plan/plan.csv").data.decode("utf-8-sig").splitlines()
    assert given[0].endswith(";RANG;TAUX_ATTENDU")

    def bring(*lines: str) -> str:
        file = (io.BytesIO("\r\n".join(lines).encode()), "plan.csv")
        answer = manager.send(f"{HERE}/plan/tables", {}, **{"tables-files": file})
        return words(answer) if answer.status_code == 422 else ""

    percent = bring(given[0], given[1] + "1,5", *given[2:])
    assert "line 2, TAUX_ATTENDU: “1.5” is not between 0 and 1" in percent
    assert bring(given[0], given[1] + "0,015", *given[2:]) == ""
    assert "1.50% stated " in manager.words(f"{HERE}/plan")
    assert manager.open(f"{HERE}/plan/plan.csv").data.decode("utf-8-sig").splitlines()[1] == given[1] + "0,015"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("x" * 200_000, "plan.csv has the columns of none of the tables"),
        ("LISTE;SEGMENT;CANAL;ROLE;MESSAGE;OFFRE;BRUT;RANG\nALZ;P12;postal;test;A\x00;o;9;1\n", "line 2: the file is no table"),
        (
            "LISTE;SEGMENT;CANAL;ROLE;MESSAGE;OFFRE;BRUT;RANG\nALZ;P12;postal;test;A;o;99999999999;1\n",
            "line 2, BRUT: “99999999999” is too large",
        ),
        (
            "LISTE;SEGMENT;CANAL;ROLE;MESSAGE;OFFRE;BRUT;RANG\n" + "ALZ;P12;postal;test;A;o;?;1\n" * 60,
            "“?” is no whole number and 10 more faults",
        ),
    ],
)
def test_a_table_that_cannot_be_kept_says_where_and_why(manager: Visitor, table: str, said: str) -> None:
    answer = manager.send(f"{HERE}/plan/tables", {}, **{"tables-files": (io.BytesIO(table.encode()), "plan.csv")})

    assert answer.status_code == 422
    assert said in words(answer)
