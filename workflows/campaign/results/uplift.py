"""What the mailing brought that would not have come without it: those who were mailed against those who were held out for comparison.

Matchback credits the mailing with whoever would have answered anyway, printed codes miss who answers without one; people who were held out
at random tell (trade reference, sections 3.9 and 7). Both sides are counted by the same means: persons whom name and postcode tell, among
answers within policy's days of the drop, whatever these were credited by.

A lot that was held out is compared with the sent lots of its list, segment and channel, for from those it was split at random: two channels
of a segment do not get to the same people. What is split alike everywhere may be added up over lists; where a sent lot would be missing,
because it was left unsent, the place is left out, for it would weigh less among the mailed than among the held out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.policy import Policy
from workflows.campaign.records import Lot, Response
from workflows.campaign.results.trials import Reach, place_of, reach
from workflows.trade.attribution import ANSWERS_ELSEWHERE, GIFT, SET_ASIDE
from workflows.trade.kpis import SIX_PLACES
from workflows.trade.lot_codes import LotRole
from workflows.trade.money import ZERO, round_cents
from workflows.trade.sampling import Interval, Sample, Verdict, holm, newcombe_interval, two_proportion_p_value, verdict_of


@dataclass(frozen=True, kw_only=True)
class Side:
    """People who were mailed or held out, how many of them answered, and the euros that they gave."""

    people: int = 0
    answering: int = 0
    amount: Decimal = ZERO

    def __add__(self, other: "Side") -> "Side":
        return Side(people=self.people + other.people, answering=self.answering + other.answering, amount=self.amount + other.amount)

    @property
    def sample(self) -> Sample:
        return Sample(self.answering, self.people)


@dataclass(frozen=True, kw_only=True)
class Uplift:
    """What may be said of the mailing against those who were held out of it, in one list or, where its code is empty, in all.

    `answers` and `amount` are what came of the mailed above what as many who were held out would have brought, in persons and in euros.
    `difference` is theirs in rates, and the intervals hold 95 times in 100.
    """

    list_code: str
    held_out: Side
    mailed: Side
    difference: Decimal
    interval: Interval
    reach: Reach
    p_value: float
    verdict: Verdict

    @property
    def answers(self) -> int:
        return self._people(self.difference)

    @property
    def answers_interval(self) -> tuple[int, int]:
        return self._people(self.interval.low), self._people(self.interval.high)

    @property
    def amount(self) -> Decimal:
        return round_cents(self.mailed.amount - self.held_out.amount * self.mailed.people / self.held_out.people)

    def _people(self, rate: Decimal) -> int:
        return int((rate * self.mailed.people).quantize(Decimal(1), ROUND_HALF_UP))


def held_out_figures(facts: CampaignFacts) -> dict[str, Any] | None:
    """What is kept of both sides as plain data, `by_list`; None where nobody was held out of what was mailed.

    `credited` are the answers of these lots, `matched` those of them whose person name and postcode tell; `left_out` are people who were
    held out where a lot was left unsent.
    """
    places = _places(facts.lots)
    if not places:
        return None
    compared = [(held, sent) for held, sent in places if all(lot.is_sent for lot in sent)]
    answered = _answered(facts)
    by_list: dict[str, dict[str, Side]] = {}
    for held, sent in compared:
        sides = by_list.setdefault(held[0].list_code, {"held_out": Side(), "mailed": Side()})
        sides["held_out"] += _side(held, answered)
        sides["mailed"] += _side(sent, answered)
    credited, matched = _found_again(facts, [lot.code for _, sent in compared for lot in sent])
    return {
        "days": _days(facts),
        "by_list": {code: {name: vars(side) for name, side in sides.items()} for code, sides in sorted(by_list.items())},
        "credited": credited,
        "matched": matched,
        "left_out": sum(lot.quantity for held, sent in places if (held, sent) not in compared for lot in held),
    }


def uplifts(facts: CampaignFacts) -> tuple[Uplift, ...]:
    """The mailing in all as its computed results show it, then each list that is large enough; none where nobody was held out."""
    stored = (facts.result.body.get("held_out") if facts.result else None) or {}
    by_list = {
        code: (_stored_side(sides["held_out"]), _stored_side(sides["mailed"])) for code, sides in sorted(stored.get("by_list", {}).items())
    }
    return judge_uplift(by_list, facts.campaign.policy)


def judge_uplift(by_list: Mapping[str, tuple[Side, Side]], policy: Policy) -> tuple[Uplift, ...]:
    """All lists together, then each one whose two sides have policy's smallest cell, where there are several; these hold together (Holm).

    Nobody knows before the mailing how many answer without it, so no size is planned for that. A difference is one once policy's smallest
    cell and its fewest answers are there; that there is none takes sizes that would have shown what policy wants seen.

    :param by_list: who was held out and who was mailed, by the list's code.
    """
    sides = [pair for pair in by_list.values() if all(side.people for side in pair)]
    if not sides:
        return ()
    whole = (sum((held for held, _ in sides), Side()), sum((mailed for _, mailed in sides), Side()))
    least = policy.whole("thresholds", "minimum_cell")
    single = {code: pair for code, pair in by_list.items() if all(side.people >= max(1, least) for side in pair)} if len(sides) > 1 else {}
    differ = holm([_p_value(pair) for pair in single.values()])
    return (
        _judged("", whole, policy, differs=holm([_p_value(whole)])[0]),
        *(_judged(code, pair, policy, differs=differs) for (code, pair), differs in zip(single.items(), differ, strict=True)),
    )


def _judged(code: str, sides: tuple[Side, Side], policy: Policy, *, differs: bool) -> Uplift:
    held, mailed = sides[0].sample, sides[1].sample
    interval = newcombe_interval(held, mailed)
    assert interval is not None, "both sides have people"
    before, after = (Decimal(one.successes) / one.trials for one in (held, mailed))
    known = before if 0 < before < 1 and not differs else None
    found = reach(held.trials, mailed.trials, known, policy, (held + mailed).rate)
    return Uplift(
        list_code=code,
        held_out=sides[0],
        mailed=sides[1],
        difference=(after - before).quantize(SIX_PLACES, ROUND_HALF_UP),
        interval=interval,
        reach=found,
        p_value=_p_value(sides),
        verdict=verdict_of(held, mailed, enough=found.is_enough, differs=differs),
    )


def _p_value(sides: tuple[Side, Side]) -> float:
    return two_proportion_p_value(sides[0].sample, sides[1].sample)


def _places(lots: Sequence[Lot]) -> list[tuple[list[Lot], list[Lot]]]:
    """Lots that were held out, and those of the same draw that were to be sent."""
    places: dict[tuple[str, str, str, bool], tuple[list[Lot], list[Lot]]] = {}
    for lot in lots:
        held, sent = places.setdefault(place_of(lot), ([], []))
        if lot.role == LotRole.HOLDOUT:
            held.append(lot)
        elif LotRole(lot.role).is_sent:
            sent.append(lot)
    return [(held, sent) for held, sent in places.values() if held and sent]


def _side(lots: Iterable[Lot], answered: Mapping[str, tuple[int, Decimal]]) -> Side:
    sides = Side()
    for lot in lots:
        answering, amount = answered.get(lot.code, (0, ZERO))
        sides += Side(people=lot.mailed if lot.is_sent else lot.quantity, answering=answering, amount=amount)
    return sides


def _days(facts: CampaignFacts) -> int:
    return facts.campaign.policy.whole("thresholds", "response_days")


def _within_days(facts: CampaignFacts) -> Any:
    last = facts.campaign.drop_day + timedelta(days=_days(facts))
    # An answer to another campaign's mail is one all the same: this mail may have taken it from that.
    answers = sa.or_(col(Response.attribution) != SET_ASIDE, col(Response.reason).in_(ANSWERS_ELSEWHERE))
    return sa.and_(col(Response.campaign_id) == facts.campaign.id, answers, col(Response.responded_on) <= last)


def _answered(facts: CampaignFacts) -> dict[str, tuple[int, Decimal]]:
    """Persons who answered and the euros that they gave, by the lot they are in."""
    amount = sa.func.coalesce(sa.func.sum(col(Response.amount)).filter(col(Response.kind) == GIFT), 0)
    statement = (
        sa.select(col(Response.matched_lot), sa.func.count(sa.distinct(col(Response.matched_id))), amount)
        .where(_within_days(facts), col(Response.matched_id) != "")
        .group_by(col(Response.matched_lot))
    )
    return {code: (persons, Decimal(given)) for code, persons, given in facts.session.connection().execute(statement)}


def _found_again(facts: CampaignFacts, codes: Sequence[str]) -> tuple[int, int]:
    """The answers that were credited to these lots, and those of them whose person name and postcode tell."""
    statement = sa.select(sa.func.count(), sa.func.count().filter(col(Response.matched_id) != "")).where(
        _within_days(facts), col(Response.lot_code).in_(codes)
    )
    credited, matched = facts.session.connection().execute(statement).one()
    return credited, matched


def _stored_side(stored: Mapping[str, Any]) -> Side:
    return Side(people=stored["people"], answering=stored["answering"], amount=Decimal(stored["amount"]))
