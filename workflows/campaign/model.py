"""Tables of a campaign and its brief: lists and terms, messages, seeds, costs, responsibilities, history.

What stages leave is in `records`.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, Relationship, SQLModel, UniqueConstraint

from workflows.campaign.policy import Policy, PolicyVersion, policy_of
from workflows.campaign.states import CampaignState
from workflows.engine.checkpoints import GENESIS
from workflows.engine.columns import document, instant, key, money, rate, reference, text
from workflows.trade.billing import BillingBasis
from workflows.trade.kpis import WHOLE, Margin
from workflows.trade.working_days import local_day


def current(*columns: str) -> Index:
    """One current row for these columns; rows that ended may repeat them."""
    return Index(None, *columns, unique=True, postgresql_where=sql("to_seq is null"))


class Campaign(SQLModel, table=True):
    """One campaign: where it stands, what it aims at, and the head of its chain of checkpoints.

    `pinned_history` names the rows of history that its plan was submitted with: what others publish later changes no budget.
    `response_curves` are those of earlier campaigns, by channel, that its forecast is made with from its drop on.
    `process_sha256` is the shape of all processes under which it last moved.
    `stood_in` is the stage in which it was put on hold or cancelled.
    `follow_up_of_id` is the campaign whose people it writes to again, where it is a follow-up.
    `calendar_at` is the campaign's own present, where it is played on its own calendar; None lives in real time.
    """

    id: UUID = key()
    advertiser_id: UUID = reference("advertiser.id")
    code: str = Field(unique=True)
    title: str
    state: str = Field(default=CampaignState.PLAN.value, index=True)
    version: int = 0
    chain_seq: int = 0
    chain_head: str = GENESIS
    policy_version_id: UUID = reference("policy_version.id")
    policy_number: int
    currency: str = "EUR"
    vat_rate: Decimal = rate()
    drop_on: date
    offer_ends_on: date | None = None
    dropped_on: date | None = None
    envelope_amount: Decimal = money()
    forecast_amount: Decimal | None = money(nullable=True)
    target_responses: int | None = None
    target_roi: Decimal | None = rate(nullable=True)
    minimum_net_quantity: int | None = None
    margin_rate: Decimal = rate(WHOLE.rate)
    handling_amount: Decimal = money(WHOLE.handling_amount)
    dedupe: dict[str, Any] = document()
    seed: int = 1
    projection: dict[str, Any] | None = document(nullable=True)
    retroplanning: dict[str, Any] | None = document(nullable=True)
    pinned_history: list[str] | None = document(nullable=True)
    response_curves: dict[str, Any] | None = document(nullable=True)
    opened_at: datetime = instant()
    opened_by_id: UUID | None = reference("person.id", nullable=True)
    copied_from_id: UUID | None = reference("campaign.id", nullable=True)
    follow_up_of_id: UUID | None = reference("campaign.id", nullable=True)
    calendar_at: datetime | None = instant(nullable=True)
    stood_in: str | None = None
    process_sha256: str | None = None
    rested_at: datetime | None = instant(nullable=True)

    policy_version: PolicyVersion = Relationship()

    @property
    def multi_buyers(self) -> int:
        """From how many files on people get lots of their own; 0 where the brief does not ask for that."""
        return int(self.dedupe.get("multi_buyers") or 0)

    @property
    def margin(self) -> Margin:
        """What stays of what people give or buy, as the brief says it."""
        return Margin(rate=self.margin_rate, handling_amount=self.handling_amount)

    def present(self, now: datetime) -> datetime:
        """Its own present, where it has one."""
        return self.calendar_at or now

    def today(self, now: datetime) -> date:
        """Its own day."""
        return local_day(self.present(now))

    @property
    def drop_day(self) -> date:
        """The day of its drop: the one that was, before it the one that is planned."""
        return self.dropped_on or self.drop_on

    @property
    def purge_on(self) -> date:
        """The day on which what was used for its drop must be gone."""
        return self.drop_day + timedelta(days=self.policy.purge_days)

    @property
    def policy(self) -> Policy:
        """The policy version that this campaign pinned when it was opened."""
        return policy_of(self.policy_version_id, lambda: self.policy_version.body)


class CampaignFact(SQLModel):
    """A row of a campaign that holds from one checkpoint to another, so that any past moment is a query."""

    id: UUID = key()
    campaign_id: UUID = reference("campaign.id")
    advertiser_id: UUID = reference("advertiser.id")
    from_seq: int
    to_seq: int | None = None


class CampaignList(CampaignFact, table=True):
    """A list the campaign uses, and its terms: they hold for the whole list, not by segment.

    `billing_basis` is what the least share billed in full is a share of; what the dedupe loses for one of the `unbilled_reasons`, which
    stand in its order, is never billed.

    `offer_until_on` is the last day on which its owner's offer may be ordered; from `protected_from_on` to `protected_until_on` the owner
    lets no competitor mail its addresses. Both days are included.

    Until `reuse_until_on` its owner lets one follow-up drop: to those of its addresses that were mailed, at `reuse_cpm` where there is a
    price, and to its group seconds that were paid, where `reuse_seconds`. Without that day the list is for one use. In a follow-up,
    `source_list_id` is the list of the campaign before whose addresses it writes to again.
    """

    __tablename__ = "campaign_list"
    __table_args__ = (current("campaign_id", "code"),)

    code: str
    name: str
    nature: str
    owner_id: UUID | None = reference("supplier.id", nullable=True)
    broker_id: UUID | None = reference("supplier.id", nullable=True)
    cpm: Decimal = rate()
    selection_cpm: Decimal = rate()
    run_charge_cpm: Decimal = rate()
    min_billing_rate: Decimal = rate()
    min_invoice_amount: Decimal = money()
    technical_fee: Decimal = money()
    billing_basis: str = BillingBasis.DELIVERED.value
    unbilled_reasons: list[str] = document(many=True)
    undeliverable_guarantee: Decimal | None = rate(nullable=True)
    lead_days: int = 0
    offer_until_on: date | None = None
    protected_from_on: date | None = None
    protected_until_on: date | None = None
    reuse_cpm: Decimal | None = rate(nullable=True)
    reuse_until_on: date | None = None
    reuse_seconds: bool = False
    source_list_id: UUID | None = reference("campaign_list.id", nullable=True)
    terms_agreed_at: datetime | None = instant(nullable=True)
    consent_at: datetime | None = instant(nullable=True)

    @property
    def is_house(self) -> bool:
        return self.nature == "house"

    @property
    def supplier_id(self) -> UUID | None:
        """Whom the list is ordered from: its broker where it has one, else its owner."""
        return self.broker_id or self.owner_id

    @property
    def known_by(self) -> tuple[str, UUID | None]:
        """By what it is the same list in another campaign: its code and its owner, or its broker where no owner is named."""
        return self.code, self.owner_id or self.broker_id

    @property
    def is_brought_over(self) -> bool:
        """Whether its addresses come from the campaign that this one follows up: nobody delivers them."""
        return self.source_list_id is not None


class ListSegment(CampaignFact, table=True):
    """A segment of a list and how many records its owner says it has."""

    __tablename__ = "list_segment"
    __table_args__ = (current("list_id", "code"),)

    list_id: UUID = reference("campaign_list.id")
    code: str
    universe: int


class Message(CampaignFact, table=True):
    """A mail piece: its offer, tags and legal notice, and who signed it off; `proof_signed_seq` is the place of that in the chain."""

    __table_args__ = (current("campaign_id", "code"),)

    code: str
    label: str
    offer: str
    tags: str = ""
    notice: str = text()
    proof_signed_at: datetime | None = instant(nullable=True)
    proof_signed_by_id: UUID | None = reference("person.id", nullable=True)
    proof_signed_seq: int | None = None

    @property
    def tag_names(self) -> tuple[str, ...]:
        """Its tags, each once, in the brief's order; `;` stands between them."""
        return tuple(dict.fromkeys(name for tag in self.tags.split(";") if (name := tag.strip())))


class MonitorSeed(CampaignFact, table=True):
    """An address of the advertiser's own, put in every lot that is sent, to watch the mailing. `address` has the fields of the layout."""

    __tablename__ = "monitor_seed"
    __table_args__ = (current("campaign_id", "code"),)

    code: str
    address: dict[str, Any] = document()


class CostItem(CampaignFact, table=True):
    """A cost by nature and basis. `amount` is euros per unit of the basis; a percentage for `pourcent`."""

    __tablename__ = "cost_item"

    position: int
    nature: str
    basis: str
    amount: Decimal = rate()
    supplier_id: UUID | None = reference("supplier.id", nullable=True)


class Responsibility(CampaignFact, table=True):
    """Who is answerable for a stage of the campaign."""

    stage: str
    person_id: UUID = reference("person.id")


class HistoryRow(SQLModel, table=True):
    """What a line of an earlier campaign brought; one row a campaign × list × segment × channel × message."""

    __tablename__ = "history_row"
    __table_args__ = (UniqueConstraint("advertiser_id", "campaign", "list_code", "segment", "channel", "message"),)

    id: UUID = key()
    advertiser_id: UUID = reference("advertiser.id")
    campaign: str
    list_code: str
    segment: str
    channel: str
    message: str
    nature: str
    gross: int
    net: int
    mailed: int
    undeliverable: int
    responses: int
    gifts: int
    amount: Decimal = money()
    cost: Decimal = money()
    published_by_id: UUID | None = reference("campaign.id", nullable=True)


class HistoryCurve(SQLModel, table=True):
    """How many answers of an earlier campaign came in on each day after its drop, from day 0 to that of the last one, in one channel."""

    __tablename__ = "history_curve"
    __table_args__ = (UniqueConstraint("advertiser_id", "campaign", "channel"),)

    id: UUID = key()
    advertiser_id: UUID = reference("advertiser.id")
    campaign: str
    channel: str
    by_day: list[int] = document(many=True)
    published_by_id: UUID | None = reference("campaign.id", nullable=True)


class Lesson(CampaignFact, table=True):
    """A lesson learned, in words, shown to the next plan."""

    words: str = text()
    stage: str = ""
    person_id: UUID | None = reference("person.id", nullable=True)
    recorded_at: datetime = instant()
