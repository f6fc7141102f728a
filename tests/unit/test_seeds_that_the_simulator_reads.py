"""The script that plays the outside world reads seeds under one name and in UTF-8; a kit may have them otherwise, or have none."""

import shutil
from pathlib import Path

import pytest

from app.intake.kit import read_kit
from app.play.donors import play_outside

DEMO = Path(__file__).resolve().parents[2] / "demo"
SEED = "ID;NOM;CP;LOCALITE\r\nTÉM1;Contrôle;75011;PARIS\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(DEMO / "simulate.py", tmp_path)
    return Path(shutil.copytree(DEMO / "automne", tmp_path / "kit"))


def mailed(folder: Path) -> list[Path]:
    """A lot and its mailing: people, and as many pieces of a seed."""
    lots, mailing = folder.parent / "lots.csv", folder.parent / "mailing.csv"
    lots.write_text("CODE_LOT;LISTE;SEGMENT;MESSAGE;ROLE;QUANTITE\n26L01;MAI;INA;A;rollout;2000\n", encoding="utf-8")
    people = "".join(f"26L01;U{number};ROUX;01000\n" for number in range(1000))
    people += "".join(f"26L01;TÉM1-{number};CONTROLE;75011\n" for number in range(1000))
    mailing.write_text(f"CODE_LOT;ID_UNIQUE;NOM;CP\n{people}", encoding="utf-8")
    return [lots, mailing]


@pytest.mark.parametrize(("name", "encoding"), [("monitor_seeds.csv", "utf-8"), ("monitor_seeds.csv", "cp1252"), ("témoins.csv", "utf-16")])
def test_seeds_answer_nothing_whatever_their_file_is_like(folder: Path, name: str, encoding: str) -> None:
    (folder / "monitor_seeds.csv").unlink()
    (folder / name).write_bytes(SEED.encode(encoding))
    brief = (folder / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(brief.replace('"monitor_seeds.csv"', f'"{name}"'), encoding="utf-8")
    lots, mailing = mailed(folder)
    play_outside(read_kit(folder), "responses", "--lots", lots, "--mailing", mailing, "--out", folder.parent / "out")

    answers = (folder.parent / "out/responses_2.csv").read_text(encoding="utf-8")
    assert "ROUX" in answers
    assert "TÉM1" not in answers


def test_a_kit_without_seeds_is_answered(folder: Path) -> None:
    (folder / "monitor_seeds.csv").unlink()
    brief = (folder / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(brief.replace("monitor_seeds =", "# monitor_seeds ="), encoding="utf-8")
    lots, mailing = mailed(folder)
    play_outside(read_kit(folder), "responses", "--lots", lots, "--mailing", mailing, "--out", folder.parent / "out")

    assert "TÉM1" in (folder.parent / "out/responses_2.csv").read_text(encoding="utf-8")
