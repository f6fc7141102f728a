"""Amounts of a command arrive as text to the cent, prices and rates with up to six places, whatever the field is called."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.api.command_models import model_of
from workflows.campaign.brief import CostRow
from workflows.campaign.stages.plan import LoadHistory

COUNTS = dict.fromkeys(("gross", "net", "mailed", "undeliverable", "responses", "gifts"), 1)
WORDS = {"campaign": "25A", "list_code": "ALZ", "segment": "D36", "channel": "postal", "message": "A", "nature": "rental"}


def history(**amounts: Any) -> str:
    row = {**WORDS, **COUNTS, "amount": "10.00", "cost": "5.00", **amounts}
    return json.dumps({"subject_id": "00000000-0000-0000-0000-000000000001", "rows": [row]})


@pytest.mark.parametrize("field", ["amount", "cost"])
def test_what_a_campaign_brought_is_an_amount_to_the_cent(field: str) -> None:
    model_of(LoadHistory).model_validate_json(history(**{field: "1200000.00"}))
    for refused in ("12.345678", "12", "12.3"):
        with pytest.raises(ValidationError, match=field):
            model_of(LoadHistory).model_validate_json(history(**{field: refused}))


def test_the_amount_of_a_cost_is_a_price_of_its_basis() -> None:
    cost = {"nature": "affranchissement", "basis": "par_pli", "amount": "0.345678"}

    model_of(CostRow).model_validate_json(json.dumps(cost))
