"""What every document shows: who issues it, to whom, under which number, and how a check is written down.

Shared by the kinds of documents. A record that only one kind needs stands with that kind.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from workflows.campaign.documents.record import Money, Places, Rate, Record


@dataclass(frozen=True, kw_only=True)
class Party(Record):
    """A company or association as it must stand on a French commercial paper."""

    name: str
    siren: str
    vat_number: str
    address: str
    postcode: str
    town: str
    email: str


@dataclass(frozen=True, kw_only=True)
class DocumentHead(Record):
    """The letterhead: issuer, recipient, number, revision and date.

    ``recipient`` is None on an internal paper. ``supersedes`` is the number and revision that this one replaces.
    """

    kind: str
    number: str
    revision: int
    issued_on: date
    campaign_code: str
    campaign_title: str
    advertiser: Party
    recipient: Party | None = None
    supersedes: str | None = None
    currency: str = "EUR"
    contact_name: str = ""
    contact_email: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure(Record):
    """A value with its unit, so that each language can write it; made by ``count``, ``money``, ``share``, ``ratio`` or ``words``.

    Weights and thicknesses have the units ``grams`` and ``millimetres``.
    """

    unit: str
    value: Annotated[Decimal, Places(6, rounded=True)] | None = None
    text: str = ""


def count(quantity: int) -> Measure:
    """Return a whole number of pieces, records or days."""
    return Measure(unit="count", value=Decimal(quantity))


def money(amount: Decimal) -> Measure:
    """Return an amount in the document's currency."""
    return Measure(unit="money", value=amount)


def share(rate: Decimal) -> Measure:
    """Return a rate that is written in percent: 0.02 is 2 %."""
    return Measure(unit="share", value=rate)


def ratio(value: Decimal) -> Measure:
    """Return a quotient that is written as it is, as euros returned for one euro."""
    return Measure(unit="ratio", value=value)


def words(text: str) -> Measure:
    """Return what is no number, as an encoding or a checksum."""
    return Measure(unit="text", text=text)


@dataclass(frozen=True, kw_only=True)
class Wording(Record):
    """Words in one language, as they were on the day."""

    language: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Check(Record):
    """One check as its checkpoint holds it: expected, actual, tolerance, verdict, and why it was overridden.

    ``verdict`` is ``ok``, ``warning`` or ``failed``; ``about`` says of what, as a list or a file, ``about_words`` how policy calls that.
    """

    code: str
    verdict: str
    expected: Measure | None = None
    actual: Measure | None = None
    tolerance: Measure | None = None
    about: str = ""
    override: str = ""
    about_words: tuple[Wording, ...] = ()

    def called(self, language: str) -> str:
        """How policy calls what the check is about; nothing where policy has no words for it."""
        return next((one.text for one in self.about_words if one.language == language), "")


@dataclass(frozen=True, kw_only=True)
class MarginUsed(Record):
    """What returns were worked out with: the share that stays of what people give or buy, and the euros that handling each costs."""

    rate: Rate
    handling_amount: Money


@dataclass(frozen=True, kw_only=True)
class FileReference(Record):
    """A file that a document speaks of: its name, the SHA-256 of its bytes, and how many records it holds (None: not counted yet)."""

    name: str
    sha256: str
    quantity: int | None
    layout: str = ""
    encoding: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentContent(Record):
    """The content of one document: the base of every kind."""

    head: DocumentHead

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_balance()

    def check_balance(self) -> None:
        """Raise :class:`ContentUnbalanced` when the figures do not add up; a kind with identities overrides it."""

    @property
    def reference(self) -> str:
        """Number and revision in one, as another document cites it: ``BC-27P-001/1``."""
        return f"{self.head.number}/{self.head.revision}"

    @property
    def channel_in_title(self) -> str:
        """The channel that its title names, where it is of one."""
        return ""

    @property
    def sender(self) -> Party:
        """Whose paper it is."""
        return self.head.advertiser

    @property
    def addressee(self) -> Party | None:
        """To whom it goes; nobody where it stays in the house."""
        return self.head.recipient

    @classmethod
    def kind_name(cls) -> str:
        """Return the kind, which is also the name of its template: ``purchase_order`` for :class:`PurchaseOrder`."""
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in cls.__name__).lstrip("_")


def vat_amount(amount: Decimal, vat_rate: Decimal) -> Decimal:
    """Return the VAT on an amount, rounded half-up to the cent (lines are rounded first, VAT is taken on their sum)."""
    return Places(2, rounded=True).applied_to(amount * vat_rate)
