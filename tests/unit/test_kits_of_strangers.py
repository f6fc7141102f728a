"""A kit comes from anybody: its names lead nowhere out of its folder, and what is of the wrong kind is refused with its place."""

import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from app.intake.kit import KitUnreadable, read_kit
from app.intake.rows import RowErrors
from workflows.campaign.brief import MailingRow, MailPieceRow

KIT = Path(__file__).resolve().parents[2] / "demo" / "automne"
ELSEWHERE = "ID,NOM,CP,LOCALITE\nX1,SECRET,75001,PARIS\n"
SEEDS = 'monitor_seeds = "monitor_seeds.csv"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KIT, tmp_path / "kit"))


def write(folder: Path, before: str, after: str) -> None:
    brief = folder / "campaign.toml"
    text = brief.read_text(encoding="utf-8")
    assert before in text
    brief.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize("name", ["{elsewhere}", "../elsewhere.csv", "suppressions/../../elsewhere.csv", "..", ".", "", "n" * 300])
def test_a_file_outside_the_kit_is_not_read(folder: Path, name: str) -> None:
    elsewhere = folder.parent / "elsewhere.csv"
    elsewhere.write_text(ELSEWHERE)
    write(folder, SEEDS, f'monitor_seeds = "{name.format(elsewhere=elsewhere)}"')

    with pytest.raises(KitUnreadable, match=r"monitor_seeds .* no bare file name"):
        read_kit(folder)


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (SEEDS, "monitor_seeds = 5.5", "monitor_seeds"),
        (SEEDS, "monitor_seeds = []", "monitor_seeds"),
        ('code = "26A"', "code = [1]", "code"),
        ('title = "Appel', 'title = true #', "title"),
        ("vat_rate = 0.20", "vat_rate = nan", "vat_rate"),
        ("vat_rate = 0.20", "vat_rate = true", "vat_rate"),
        ("envelope_amount = 10500.00", "envelope_amount = inf", "envelope_amount"),
        ("target_roi = 0.58", "target_roi = [1]", "target_roi"),
        ("target_roi = 0.58", "margin_rate = [1]", "margin_rate"),
        ("target_roi = 0.58", 'margin_rate = "40 %"', "margin_rate"),
        ("target_roi = 0.58", "handling_amount = inf", "handling_amount"),
        ("target_responses = 160", "target_responses = 99999999999", "target_responses"),
        ("target_responses = 160", f"target_responses = {'9' * 5000}", "campaign.toml"),
        ("drop_on = 2026-10-13", "drop_on = 2026-10-13T08:00:00", "drop_on"),
        (SEEDS, f"people = [1]\n{SEEDS}", "campaign.toml"),
        ('email = "chef.projet@clairval.example"', "email = 5.5", r"people\.1\.email"),
        ("approval_limit = 7000.00", 'approval_limit = "assez"', r"people\.2\.approval_limit"),
        ('role = "budget_approver"', "role = [1]", r"people\.2\.role"),
        ('suppressions = ["opposition.csv"', 'suppressions = [5, "opposition.csv"', r"dedupe\.suppressions"),
        ('suppressions = ["opposition.csv"', 'suppressions = ["../campaign.toml", "opposition.csv"', r"dedupe\.suppressions"),
        ("signatures = 1", "signatures = true", "approval_tiers 1"),
        ('required = false', 'required = "no"', r"checklists\.order_mailing\.3\.required"),
        ('required = false', "requird = false", r"checklists\.order_mailing\.3 has requird"),
        ("[mailing]", "[mailing]\nwieght = 20", "mailing has wieght"),
        ("spoilage_rate = 0.02", "spoilage_rate = 'peu'", r"mailing\.spoilage_rate"),
        ("[dedupe]", "[[mailing.pieces]]\nmessage = 'A'\ncomponents = 'lettre'\n[dedupe]", r"mailing\.pieces 1\.components"),
        ("[dedupe]", "[[mailing.pieces]]\nformat = 'C5'\n[dedupe]", r"mailing\.pieces 1\.message"),
        ("[dedupe]", "[[mailing.pieces]]\nmessage = 'Z'\n[dedupe]", "there is no message Z"),
    ],
)  # fmt: skip
def test_a_field_of_the_wrong_kind_is_refused_with_its_place(folder: Path, before: str, after: str, place: str) -> None:
    write(folder, before, after)

    with pytest.raises(KitUnreadable, match=place):
        read_kit(folder)


def test_a_brief_may_say_its_margin_or_leave_all_of_what_people_give(folder: Path) -> None:
    unsaid = read_kit(folder).brief
    write(folder, "target_roi = 0.58", "margin_rate = 0.425\nhandling_amount = 1.2")
    said = read_kit(folder).brief

    assert (unsaid.margin_rate, unsaid.handling_amount) == (1, 0)
    assert (said.margin_rate, said.handling_amount) == (Decimal("0.425"), Decimal("1.2"))


def test_a_brief_may_say_what_is_posted_or_leave_it(folder: Path) -> None:
    brief = folder / "campaign.toml"
    unsaid = brief.read_text(encoding="utf-8").partition("[mailing]")[0]
    brief.write_text(unsaid, encoding="utf-8")
    assert read_kit(folder).brief.mailing is None
    said = """[mailing]
deposit_site = "Villefranche"
return_postcode = "01001"
spoilage_rate = 0.03
[[mailing.pieces]]
message = "A"
weight_grams = 24.5
components = ["lettre", "bulletin"]
"""
    brief.write_text(unsaid + said, encoding="utf-8")

    piece = MailPieceRow(message="A", weight_grams=Decimal("24.5"), components=("lettre", "bulletin"))
    wanted = MailingRow(deposit_site="Villefranche", return_postcode="01001", spoilage_rate=Decimal("0.03"), pieces=(piece,))
    assert read_kit(folder).brief.mailing == wanted


@pytest.mark.parametrize(
    "field", ["people = 5", "people = [1]", "people = {a = 1}", "dedupe = 5", "approval_tiers = [1]", "checklists = 5", "monitor_seeds = 5"]
)
def test_a_table_of_the_wrong_kind_is_refused_by_its_name(folder: Path, field: str) -> None:
    text = (folder / "campaign.toml").read_text(encoding="utf-8").partition("[[people]]")[0].replace(SEEDS, "")
    (folder / "campaign.toml").write_text(text + field, encoding="utf-8")

    with pytest.raises(KitUnreadable, match=field.partition(" ")[0]):
        read_kit(folder)


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, 'a = "\\ud800"', "code"])
def test_what_is_no_toml_is_refused(folder: Path, text: str) -> None:
    (folder / "campaign.toml").write_text(text)

    with pytest.raises(KitUnreadable, match=r"campaign\.toml"):
        read_kit(folder)


def test_a_brief_that_is_a_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").mkdir()

    with pytest.raises(KitUnreadable, match=r"there is no campaign\.toml"):
        read_kit(tmp_path)


def test_a_layout_that_an_old_system_wrote_is_read(folder: Path) -> None:
    kit = read_kit(folder)
    note = next(note for note in kit.notes if note.layout)
    said = kit.layout(note)
    (folder / "layouts" / note.layout).write_bytes(f"{said}# libellé\n".encode("cp1252"))

    assert kit.layout(note) == f"{said}# libellé\n"


def test_a_kit_may_say_how_a_supplier_stands_with_vat(folder: Path) -> None:
    suppliers = folder / "suppliers.csv"
    head, first, *others = suppliers.read_text(encoding="utf-8").splitlines()

    def write_suppliers(status: str) -> None:
        told = (f"{head};REGIME_TVA;ADRESSE_FACTURATION_ELECTRONIQUE", f"{first};{status};000900001_A", *(f"{other};;" for other in others))
        suppliers.write_text("\n".join(told) + "\n", encoding="utf-8")

    assert {one.vat_status for one in read_kit(folder).suppliers} == {"standard"}
    write_suppliers("not_liable")
    first_read, second_read, *_ = read_kit(folder).suppliers
    assert (first_read.vat_status, first_read.einvoice_address, second_read.vat_status) == ("not_liable", "000900001_A", "standard")
    write_suppliers("perhaps")
    with pytest.raises(RowErrors, match=r"suppliers\.csv, line 2, REGIME_TVA"):
        read_kit(folder)


def rewrite(table: Path, change: Callable[[str], str], encoding: str = "utf-8") -> None:
    before = table.read_text(encoding="utf-8")
    after = change(before)
    assert after != before or encoding != "utf-8"
    table.write_text(after, encoding=encoding, newline="")


def test_tables_are_read_as_a_spreadsheet_saves_unicode_text(folder: Path) -> None:
    before = read_kit(folder)
    for name in ("lists.csv", "plan.csv", "costs.csv", "suppliers.csv", "delivery_notes.csv"):
        rewrite(folder / name, lambda text: text.replace(";", "\t"), "utf-16")

    assert read_kit(folder) == before


def test_titles_are_known_whatever_their_case_accents_and_blanks(folder: Path) -> None:
    before = read_kit(folder)
    for name in ("lists.csv", "plan.csv", "costs.csv", "suppliers.csv", "delivery_notes.csv", "monitor_seeds.csv"):
        rewrite(folder / name, lambda text: text.split("\n", 1)[0].lower().replace("_", " ") + "\n" + text.split("\n", 1)[1])
    rewrite(folder / "lists.csv", lambda text: text.replace("cpm selection", "Cpm sélection"))

    assert read_kit(folder) == before


def test_two_titles_that_differ_by_their_case_alone_are_two(folder: Path) -> None:
    before = read_kit(folder)
    rewrite(folder / "costs.csv", lambda text: "\n".join(f"nature;{line}" for line in text.splitlines()))

    assert read_kit(folder) == before


def test_shares_and_contingencies_may_be_written_in_per_cent(folder: Path) -> None:
    before = read_kit(folder).brief
    rewrite(folder / "lists.csv", lambda text: text.replace(";0,85;", ";85 %;").replace(";0,03;", ";3%;"))
    rewrite(folder / "costs.csv", lambda text: text.replace("pourcent;3;", "pourcent;3\u00a0%;"))

    assert (read_kit(folder).brief.lists, read_kit(folder).brief.costs) == (before.lists, before.costs)


@pytest.mark.parametrize(
    ("table", "before", "after", "said"),
    [
        ("lists.csv", ";0,85;", ";185 %;", "not between 0 and 1"),
        ("lists.csv", ";450;", ";450 %;", "“450 %” is no number"),
        ("plan.csv", ";rollout;", ";holdout;", "“holdout” is none of the words expected here: control, test, rollout"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_could_stand_there(folder: Path, table: str, before: str, after: str, said: str) -> None:
    rewrite(folder / table, lambda text: text.replace(before, after, 1))

    with pytest.raises(RowErrors, match=re.escape(said)):
        read_kit(folder)


@pytest.mark.parametrize(("written", "channel"), [("E-mail", "email"), ("Téléphone", "phone"), ("texto", "sms"), ("Courrier", "courrier")])
def test_a_channel_without_paper_is_known_however_it_is_written(folder: Path, written: str, channel: str) -> None:
    for table in ("plan.csv", "history.csv"):
        rewrite(folder / table, lambda text: text.replace(";postal;", f";{written};"))
    brief = read_kit(folder).brief

    assert {line.channel for line in brief.plan} == {past.channel for past in brief.history} == {channel}


def test_suppression_files_that_the_brief_does_not_name_come_after_whatever_their_kind(folder: Path) -> None:
    place = folder / "suppressions"
    named = [path.name for path in read_kit(folder).suppressions]
    for name in ("robinson.xlsx", "desabonnes.txt", ".DS_Store", "~$robinson.xlsx"):
        (place / name).write_bytes(b"EMAIL\na@exemple.example\n")

    assert [path.name for path in read_kit(folder).suppressions] == [*named, "desabonnes.txt", "robinson.xlsx"]


def test_a_suppression_file_whose_name_reports_cannot_count_by_is_refused(folder: Path) -> None:
    (folder / "suppressions" / "a=b.csv").write_bytes(b"EMAIL\na@exemple.example\n")

    with pytest.raises(KitUnreadable, match="letters, digits, spaces"):
        read_kit(folder)
