"""What a form of an invoice or of a credit note says, whoever fills it."""

from typing import Any

from wtforms import Form


def said_in(form: Form) -> dict[str, Any]:
    """The fields of a validated form by the names of its command; addresses where it asks for them and some were written."""
    quantity = form["quantity"].data if "quantity" in form else None
    names = ("number", "invoiced_on", "net_amount", "vat_amount", "total_amount")
    return {name: form[name].data for name in names} | {"quantity": None if quantity is None else int(quantity)}
