"""Kits of the same form that look nothing like the demonstration's."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests import kits
from tests.integration.play import result_check
from tests.integration.play.conftest import jalon
from tests.integration.play.left import Play
from tests.kits import EXCHANGED, HOUSE, PLAIN, RENTED, Line, ListSpec, Tranche, Version

GOOD, GARBLED, SHORT, CHECKSUM = Version(), Version("garbled"), Version("short"), Version("checksum")
DEAR = EXCHANGED.terms | {"MINIMUM_EUR": "600"}
LATE = ListSpec(code="TARDIF", segments={"X": 40}, owner="S-DOS", tranches=(Tranche(1, (GARBLED, SHORT)),))
ODD = kits.Kit(
    code="AUTOMNE-2028_B",
    lists=(
        replace(HOUSE, code="O0", segments={"0": 60, "O": 30, "A-1": 9}, form="xlsx", ids="{number:06d}", intra=2),
        replace(
            EXCHANGED, code="00I", form="fixed", encoding="cp1252", ids="{number:015d}", terms=EXCHANGED.terms | {"MINIMUM_EUR": "600"}
        ),
        replace(
            RENTED,
            code="I0O1",
            segments={"P12": 240, "P24": 160},
            terms={"MINIMUM_EUR": "0", "BASE_FACTURATION_MIN": "commandé", "NON_FACTURABLE": "rejets intra"},
            form="tab",
            encoding="utf-16",
            unplanned={"ZZZ": 12},
            total_line=True,
            tranches=(Tranche(0.6, (SHORT, CHECKSUM, GOOD)), Tranche(0.395, (GOOD, GARBLED)), Tranche(0.005)),
        ),
        replace(RENTED, code="7", segments={"T": 2}, owner="S-DOS", broker="", form="comma", intra=0, rejected=0, shared=0),
        LATE,
    ),
    plan=(
        Line(list_code="O0", segment="0", brut=60, rank=2),
        Line(list_code="O0", segment="O", brut=30, rank=1, channel="email"),
        Line(list_code="O0", segment="A-1", brut=9, rank=3, message="C", role="control"),
        Line(list_code="00I", segment="D12", brut=35, rank=4),
        Line(list_code="00I", segment="D12", brut=35, rank=4, channel="email", message="B", role="test"),
        Line(list_code="00I", segment="D36", brut=65, rank=5),
        Line(list_code="I0O1", segment="P12", brut=120, rank=6),
        Line(list_code="I0O1", segment="P12", brut=120, rank=6, message="C", role="test"),
        Line(list_code="I0O1", segment="P24", brut=160, rank=7),
        Line(list_code="7", segment="T", brut=1, rank=8),
        Line(list_code="7", segment="T", brut=1, rank=8, message="B", role="test"),
        Line(list_code="TARDIF", segment="X", brut=40, rank=9),
    ),
    messages=("A", "B", "C"),
    seeds=tuple(f"t-{n:02d}" for n in range(20)),
    approvers=(("seul", "9999.99"),),
    costs=(
        ("papier", "par_pli", "0,11855", "S-ROU"),
        ("pose", "par_pli", "0,0335", "S-ROU"),
        ("forfait", "forfait", "1 333,33", "S-CRT"),
        ("saisie", "par_retour", "0,855", ""),
        ("routage e-mail", "forfait", "90", "S-ESP"),
    ),
    suppressions={"robinson": 9, "opposition du propriétaire": 7},
    suppression_form="other",
    history=False,
)


def test_a_kit_of_odd_codes_files_tranches_channels_and_costs_holds_every_sentence(
    make_kit: Callable[[kits.Kit], Path], tmp_path: Path
) -> None:
    kit = make_kit(ODD)
    done = jalon("play", kit, "--out", tmp_path / "out", "--in-process")
    assert done.returncode == 0, done.stderr
    play = Play(kit, tmp_path / "out")
    assert {code: {name: play.lists[code][name] for name in counts} for code, counts in kits.expected(kit).items()} == kits.expected(kit)
    assert [fault for check in result_check.CHECKS for fault in check(play)] == []
    assert play.left_out == {"TARDIF"}
    told = [path.read_text() for path in (tmp_path / "out/mail").glob("*.eml")]
    assert [words for words in told if "s-esp@" in words and "OR-AUTOMNE-2028_B-EMAIL" in words], "who sends e-mails is ordered to"


def test_a_kit_so_small_that_nobody_answers_ends_in_analysis(make_kit: Callable[[kits.Kit], Path], tmp_path: Path) -> None:
    house = replace(HOUSE, segments={"INA": 4, "ANC": 1}, intra=0, rejected=0, shared=0)
    rented = replace(RENTED, segments={"P12": 2, "P24": 1}, intra=0, rejected=0, shared=0)
    kit = make_kit(replace(PLAIN, lists=(house, rented), seeds=(), minimum_net=0, suppressions={"opposition": 0}))
    done = jalon("play", kit, "--out", tmp_path / "out", "--in-process")
    assert done.returncode == 0, done.stderr
    play = Play(kit, tmp_path / "out")
    assert [fault for check in result_check.CHECKS for fault in check(play)] == []
    assert play.result["kpis"]["campaign"]["average_gift"]["value"] is None
