"""A channel other than the post gets to whoever has what it needs; its files say where."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tasks.lots.build import Built, PlanCell, build
from tasks.merge_purge.run import run
from tests.unit.lots.briefs import lot_brief
from tests.unit.merge_purge.people import brief_of, record

LETTER, MAIL = PlanCell("A", "S1", "don", "A", "postal", "rollout", 1), PlanCell("A", "S1", "don", "B", "email", "rollout", 1)
NAMES = ("Martin", "Bernard", "Petit", "Durand", "Moreau", "Girard", "Roux", "Fontaine")
READERS = ("Martin", "Petit", "Moreau", "Roux")


def built(folder: Path, *plan: PlanCell, **contacts: dict[str, str]) -> Built:
    """The lots of eight people, and what is known of some beyond their address."""
    people = [
        record(NOM=name, ADR4=f"{number} rue Haute", **{title: known.get(name, "") for title, known in contacts.items()})
        for number, name in enumerate(NAMES, 1)
    ]
    run(brief_of(folder, {"A": people}), folder / "dedupe")
    return build(lot_brief(*plan), folder / "dedupe/net", folder / "out")


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(folder / "out" / name, separator=";", infer_schema=False)


def mailboxes(*names: str) -> dict[str, str]:
    return {name: f"{name.lower()}@poste.example" for name in names}


def test_an_e_mail_goes_to_those_who_have_a_mailbox_and_a_file_says_which(tmp_path: Path) -> None:
    made = built(tmp_path, LETTER, MAIL, EMAIL=mailboxes(*READERS))

    by_mail, by_post = table(tmp_path, "mailing_email.csv"), table(tmp_path, "mailing_postal.csv")
    assert set(by_mail["NOM"]) < {name.upper() for name in READERS}
    assert by_mail.height == 2, "of four who have one, half"
    assert by_post.height == 6, "the others, and those who have none"
    contacts = table(tmp_path, "contacts_email.csv")
    assert contacts.columns == ["CODE_CAMP", "CODE_LOT", "ID_UNIQUE", "CIVILITE", "PRENOM", "NOM", "RAISON_SOCIALE", "EMAIL"]
    assert contacts["ID_UNIQUE"].to_list() == by_mail["ID_UNIQUE"].to_list()
    assert contacts["EMAIL"].to_list() == [f"{name.lower()}@poste.example" for name in contacts["NOM"]]
    assert {name for name in made.summary["files"] if name.startswith("contacts")} == {"contacts_email.csv"}
    assert "out_of_reach" not in made.summary
    (check,) = made.summary["checks"]
    assert check["actual"] == "1.000000", "of those alone whom both channels get to"


def test_whom_no_channel_of_the_plan_gets_to_stands_in_the_reserve(tmp_path: Path) -> None:
    made = built(tmp_path, MAIL, EMAIL=mailboxes(*READERS) | {"Girard": "girard chez poste"})

    assert {cell.role: cell.quantity for cell in made.cells} == {"rollout": 4, "reserve": 4}
    assert made.summary["out_of_reach"] == {"A": 4}


def test_a_list_without_any_mailbox_is_written_to_by_its_owner(tmp_path: Path) -> None:
    made = built(tmp_path, MAIL)

    assert [(cell.role, cell.quantity) for cell in made.cells] == [("rollout", 8)]
    assert not (tmp_path / "out/contacts_email.csv").exists()


@pytest.mark.parametrize(("channel", "reached"), [("sms", {"MARTIN", "PETIT"}), ("phone", {"MARTIN", "PETIT", "ROUX"})])
def test_a_text_message_needs_a_mobile_telephone_and_a_call_any(tmp_path: Path, channel: str, reached: set[str]) -> None:
    numbers = {"Martin": "06 12 34 56 78", "Petit": "+33 7 12 34 56 78", "Roux": "0474123456", "Durand": "0612"}
    built(tmp_path, PlanCell("A", "S1", "don", "A", channel, "rollout", 1), TELEPHONE=numbers)

    called = table(tmp_path, f"contacts_{channel}.csv")
    assert dict(zip(called["NOM"], called["TELEPHONE"], strict=True)) == {name.upper(): numbers[name.title()] for name in reached}


def test_a_monitor_seed_gets_the_e_mail_where_it_says_where(tmp_path: Path) -> None:
    address = {"NOM": "Témoin", "ADR4": "1 rue du Contrôle", "CP": "75011", "LOCALITE": "PARIS"}
    seeds = (("T1", address | {"EMAIL": "temoin@maison.example"}), ("T2", address))
    run(brief_of(tmp_path, {"A": [record(EMAIL="paul@poste.example")]}), tmp_path / "dedupe")
    build(replace(lot_brief(MAIL), seeds=seeds), tmp_path / "dedupe/net", tmp_path / "out")

    assert table(tmp_path, "mailing_email.csv").height == 3
    assert table(tmp_path, "contacts_email.csv")["EMAIL"].to_list() == ["paul@poste.example", "temoin@maison.example"]
