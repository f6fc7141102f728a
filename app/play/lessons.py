"""What a project manager would write after reading the figures: a few sentences in French, each with its numbers."""

from decimal import Decimal
from typing import Any

from workflows.trade.money import format_rate


def lessons(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Sentences with what each is about: the best and the weakest list by return, and the list with most undeliverable mail."""
    tables = {code: table for code, table in body["kpis"]["by_list"].items() if table["roi"]["value"] is not None}
    if not tables:
        return [("Aucun pli n’a été posté : il n’y a rien à comparer.", "")]

    def value(code: str, name: str) -> Decimal:
        return Decimal(tables[code][name]["value"] or 0)

    ranked = sorted(tables, key=lambda code: (-value(code, "roi"), code))
    best, weakest = ranked[0], ranked[-1]
    returned = max(sorted(tables), key=lambda code: value(code, "undeliverable_rate"))
    words = [
        (f"{best} rapporte {_ratio(value(best, 'roi'))} euro pour un euro investi, la meilleure liste : à reconduire en premier.", best)
    ]
    if weakest != best:
        words.append((f"{weakest} ne rend que {_ratio(value(weakest, 'roi'))} euro pour un euro : à réduire ou à renégocier.", weakest))
    rate = format_rate(value(returned, "undeliverable_rate"), "fr")
    words.append((f"{returned} a le plus fort taux de plis non distribués ({rate}) : à comparer à la garantie du propriétaire.", returned))
    return words


def _ratio(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",")
