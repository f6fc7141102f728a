"""Files of what came back by their kind: by which channels it comes, who may bring which, and which a campaign waits for."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.rules import manages
from workflows.campaign.send.senders import senders
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.model import Supplier
from workflows.parties.roles import SupplierKind
from workflows.trade.channels import EMAIL, PHONE, TEXT_MESSAGE, goes_by_post

RESPONSES, UNDELIVERABLES, BOUNCES, CALLS = "responses", "undeliverables", "bounces", "calls"
REPORTED_BY: Mapping[str, tuple[str, ...]] = {BOUNCES: (EMAIL, TEXT_MESSAGE), CALLS: (PHONE,)}
"""What senders report, and the channels it comes by. Answers come by any; undeliverables are what the post returns."""
KINDS = (RESPONSES, UNDELIVERABLES, *REPORTED_BY)
FILE_GONE, MAILING_GONE = "file_gone", "mailing_gone"
"""Why a file is refused that comes too late: it was purged before it was read, or what was sent was, and no report is of anybody then."""

_BROUGHT: Mapping[str, tuple[str, ...]] = {
    SupplierKind.CAGING: (RESPONSES, UNDELIVERABLES),
    SupplierKind.MAILER: (RESPONSES, UNDELIVERABLES),
    SupplierKind.ESP: (BOUNCES, RESPONSES),
    SupplierKind.SMS: (BOUNCES, RESPONSES),
    SupplierKind.CALL_CENTER: (CALLS,),
}


class UnknownBatchKind(Refused):
    """A batch is of one of the kinds that there are."""

    code = "responses.unknown_kind"


class NotTheirsToBring(Refused):
    """Such files come from another kind of supplier."""

    code = "responses.not_theirs_to_bring"


class NothingSentSo(Refused):
    """No lot was sent by a channel of which such a file is."""

    code = "responses.nothing_sent_so"


def kinds_of(supplier_kind: str, channels: Iterable[str] = ()) -> tuple[str, ...]:
    """The kinds of file that a supplier may bring, by what it does and the channels by which it sends lots."""
    sends = set(channels)
    reported = [kind for kind, those in REPORTED_BY.items() if sends.intersection(those)]
    own = _BROUGHT.get(supplier_kind, ())
    return tuple(dict.fromkeys([*own, *reported])) if own else ()


def bringers(facts: CampaignFacts) -> list[UUID]:
    """Suppliers that may bring what came back: those who open the mail, and those who send it and to whom it comes back."""
    return [supplier.id for supplier in facts.service_suppliers() if supplier.kind in _BROUGHT]


def bringer_of(step: Step, kind: str) -> UUID | None:
    """Whose file of that kind it is; None where the project manager brings it.

    :raises UnknownBatchKind: for a kind that there is not.
    :raises NotTheirsToBring: for a supplier that has nothing to do with such files.
    :raises NothingSentSo: where nothing was sent by a channel of which it is.
    """
    if kind not in KINDS:
        raise UnknownBatchKind(kind=kind)
    found = None
    if not manages(step):
        theirs = [one for one in step.facts.service_suppliers() if one.id in step.actor.supplier_ids]
        found = next((one.id for one in theirs if kind in _kinds_here(step.facts, one)), None)
        if found is None:
            raise NotTheirsToBring(kind=kind)
    if kind in REPORTED_BY and not sent_channels(step.facts).intersection(REPORTED_BY[kind]):
        raise NothingSentSo(kind=kind)
    return found


def _kinds_here(facts: CampaignFacts, supplier: Supplier) -> tuple[str, ...]:
    return kinds_of(supplier.kind, [one for one in sent_channels(facts) if supplier in senders(facts, one)])


def sent_channels(facts: CampaignFacts) -> set[str]:
    """The channels by which anything was sent."""
    return {lot.channel for lot in facts.lots if lot.is_sent}


def kinds_for(channels: Collection[str]) -> tuple[str, ...]:
    """The kinds of file that come back of what was sent by these channels."""
    posted = (UNDELIVERABLES,) if any(goes_by_post(one) for one in channels) or not channels else ()
    return (RESPONSES, *posted, *(kind for kind, those in REPORTED_BY.items() if set(channels).intersection(those)))
