"""What going out is called, by its way: pieces are posted, messages sent, people called. Where several ways meet, neither word is right.

The one place for words that differ so; sentences that hold for all of them stand where they are said. Not for papers and e-mails, whose
texts stand with their templates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from workflows.trade.channels import Way


@dataclass(frozen=True, kw_only=True)
class SendingWords:
    """The words of one way. What proves it is `proof`, a number of which is `number`, with its file `slip`; `went` is a column of counts.

    Those with a place are written with `%`: `%(number)s` of a proof, `%(campaign)s`, `%(n)s` of pieces, messages or people.
    """

    order: LazyString
    orders: LazyString
    lede: LazyString
    lots: LazyString
    still: LazyString
    went: LazyString
    pieces: LazyString
    some: LazyString
    proof: LazyString
    proofs: LazyString
    planned: LazyString
    day: LazyString
    day_missing: LazyString
    last_day: LazyString | str = ""
    number: LazyString
    number_missing: LazyString
    slip: LazyString
    slip_hint: LazyString
    slip_accept: str
    see_slip: LazyString
    no_slip: LazyString
    files: LazyString
    not_to_go: LazyString
    prove: LazyString
    prove_of: LazyString
    prove_again_of: LazyString
    proved_with: LazyString
    again: LazyString
    record: LazyString
    record_for: LazyString
    recorded_for: LazyString
    correct: LazyString
    refuse: LazyString
    refused: LazyString


_POST = SendingWords(
    order=_l("Mailing order"),
    orders=_l("Mailing orders"),
    lede=_l("Proofs signed off, the mailer ordered, every piece accounted for at the post."),
    lots=_l("Deposit"),
    still=_l("Still to post"),
    went=_l("Posted"),
    pieces=_l("Pieces posted"),
    some=_l("%(n)s pieces"),
    proof=_l("Deposit slip"),
    proofs=_l("Deposit slips"),
    planned=_l("drop on %(day)s"),
    day=_l("Posted on"),
    day_missing=_l("Write the day on the deposit slip."),
    number=_l("Number of the deposit slip"),
    number_missing=_l("Write the number on the deposit slip."),
    slip=_l("The deposit slip, scanned"),
    slip_hint=_l("PDF or a photo."),
    slip_accept=".pdf,.png,.jpg,.jpeg",
    see_slip=_l("See the slip"),
    no_slip=_l("not scanned"),
    files=_l("Files to post"),
    not_to_go=_l("Not to be produced, and not to be posted"),
    prove=_l("Prove the posting"),
    prove_of=_l("Prove the posting: %(campaign)s"),
    prove_again_of=_l("Prove the posting again: %(campaign)s"),
    proved_with=_l("With the deposit slip: its number, the day, the pieces of each lot."),
    again=_l("It counts for nothing. Prove the posting again, with what was really posted."),
    record=_l("Record the deposit"),
    record_for=_l("Record a deposit on behalf of the mailer"),
    recorded_for=_l("recorded for the mailer"),
    correct=_l("Correct deposit slip %(number)s"),
    refuse=_l("Refuse deposit slip %(number)s"),
    refused=_l("Deposit slip %(number)s was refused"),
)
_MESSAGES = SendingWords(
    order=_l("Order to send"),
    orders=_l("Orders to send"),
    lede=_l("Proofs signed off, the sender ordered, every message accounted for."),
    lots=_lp("channel", "Sending"),
    still=_l("Still to send"),
    went=_lp("sending", "Sent"),
    pieces=_l("Messages sent"),
    some=_l("%(n)s messages"),
    proof=_l("Sending report"),
    proofs=_l("Sending reports"),
    planned=_l("sending on %(day)s"),
    day=_l("Sent on"),
    day_missing=_l("Write the day of the sending."),
    number=_l("Reference of the sending"),
    number_missing=_l("Write how the platform names the sending."),
    slip=_l("The report of the platform"),
    slip_hint=_l("PDF, a picture or a table."),
    slip_accept=".pdf,.png,.jpg,.jpeg,.csv,.xlsx",
    see_slip=_l("See the report"),
    no_slip=_l("no report"),
    files=_l("Files to send"),
    not_to_go=_l("Not to be sent"),
    prove=_l("Prove the sending"),
    prove_of=_l("Prove the sending: %(campaign)s"),
    prove_again_of=_l("Prove the sending again: %(campaign)s"),
    proved_with=_l("With the report of your platform: the day, and how many messages of each lot were sent."),
    again=_l("It counts for nothing. Prove the sending again, with what was really sent."),
    record=_l("Record the sending"),
    record_for=_l("Record a sending on behalf of the sender"),
    recorded_for=_l("recorded for the sender"),
    correct=_l("Correct sending %(number)s"),
    refuse=_l("Refuse sending %(number)s"),
    refused=_l("Sending %(number)s was refused"),
)
_CALLS = replace(
    _MESSAGES,
    order=_l("Order to call"),
    orders=_l("Orders to call"),
    lede=_l("Proofs signed off, the call centre ordered, every person to call accounted for."),
    lots=_lp("channel", "Calls"),
    still=_l("Still to call"),
    went=_lp("sending", "Called"),
    pieces=_l("People called"),
    some=_l("%(n)s people"),
    proof=_l("Report of calls"),
    proofs=_l("Reports of calls"),
    planned=_l("calls from %(day)s"),
    day=_l("First day of calls"),
    day_missing=_l("Write the first day of calls."),
    last_day=_l("Last day of calls"),
    number=_l("Reference of the calls"),
    number_missing=_l("Write how you name these calls."),
    slip=_l("The report of the calls"),
    files=_l("Files to call"),
    not_to_go=_l("Not to be called"),
    prove=_l("Report the calls"),
    prove_of=_l("Report the calls: %(campaign)s"),
    prove_again_of=_l("Report the calls again: %(campaign)s"),
    proved_with=_l("With your report: the first and the last day, and how many people of each lot were called."),
    again=_l("It counts for nothing. Report the calls again, with those that were really made."),
    record=_l("Record the calls"),
    record_for=_l("Record calls on behalf of the call centre"),
    recorded_for=_l("recorded for the call centre"),
    correct=_l("Correct report of calls %(number)s"),
    refuse=_l("Refuse report of calls %(number)s"),
    refused=_l("Report of calls %(number)s was refused"),
)
SENDING: Mapping[Way, SendingWords] = {Way.POST: _POST, Way.MESSAGES: _MESSAGES, Way.CALLS: _CALLS}

_SEVERAL = replace(
    _MESSAGES,
    lede=_l("Proofs signed off, whoever posts, sends or calls ordered, everything accounted for."),
    lots=_l("What went out"),
    still=_l("Still to go out"),
    went=_l("Gone out"),
    proof=_l("Proof of sending"),
    proofs=_l("Proofs of sending"),
    day=_l("Day"),
    slip=_l("Its file"),
)
"""For what is said of several ways at once, and never for a proof, which is of one."""


def sending_words(ways: Iterable[Way]) -> SendingWords:
    """The words for these ways together: their own where it is one, and those of the post where there is none yet."""
    found = set(ways) or {Way.POST}
    return SENDING[found.pop()] if len(found) == 1 else _SEVERAL
