"""A mail-order house says what stays of an order: every return is of that, and nothing else moves."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests import kits
from tests.integration.play import result_check
from tests.integration.play.conftest import jalon
from tests.integration.play.left import Play
from tests.kits import PLAIN


def test_a_kit_that_states_its_margin_is_played_with_it_to_the_end(make_kit: Callable[[kits.Kit], Path], tmp_path: Path) -> None:
    kit = make_kit(replace(PLAIN, margin=("0.425", "1.2")))

    done = jalon("play", kit, "--out", tmp_path / "out", "--in-process")

    assert done.returncode == 0, done.stderr
    play = Play(kit, tmp_path / "out")
    assert [fault for check in result_check.CHECKS for fault in check(play)] == []
    assert play.result["margin"] == {"rate": "0.425000", "handling_amount": "1.20"}
    amount, gifts = (sum((Decimal(one[name]) for one in play.lists.values()), Decimal(0)) for name in ("amount", "gifts"))
    assert gifts > 0
    kept = amount * Decimal("0.425") - Decimal("1.2") * gifts
    roi = play.result["kpis"]["campaign"]["roi"]
    assert abs(Decimal(roi["numerator"]) - kept) <= Decimal("0.005")
    assert abs(Decimal(str(roi["value"])) - Decimal(roi["numerator"]) / Decimal(roi["denominator"])) < Decimal("0.000001")
    signed = json.loads((tmp_path / "out/budget.json").read_bytes())
    assert signed["margin"] == play.result["margin"]
    central = signed["expected"]["central"]
    expected = (Decimal(central["amount"]) * Decimal("0.425") - Decimal(central["gifts"]) * Decimal("1.2")) / Decimal(central["cost"])
    assert abs(Decimal(central["roi"]) - expected) < Decimal("0.01") / Decimal(central["cost"])
