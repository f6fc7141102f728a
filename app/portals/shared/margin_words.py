"""Which margin returns were worked out with, in a sentence beside them: nothing where all stays of what people give or buy."""

from flask_babel import gettext as _

from app import i18n
from workflows.trade.kpis import WHOLE, Margin


def margin_words(margin: Margin, currency: str) -> str:
    """The sentence, or nothing."""
    if margin == WHOLE:
        return ""
    exponent = (margin.rate * 100).normalize().as_tuple().exponent
    rate = i18n.percent(margin.rate, max(0, -exponent) if isinstance(exponent, int) else 0)
    amount = i18n.money(margin.handling_amount, currency)
    return str(
        _("Worked out with a margin of %(rate)s and a handling cost of %(amount)s for each order or gift.", rate=rate, amount=amount)
    )
