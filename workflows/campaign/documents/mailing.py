"""The papers of production: the plan of lots that freezes who receives what, and the order to the mailer that posts it.

A plan of lots covers every net record exactly once: sent, held out or kept in reserve.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from workflows.campaign.documents.head import Check, DocumentContent, FileReference, Measure, Party
from workflows.campaign.documents.record import ContentUnbalanced, Money, Places, Rate, Record, UnitPrice
from workflows.trade.channels import Way, way_of

Hundredths = Annotated[Decimal, Places(2)]
"""Grams or millimetres."""

UNSENT_ROLES = frozenset({"holdout", "reserve"})


@dataclass(frozen=True, kw_only=True)
class LotRow(Record):
    """One lot: the records of one list and segment that receive one message in one role. ``quantity`` is without the monitor seeds.

    ``in_several``: those of them who stand in several files. ``spoilage_qty`` is printed of it beyond its pieces, where an order says so.
    ``phone``, ``url`` and ``qr`` are carried by this lot alone, so that an answer which came by one is known to be its.
    """

    code: str
    list_code: str
    segment: str
    offer: str
    message: str
    channel: str
    role: str
    quantity: int
    seeds: int = 0
    expected_rate: Rate | None = None
    in_several: bool = False
    spoilage_qty: int = 0
    phone: str = ""
    url: str = ""
    qr: str = ""

    @property
    def is_tracked(self) -> bool:
        """Whether it carries a number or an address of its own."""
        return bool(self.phone or self.url or self.qr)

    @property
    def is_sent(self) -> bool:
        """Whether the lot is mailed at all."""
        return self.role not in UNSENT_ROLES

    @property
    def pieces(self) -> int:
        """Pieces to produce: records and seeds."""
        return self.quantity + self.seeds

    @property
    def printed(self) -> int:
        """Pieces to print: what is produced, and what is spoilt on the way."""
        return self.pieces + self.spoilage_qty


@dataclass(frozen=True, kw_only=True)
class MessageRow(Record):
    """One message: what is in the envelope and how its answers are recognised."""

    code: str
    label: str
    offer: str
    inserts: tuple[str, ...] = ()
    ask: str = ""
    tracked_by: str = ""


@dataclass(frozen=True, kw_only=True)
class TestPair(Record):
    """Two lots that differ in one variable, and how many records each needs for a verdict; without codes, all such lots of a test.

    ``power`` is the chance to see the difference that is looked for, ``detectable_rate`` the nearest rate that would be seen. Where the
    sizes are judged, ``verdict`` is ``conclusive`` or ``inconclusive``; where only the responses would be too few for one,
    ``least_responses`` are what policy wants.
    """

    __test__ = False  # a name that begins with Test is no test class

    hypothesis: str
    variable: str
    control_lot: str
    variant_lot: str
    control_qty: int
    variant_qty: int
    needed_qty: int | None = None
    power: Rate | None = None
    detectable_rate: Rate | None = None
    verdict: str = ""
    least_responses: int | None = None


@dataclass(frozen=True, kw_only=True)
class LotPlan(DocumentContent):
    """Who receives what: every lot with its code, the rule and seed of the split, and the files it freezes.

    ``split_seed`` is what the split was drawn with, so that anybody can draw it again. ``net_qty`` is the merge-purge's; the lots add
    up to it.
    """

    drop_on: date
    run_number: int
    net_qty: int
    split_seed: str
    split_rule: str
    lots: tuple[LotRow, ...]
    messages: tuple[MessageRow, ...]
    files: tuple[FileReference, ...] = ()
    tests: tuple[TestPair, ...] = ()
    checks: tuple[Check, ...] = ()
    monitor_seeds: int = 0
    remarks: str = ""

    def check_balance(self) -> None:
        if self.quantity != self.net_qty:
            raise ContentUnbalanced("sum of lots = net", self.quantity, self.net_qty)

    @property
    def quantity(self) -> int:
        """Records in all lots."""
        return sum(lot.quantity for lot in self.lots)

    @property
    def sent_qty(self) -> int:
        """Records in the lots that are sent."""
        return sum(lot.quantity for lot in self.lots if lot.is_sent)

    @property
    def seeds(self) -> int:
        """Monitor seeds over all lots."""
        return sum(lot.seeds for lot in self.lots)


@dataclass(frozen=True, kw_only=True)
class ComponentRow(Record):
    """One thing that goes into the envelopes of a message, in folding order. ``spoilage_qty`` is what the printer adds for waste."""

    message: str
    fold_rank: int
    label: str
    quantity: int
    spoilage_qty: int = 0


@dataclass(frozen=True, kw_only=True)
class PieceRow(Record):
    """One piece of a message as it is posted."""

    message: str
    format: str = ""
    weight_grams: Hundredths | None = None
    thickness_mm: Hundredths | None = None


@dataclass(frozen=True, kw_only=True)
class MailingChange(Record):
    """What an order says otherwise than the one it replaces, of a message or a lot where one is named. Nothing was, or is, said where it is
    None.
    """

    field: str
    message: str = ""
    lot: str = ""
    before: Measure | None = None
    after: Measure | None = None


@dataclass(frozen=True, kw_only=True)
class ProofRow(Record):
    """A message that was signed off: nothing else may be printed.

    ``sha256`` is that of the file that was signed, ``notice_sha256`` of the data-protection notice with it. Signed on its notice alone, a
    message has version 0 and no file. In orders of before there were files, ``sha256`` was the notice’s.
    """

    message: str
    version: int
    sha256: str
    signed_by: str
    signed_on: date
    notice_sha256: str = ""

    @property
    def on_notice_alone(self) -> bool:
        """Whether no file was signed."""
        return not self.sha256


@dataclass(frozen=True, kw_only=True)
class UnsentRow(Record):
    """A lot that stands in the files and is not to be mailed."""

    code: str
    pieces: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ServiceRow(Record):
    """What the mailer is paid for, as agreed in its order."""

    nature: str
    unit: str
    quantity: int
    unit_price: UnitPrice
    amount: Money


@dataclass(frozen=True, kw_only=True)
class CallingRow(Record):
    """What whoever calls has to keep to, as policy says.

    ``hours`` are those of the ``region``'s working days, as ``10:00-13:00 14:00-20:00``; none for any hour of any day. ``most`` calls of a
    person within ``counted_days``, none for ``rest_days`` after a refusal; 0 sets no limit.
    """

    hours: str
    region: str
    most: int
    counted_days: int
    rest_days: int


@dataclass(frozen=True, kw_only=True)
class SendingRow(Record):
    """What whoever sends e-mails or text messages has to keep to, as policy says.

    ``hours`` are those of messages, as ``08:00-20:00``; none for any hour of any day. ``complaint_rate`` of those who are e-mailed may
    complain at most; 0 sets no limit.
    """

    hours: str
    region: str
    complaint_rate: Rate


@dataclass(frozen=True, kw_only=True)
class MailingOrder(DocumentContent):
    """What the mailer prints, inserts and posts: lots, components, proofs, files, site and date.

    Where somebody said how the pieces are made and posted, ``spoilage_rate`` is what each lot is printed beyond its pieces; it is None
    where nobody did, and ``components`` hold the spoilage that policy says. ``changes`` are from the order that this one replaces.

    ``undeliverable_to`` is where pieces come back, ``undeliverable`` what is done with them; ``tolerance_rate`` is the deviation that needs
    no explanation; the lots that are ``left_unsent`` stand in the files and are not mailed. ``calling`` stands where people are called,
    ``sending`` where they are sent e-mails or messages.
    """

    order_number: str
    lot_plan_number: str
    channel: str
    drop_on: date
    postal_product: str
    deposit_site: str
    undeliverable_to: Party
    lots: tuple[LotRow, ...]
    files: tuple[FileReference, ...]
    proofs: tuple[ProofRow, ...]
    left_unsent: tuple[UnsentRow, ...] = ()
    components: tuple[ComponentRow, ...] = ()
    services: tuple[ServiceRow, ...] = ()
    file_received_on: date | None = None
    machine_proof_on: date | None = None
    mail_pieces: tuple[PieceRow, ...] = ()
    postal_sort: str = ""
    spoilage_rate: Rate | None = None
    undeliverable: str = ""
    contact: str = ""
    changes: tuple[MailingChange, ...] = ()
    printer_name: str = ""
    monitor_seeds: int = 0
    tolerance_rate: Rate = Decimal("0.001")
    purge_on: date | None = None
    remarks: str = ""
    calling: CallingRow | None = None
    sending: SendingRow | None = None

    @property
    def channel_in_title(self) -> str:
        return self.channel

    @property
    def way(self) -> Way:
        """How what it orders goes out."""
        return way_of(self.channel)

    @property
    def goes_by_post(self) -> bool:
        """Whether it is about paper that is brought to the post, or about e-mails, messages or calls."""
        return self.way is Way.POST

    @property
    def quantity(self) -> int:
        """Records to mail, without seeds."""
        return sum(lot.quantity for lot in self.lots)

    @property
    def pieces(self) -> int:
        """Pieces to post, seeds included."""
        return sum(lot.pieces for lot in self.lots)

    @property
    def printed(self) -> int:
        """Pieces to print, where it is said lot by lot."""
        return sum(lot.printed for lot in self.lots)

    @property
    def services_amount(self) -> Decimal:
        """What the services cost, without VAT."""
        return sum((row.amount for row in self.services), Decimal("0.00"))
