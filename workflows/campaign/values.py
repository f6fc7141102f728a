"""What values from outside may be: a brief's, a list's terms, a proposal's. Whichever way they come in, they are held against this.

Forms and files say every fault in its own place before; this is the last word, without which a value that no rule of the trade can work
with would stop a campaign weeks after it was written. Not for what must fit the campaign's other values: `writing` has that.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.campaign.brief import Brief, ListRow, MailingRow
from workflows.engine.refusals import Refused
from workflows.trade.billing import BillingBasis, ListKind, LossReason
from workflows.trade.costs import CostBasis
from workflows.trade.dedupe_rules import ALLOCATIONS, LEVELS, names_files
from workflows.trade.legal_basis import CollectedThrough, DataRole, LegalBasis
from workflows.trade.lot_codes import LotRole

LARGEST_COUNT = 2**31 - 1
"""What the columns of quantities take."""


class ValueNotAllowed(Refused):
    """A value that nothing here can work with.

    Its parameters: `part`, what it stands in; `place`, the row there, counted from 1, or a code; `field`; `value`; and `allowed`, the words
    that are allowed or the name of a rule.
    """

    code = "campaign.value_not_allowed"


@dataclass(frozen=True)
class Rule:
    """What a field may hold: the words for it, or a name by which the rule is told; and whether a value is so."""

    allowed: str | tuple[str, ...]
    holds: Callable[[Any], bool]


def one_of(words: Iterable[str]) -> Rule:
    """One of these words."""
    among = tuple(str(word) for word in words)
    return Rule(among, lambda value: value in among)


def some_of(words: Iterable[str]) -> Rule:
    """Any number of these words."""
    among = tuple(str(word) for word in words)
    return Rule(among, lambda value: all(one in among for one in value))


COUNT = Rule("count", lambda value: 0 <= value <= LARGEST_COUNT)
COUNT_OF_SOME = Rule("count_of_some", lambda value: 0 < value <= LARGEST_COUNT)
PRICE = Rule("price", lambda value: 0 <= value < 10**6)
AMOUNT = Rule("amount", lambda value: 0 <= value < 10**12)
SHARE = Rule("share", lambda value: 0 <= value <= 1)
CODE = Rule("code", names_files)
SOMETHING = Rule("something", lambda value: bool(value.strip()))
NAMES = Rule("names", lambda value: isinstance(value, list | tuple) and all(isinstance(one, str) for one in value))
ONCE = "once"
"""The rule that a code stands for one thing."""

RATES: Mapping[str, Rule] = {
    "cpm": PRICE,
    "selection_cpm": PRICE,
    "run_charge_cpm": PRICE,
    "min_billing_rate": SHARE,
    "min_invoice_amount": AMOUNT,
    "technical_fee": AMOUNT,
}
"""What is agreed with a list's owner in figures."""
TERMS: Mapping[str, Rule] = {
    **RATES,
    "billing_basis": one_of(BillingBasis),
    "unbilled_reasons": some_of(LossReason),
}
"""What is agreed with a list's owner."""
REUSE = {"reuse_cpm": PRICE}
"""What is agreed of its second use."""
BASIS = {
    "legal_basis": one_of(one for one in LegalBasis if one is not LegalBasis.EXISTING_RELATION),
    "collected_through": one_of(("", *CollectedThrough)),
    "data_role": one_of(DataRole),
}
"""What is stated of the legal basis of a list of others."""
HOUSE_BASIS = BASIS | {"legal_basis": one_of(LegalBasis), "data_role": one_of([""])}
"""The same of a house list: its people are the advertiser's own, and so is every decision over their data."""
NATURE = one_of(ListKind)
MARGIN = {
    "margin_rate": Rule("margin", lambda value: 0 < value <= 1 and value == round(value, 4)),
    "handling_amount": Rule("amount_to_the_cent", lambda value: 0 <= value < 10**12 and value == round(value, 2)),
}
"""What stays of what people give or buy."""
BRIEF = {"vat_rate": SHARE, "target_responses": COUNT, "target_roi": PRICE, "minimum_net_quantity": COUNT, **MARGIN}
DEDUPE = {
    "level": one_of(LEVELS),
    "allocation": one_of(ALLOCATIONS),
    "suppressions": NAMES,
    "protected": NAMES,
    "multi_buyers": Rule("multi_buyers", lambda value: isinstance(value, int) and (value == 0 or 1 < value <= LARGEST_COUNT)),
}
SUPPRESSION = {"code": Rule("code", lambda value: names_files(value.removesuffix(".csv")))}
LIST = {"code": CODE, "nature": NATURE, **TERMS, "undeliverable_guarantee": SHARE, "lead_days": COUNT}
PLAN = {
    "channel": CODE,
    "role": one_of(role for role in LotRole if role.is_sent),
    "gross_qty": COUNT,
    "rank": COUNT,
    "expected_rate": Rule("rate", lambda value: value is None or 0 < value <= 1),
}
MESSAGE = {"code": SOMETHING}
COST = {"nature": SOMETHING, "basis": one_of(CostBasis), "amount": PRICE}
SEGMENT = {"code": SOMETHING, "universe": COUNT}
SEED = {"code": SOMETHING}
PAST = {
    "campaign": SOMETHING,
    "nature": NATURE,
    "amount": AMOUNT,
    "cost": AMOUNT,
    **dict.fromkeys(("gross", "net", "mailed", "undeliverable", "responses", "gifts"), COUNT),
}
LONGEST_LINE = 200
"""Characters of what stands in one line of a paper."""
MOST_COMPONENTS = 20
"""Things in one envelope."""
HEAVIEST, THICKEST = 3000, 50
"""Grams and millimetres beyond which nothing is a letter: a slip of the pen."""
MOST_SPOILAGE = Decimal("0.2")
"""Beyond a fifth it is no spoilage but another quantity."""
RETURNED, RECORDED = "returned", "recorded"
"""What is done with pieces that come back: sent on as they are, or read into a file and destroyed."""


def _is_line(value: str) -> bool:
    return len(value) <= LONGEST_LINE and value.splitlines() in ([], [value])


def _is_measure(value: Decimal, most: int) -> bool:
    return 0 < value <= most and value == round(value, 2)


LINE = Rule("line", _is_line)
RETURN_ADDRESS = ("return_name", "return_address", "return_postcode", "return_town")
MAILING: Mapping[str, Rule] = {
    **dict.fromkeys(("postal_product", "postal_sort", "deposit_site", "contact", *RETURN_ADDRESS), LINE),
    "return_postcode": Rule("postcode", lambda value: not value or (len(value) == 5 and value.isascii() and value.isdecimal())),
    "spoilage_rate": Rule("spoilage", lambda value: 0 <= value <= MOST_SPOILAGE),
    "undeliverable": one_of(("", RETURNED, RECORDED)),
    "remarks": Rule("words", lambda value: len(value) <= 4000),
}
MAIL_PIECE: Mapping[str, Rule] = {
    "message": SOMETHING,
    "format": LINE,
    "weight_grams": Rule("weight", lambda value: _is_measure(value, HEAVIEST)),
    "thickness_mm": Rule("thickness", lambda value: _is_measure(value, THICKEST)),
    "components": Rule("components", lambda value: len(value) <= MOST_COMPONENTS and all(one.strip() and _is_line(one) for one in value)),
}
WHOLE_ADDRESS = "whole_address"
"""The rule that a return address is given with all its parts, or not at all."""
PROPOSAL = {"quantity": COUNT_OF_SOME, **TERMS}


def refuse_values(part: str, place: int | str, row: Any, rules: Mapping[str, Rule]) -> None:
    """Hold the fields of a row, or the entries of a dictionary, against their rules; what is None or missing is not held.

    :raises ValueNotAllowed: for the first that does not keep to its rule.
    """
    for field, rule in rules.items():
        value = row.get(field) if isinstance(row, dict) else getattr(row, field)
        if value is not None and not rule.holds(value):
            raise ValueNotAllowed(part=part, place=place, field=field, value=value, allowed=rule.allowed)


def refuse_rows(part: str, rows: Sequence[Any], rules: Mapping[str, Rule]) -> None:
    """Hold every row against the rules, in order.

    :raises ValueNotAllowed: for the first value that does not keep to its rule.
    """
    for number, row in enumerate(rows, start=1):
        refuse_values(part, number, row, rules)


def refuse_twice(part: str, place: int | str | None, codes: Iterable[str], *, taken: Collection[str] = ()) -> None:
    """Refuse a code that comes a second time, in capitals or small letters, among its own or those taken.

    :param place: where all of them stand; None where each has a row of its own.
    :raises ValueNotAllowed: naming its place.
    """
    seen = {code.casefold() for code in taken}
    for number, code in enumerate(codes, start=1):
        if code.casefold() in seen:
            raise ValueNotAllowed(part=part, place=place or number, field="code", value=code, allowed=ONCE)
        seen.add(code.casefold())


def refuse_lists(rows: Sequence[ListRow], suppressions: Collection[str]) -> None:
    """Hold lists and their segments against what they may be. Files of lists and of suppressions lie side by side under their codes.

    :raises ValueNotAllowed: for the first that may not be so.
    """
    refuse_rows("lists", rows, LIST)
    refuse_twice("lists", None, [row.code for row in rows], taken=suppressions)
    for row in rows:
        refuse_twice("segments", row.code, [code for code, _ in row.segments])
        for code, universe in row.segments:
            refuse_values("segments", row.code, {"code": code, "universe": universe}, SEGMENT)


def refuse_brief(brief: Brief) -> None:
    """Hold the figures of a brief and what it says of the merge-purge against what they may be.

    :raises ValueNotAllowed: for the first that may not be so.
    """
    refuse_values("brief", brief.code, brief, BRIEF)
    refuse_dedupe(brief.code, brief.dedupe)


def refuse_dedupe(place: str, dedupe: Mapping[str, Any]) -> None:
    """Hold what a brief says of the merge-purge against what it may be.

    :raises ValueNotAllowed: for the first that may not be so.
    """
    refuse_values("dedupe", place, dedupe, DEDUPE)
    for number, name in enumerate(dedupe.get("suppressions", ()), start=1):
        refuse_values("suppressions", number, {"code": name}, SUPPRESSION)


def refuse_mailing(place: str, mailing: MailingRow) -> None:
    """Hold what is said of a mailing against what it may be.

    :raises ValueNotAllowed: for the first that may not be so.
    """
    refuse_values("mailing", place, mailing, MAILING)
    address = {name: getattr(mailing, name).strip() for name in RETURN_ADDRESS}
    lacking = next((name for name, part in address.items() if not part), None)
    if lacking and any(address.values()):
        raise ValueNotAllowed(part="mailing", place=place, field=lacking, value="", allowed=WHOLE_ADDRESS)
    refuse_rows("mail_pieces", mailing.pieces, MAIL_PIECE)
    refuse_twice("mail_pieces", None, [piece.message for piece in mailing.pieces])
