"""What the results allow to be said, in words: of tests, and of the mailing against those who were held out of it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app import i18n
from app.portals.shared.words import label
from workflows.campaign.results.judging import Judgement
from workflows.campaign.results.uplift import Side, Uplift
from workflows.trade.sampling import Interval, Verdict


def test_line(test: Judgement, *, several_channels: bool) -> dict[str, Any]:
    """A test's verdict with its place; its channel is named where the tests are in several."""
    place = test.place or _("All together")
    where = f"{place} · {label('channel', test.channel)}" if several_channels else place
    return {"where": where, "sentence": test_words(test), "state": _state(test.verdict)}


def test_words(test: Judgement) -> str:
    """What may be said of a test, in words: who wins, that nothing sets them apart, or that it cannot be told and what was missing."""
    rates = _(
        "%(a)s %(a_rate)s, %(b)s %(b_rate)s",
        a=test.control,
        a_rate=i18n.percent(test.control_sample.rate, 2),
        b=test.variant,
        b_rate=i18n.percent(test.variant_sample.rate, 2),
    )
    return str(_("%(verdict)s (%(rates)s)", verdict=_test_said(test), rates=rates))


def _test_said(test: Judgement) -> str:
    if test.verdict is Verdict.INCONCLUSIVE:
        return str(_("Cannot conclude: %(reasons)s", reasons=i18n.clauses(_test_reasons(test))))
    winner = {Verdict.A_WINS: test.control, Verdict.B_WINS: test.variant}.get(test.verdict)
    return str(_("%(message)s wins", message=winner) if winner else _("No difference that matters"))


def _test_reasons(test: Judgement) -> Iterable[str]:
    """What kept a verdict away: responses, where only they were too few, and what each side lacked in pieces."""
    if test.reach.too_few:
        least, most = i18n.number(test.reach.least_responses), i18n.number(int(test.reach.responses or 0))
        yield _("a verdict takes %(least)s responses on each side, and the smaller one counts on %(n)s", least=least, n=most)
    for message, lacking in zip((test.control, test.variant), test.reach.missing, strict=True):
        if lacking:
            yield ngettext(
                "one piece of %(message)s was missing",
                "%(n)s pieces of %(message)s were missing",
                lacking,
                n=i18n.number(lacking),
                message=message,
            )


def uplift_line(one: Uplift) -> dict[str, Any]:
    """A verdict with its place."""
    state = "refused" if one.verdict is Verdict.A_WINS else _state(one.verdict)
    return {"where": one.list_code or _("All together"), "sentence": uplift_words(one), "state": state}


def uplift_words(one: Uplift) -> str:
    """What may be said of the mailing, in words: that it brings answers, that nothing shows it, or that it cannot be told and why not."""
    rates = _(
        "mailed %(mailed)s, held out %(held_out)s",
        mailed=i18n.percent(one.mailed.sample.rate, 2),
        held_out=i18n.percent(one.held_out.sample.rate, 2),
    )
    return str(_("%(verdict)s (%(rates)s)", verdict=_uplift_said(one), rates=rates))


def uplift_row(one: Uplift, currency: str) -> dict[str, Any]:
    """A row of the table: both sides, the difference and what it comes to, with what they may really be."""
    low, high = one.answers_interval
    return {
        "where": one.list_code or _("All together"),
        "mailed": _rate(one.mailed),
        "mailed_note": _of_people(one.mailed),
        "held_out": _rate(one.held_out),
        "held_out_note": _of_people(one.held_out),
        "difference": _signed(one.difference, i18n.points(_hundredths(one.difference))),
        "difference_note": _range(i18n.points(_hundredths(one.interval.low)), i18n.points(_hundredths(one.interval.high))),
        "answers": _signed(Decimal(one.answers), i18n.number(one.answers)),
        "answers_note": _range(i18n.number(low), i18n.number(high)),
        "amount": _signed(one.amount, i18n.money(one.amount, currency, 0)),
    }


def _uplift_said(one: Uplift) -> str:
    if one.verdict is Verdict.INCONCLUSIVE:
        return str(_("Cannot tell yet: %(reasons)s", reasons=i18n.clauses(_uplift_reasons(one))))
    return {
        Verdict.B_WINS: str(_("The mailing brings answers that would not have come without it")),
        Verdict.A_WINS: str(_("Those who were mailed answered less than those who were held out")),
        Verdict.NO_DIFFERENCE: str(_("No difference that matters")),
    }[one.verdict]


def _uplift_reasons(one: Uplift) -> Iterable[str]:
    held_out, mailed = one.reach.missing
    if one.reach.too_few:
        least, most = i18n.number(one.reach.least_responses), i18n.number(int(one.reach.responses or 0))
        yield _("a verdict takes %(least)s responses on each side, and the smaller one counts on %(n)s", least=least, n=most)
    if held_out:
        yield ngettext("one more person held out needed", "%(n)s more people held out needed", held_out, n=i18n.number(held_out))
    if mailed:
        yield ngettext("one more person mailed needed", "%(n)s more people mailed needed", mailed, n=i18n.number(mailed))


def _rate(side: Side) -> str:
    interval = side.sample.interval
    rate = i18n.percent(side.sample.rate, 2)
    return f"{rate} ({between(interval, 2)})" if interval else rate


def _of_people(side: Side) -> str:
    return str(_("%(answering)s of %(people)s people", answering=i18n.number(side.answering), people=i18n.number(side.people)))


def _hundredths(share: Decimal) -> Decimal:
    return share.quantize(Decimal("0.0001"))


def _signed(value: Decimal, written: str) -> str:
    return f"+{written}" if value > 0 else written


def _range(low: str, high: str) -> str:
    return str(_("%(low)s to %(high)s", low=low, high=high))


def between(interval: Interval | None, decimals: int) -> str:
    """From where to where a rate may really be."""
    return f"{i18n.percent(interval.low, decimals)} – {i18n.percent(interval.high, decimals)}" if interval else ""


def _state(verdict: Verdict) -> str:
    return {Verdict.INCONCLUSIVE: "waiting", Verdict.NO_DIFFERENCE: "done"}.get(verdict, "passed")
