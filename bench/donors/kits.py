"""A national campaign as a kit: drawn records dealt out to many lists, with the plan, the suppliers and the notes that a play needs.

What no size changes (costs, messages, seeds, services) comes from the demonstration kit. The lists' owners are fictional.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from bench.donors.files import write_files

DEMO = Path(__file__).resolve().parents[2] / "demo"
_SUPPRESSIONS = {"OPP": "opposition", "PND": "pnd_historique"}
_SAME = ("costs.csv", "messages.csv", "monitor_seeds.csv")
_SERVICES = ("S-CRT", "S-IMP", "S-ROU", "S-CAG")
_LISTS = (
    "LISTE;SEGMENT;NOM;NATURE;PROPRIETAIRE;COURTIER;UNIVERS"
    ";CPM;CPM_SELECTION;CPM_RUN;FACTURATION_MIN;MINIMUM_EUR;FRAIS_TECHNIQUES;GARANTIE_PND;DELAI_JO"
)
_PLAN = "LISTE;SEGMENT;CANAL;ROLE;MESSAGE;OFFRE;BRUT;RANG"
_NOTES = "LISTE;TRANCHE;VERSION;FICHIER;SHA256;NB_ENREGISTREMENTS;ENCODAGE;DESSIN;DATE_EXTRACTION;NB_PIEGES"
_HISTORY = "CAMPAGNE;LISTE;SEGMENT;CANAL;MESSAGE;NATURE;BRUT;NET;ENVOYES;PND;RETOURS;DONS;MONTANT;COUT"


@dataclass(frozen=True)
class _List:
    """A list of the kit; the first is the house's own, every seventh is exchanged, every other one has a broker."""

    place: int
    records: pl.DataFrame

    @property
    def code(self) -> str:
        return "".join(chr(ord("A") + one) for one in (self.place // 26 + 3, self.place % 26, self.place * 7 % 26))

    @property
    def kind(self) -> str:
        return "house" if self.place == 0 else "exchange" if self.place % 7 == 0 else "rental"

    @property
    def segments(self) -> dict[str, int]:
        return dict(self.records.group_by("CODE_SEG").len().sort("CODE_SEG").rows())


def write_kit(folder: Path, records: int, *, lists: int, seed: int, density: str = "rented") -> Path:
    """Write a kit of ``records`` in ``lists`` lists to an empty folder, with its gold, and what plays the donors beside it; returns it."""
    folder.mkdir(parents=True)
    shutil.copy(DEMO / "simulate.py", folder.parent)
    for name in _SAME:
        shutil.copy(DEMO / "automne" / name, folder)
    with tempfile.TemporaryDirectory() as drawn:
        raw = Path(drawn)
        write_files(raw, records, seed=seed, density=density)
        dealt = _dealt(_drawn(raw), lists, seed)
        (folder / "suppressions").mkdir()
        for code, name in _SUPPRESSIONS.items():
            shutil.copy(raw / f"{code}.csv", folder / "suppressions" / f"{name}.csv")
        held = _held(raw)
    (folder / "deliveries").mkdir()
    _write(folder / "delivery_notes.csv", _NOTES, [_delivered(folder / "deliveries", one) for one in dealt])
    _write(folder / "lists.csv", _LISTS, (row for one in dealt for row in _offers(one)))
    _write(folder / "plan.csv", _PLAN, (row for one in dealt for row in _lines(one)))
    _write(folder / "history.csv", _HISTORY, (row for one in dealt for row in _past(one)))
    services = (DEMO / "automne" / "suppliers.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [row for row in services[1:] if row.split(";")[0] in _SERVICES]
    _write(folder / "suppliers.csv", services[0], [*kept, *(_owner(one) for one in dealt if one.kind != "house")])
    told = [one.records.select(SOURCE=pl.lit(one.code), ID="ID_SOURCE", ENTITY="entity") for one in dealt]
    (folder / "gold").mkdir()
    pl.concat([*told, held]).write_csv(folder / "gold" / "entities.csv", separator=";")
    (folder / "campaign.toml").write_text(_brief(sum(one.records.height for one in dealt)), encoding="utf-8")
    return folder


def _drawn(raw: Path) -> pl.DataFrame:
    """All delivered records with their ``entity``, one list below the other."""
    gold = pl.read_parquet(raw / "gold.parquet").filter(~pl.col("source").is_in(list(_SUPPRESSIONS)))
    tables = [pl.read_csv(raw / f"{code}.csv", separator=";", infer_schema=False) for code in gold["source"].unique(maintain_order=True)]
    return pl.concat(tables).with_columns(gold["entity"].cast(pl.String))


def _held(raw: Path) -> pl.DataFrame:
    """Whom the suppression lists hold; a stranger to the files is somebody of their own."""
    gold = pl.read_parquet(raw / "gold.parquet").filter(pl.col("source").is_in(list(_SUPPRESSIONS)))
    stranger = pl.concat_str(pl.lit("X"), "source", "row")
    return gold.select(
        SOURCE=pl.col("source").replace(_SUPPRESSIONS) + ".csv",
        ID=pl.concat_str("source", pl.col("row").cast(pl.String).str.zfill(7)),
        ENTITY=pl.when(pl.col("entity") < 0).then(stranger).otherwise(pl.col("entity").cast(pl.String)),
    )


def _dealt(records: pl.DataFrame, lists: int, seed: int) -> list[_List]:
    """Lists of very different sizes, as in life; every record has an id of its list."""
    rng = np.random.default_rng(seed)
    whose = rng.choice(lists, records.height, p=rng.dirichlet(np.full(lists, 1.5)))
    shuffled = records[rng.permutation(records.height)]
    dealt = [_List(place, shuffled.filter(pl.Series(whose == place))) for place in range(lists)]
    return [_List(one.place, one.records.with_columns(ID_SOURCE=_ids(one))) for one in dealt]


def _ids(one: _List) -> pl.Series:
    return pl.Series([f"{one.code}{number:07d}" for number in range(1, one.records.height + 1)], dtype=pl.String)


def _delivered(folder: Path, one: _List) -> str:
    path = folder / f"{one.code}.csv"
    one.records.drop("entity").write_csv(path, separator=";", line_terminator="\r\n")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{one.code};1;1;{path.name};{sha256};{one.records.height};utf-8;;01/09/2026;{0 if one.kind == 'house' else 5}"


def _offers(one: _List) -> Iterable[str]:
    terms = "0;0;0;1,0;0;0;0,02;1" if one.kind == "house" else f"{120 + 3 * (one.place % 30)};10;5;0,85;450;90;0,04;8"
    owner = "" if one.kind == "house" else f"S-{one.code}"
    broker = "S-CRT" if owner and one.place % 2 else ""
    for segment, quantity in one.segments.items():
        universe = quantity if one.kind == "house" else 8 * quantity
        yield f"{one.code};{segment};Fichier {one.code};{one.kind};{owner};{broker};{universe};{terms}"


def _lines(one: _List) -> Iterable[str]:
    """A line a segment; of every fifth list the first segment tests the second message."""
    for number, (segment, quantity) in enumerate(one.segments.items()):
        rank = 2 * one.place + number + 1
        tested = quantity // 2 if one.place % 5 == 1 and number == 0 else 0
        yield f"{one.code};{segment};postal;rollout;A;don-libre;{quantity - tested};{rank}"
        if tested:
            yield f"{one.code};{segment};postal;test;B;grille-montants;{tested};{rank}"


def _past(one: _List) -> Iterable[str]:
    for segment, quantity in one.segments.items():
        gross = quantity // 2
        net = gross * 3 // 4
        answers = net // 80
        counts = f"{gross};{net};{net};{net // 50};{answers};{answers};{30 * answers},00;{net * 3 // 5},00"
        yield f"2026-03;{one.code};{segment};postal;A;{one.kind};{counts}"


def _owner(one: _List) -> str:
    return f"S-{one.code};Maison {one.code} SAS;list_owner;;;fichiers@{one.code.lower()}.example;{one.place} rue des Listes;69007;LYON;30"


def _brief(records: int) -> str:
    people = (
        ("chef.projet", "Claire Aubry", "project_manager", ""),
        ("dga", "Didier Gastaud", "budget_approver", f"approval_limit = {records}.00\n"),
        ("presidence", "Pascale Roche", "budget_approver", f"approval_limit = {9 * records}.00\n"),
        ("audit", "Aude Tixier", "auditor", ""),
    )
    told = "".join(
        f'[[people]]\nemail = "{one}@nation.example"\nname = "{name}"\nrole = "{role}"\n{limit}' for one, name, role, limit in people
    )
    held = ", ".join(f'"{name}.csv"' for name in _SUPPRESSIONS.values())
    return f"""code = "26N"
title = "Appel national"
advertiser = "Secours des Nations"
advertiser_siren = "000908582"
advertiser_vat = "FR58000908582"
advertiser_address = "1 rue des Écoles"
advertiser_postcode = "75005"
advertiser_town = "PARIS"
currency = "EUR"
vat_rate = 0.20
drop_on = 2026-10-13
offer_ends_on = 2026-11-27
envelope_amount = {11 * records // 10}.00
target_responses = {records // 120}
target_roi = 0.30
minimum_net_quantity = {records * 6 // 10}
monitor_seeds = "monitor_seeds.csv"
{told}
[dedupe]
level = "individual"
suppressions = [{held}]
allocation = "priority"
"""


def _write(path: Path, header: str, rows: Iterable[str]) -> None:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
