"""What a project manager would write, in French: why a delivery is refused, and what the figures teach. Each sentence has its numbers."""

from decimal import Decimal
from typing import Any

from app import formats

_FAULTS = {
    "readable": "le fichier ne se lit pas correctement ({actual})",
    "checksum": "l’empreinte SHA-256 n’est pas celle du bordereau",
    "count_as_declared": "{actual} enregistrements au lieu des {expected} annoncés",
}
_READING = {"double_encoded": "accents encodés deux fois", "empty": "fichier vide"}


def refusal(findings: list[dict[str, Any]]) -> str:
    """Why a file is refused, from the checks that failed."""
    faults = [
        _FAULTS.get(one["code"], one["code"]).format(expected=one["expected"], actual=_READING.get(str(one["actual"]), one["actual"]))
        for one in findings
    ]
    return f"Fichier non conforme : {' ; '.join(faults)}. Merci d’en livrer une nouvelle version."


def dispute(findings: list[dict[str, Any]]) -> str:
    """Why an invoice is disputed, from the points that are not clear."""
    found = {one["code"]: one for one in findings}
    if "quantity" in found:
        what = f"Facturé sur {found['quantity']['actual']} adresses : le relevé en retient {found['quantity']['expected']}."
    elif "unit_price" in found:
        price = found["unit_price"]
        what = f"Facturé à {_comma(price['actual'])} € le mille, quand le relevé donne {_comma(price['expected'])} €."
    elif "net_amount" in found:
        what = f"Écart de {_comma(found['net_amount']['difference'])} € HT avec le relevé."
    else:
        what = "La facture ne correspond pas au relevé."
    return f"{what} Merci d’envoyer une facture au montant dû."


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
    words = [(f"{best} rapporte {_ratio(value(best, 'roi'))} € pour un euro investi, la meilleure liste : à reconduire en premier.", best)]
    if weakest != best:
        words.append((f"{weakest} ne rend que {_ratio(value(weakest, 'roi'))} € pour un euro : à réduire ou à renégocier.", weakest))
    rate = formats.percent(value(returned, "undeliverable_rate"), "fr", 2)
    words.append((f"{returned} a le plus fort taux de plis non distribués ({rate}) : à comparer à la garantie du propriétaire.", returned))
    return words


def _ratio(value: Decimal) -> str:
    return _comma(f"{value:.2f}")


def _comma(number: str) -> str:
    return number.replace(".", ",")
