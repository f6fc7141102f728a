"""Legal bases of a campaign's lists: what is stated of each, by whom, and why it should not go out as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.names import names_by_id
from workflows.campaign.brief import BasisRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.process import CAMPAIGN
from workflows.campaign.terms.basis import basis_row, channels_of, doubts_about, stated_of
from workflows.campaign.terms.records import ListBasis
from workflows.campaign.terms.stating import StateBasis
from workflows.engine.refusals import NotFound
from workflows.trade.legal_basis import BasisDoubt


@dataclass(frozen=True, kw_only=True)
class BasisLine:
    """One list. `stated` is None where nothing is; `earlier` is what was stated of the same list in another campaign, last."""

    list_id: UUID
    list_code: str
    list_name: str
    is_house: bool
    channels: tuple[str, ...]
    stated: ListBasis | None
    stated_by: str
    doubts: tuple[BasisDoubt, ...]
    earlier: BasisRow | None

    @property
    def said(self) -> BasisRow | None:
        """What is stated here, else what was in another campaign."""
        return basis_row(self.stated) if self.stated else self.earlier


@dataclass(frozen=True, kw_only=True)
class SupplierBasis:
    """A list as its supplier states its legal basis. `said` is what is stated here, else what was of the same list in another campaign."""

    campaign_id: UUID
    list_id: UUID
    list_name: str
    said: BasisRow | None
    stated: ListBasis | None
    is_open: bool

    @property
    def is_lacking(self) -> bool:
        """Whether its supplier may still state it, and nobody has."""
        return self.is_open and self.stated is None


def list_basis_lines(facts: CampaignFacts) -> tuple[BasisLine, ...]:
    """Every list that counts, by code, and any other of which something is stated."""
    used = {row.id for row in facts.live_lists} | {one.list_id for one in facts.list_bases}
    rows = [row for row in facts.lists if row.id in used]
    names, earlier = names_by_id(facts.session, (one.stated_by_id for one in facts.list_bases)), _earlier(facts.session, rows)
    return tuple(_line(facts, row, names, earlier.get(row.id)) for row in rows)


def _line(facts: CampaignFacts, row: CampaignList, names: dict[UUID | None, str], earlier: BasisRow | None) -> BasisLine:
    stated = stated_of(facts, row.id)
    return BasisLine(
        list_id=row.id,
        list_code=row.code,
        list_name=row.name,
        is_house=row.is_house,
        channels=channels_of(facts, row.id),
        stated=stated,
        stated_by=names.get(stated.stated_by_id, "") if stated else "",
        doubts=doubts_about(facts, row),
        earlier=earlier,
    )


def get_basis(session: Session, list_id: UUID) -> SupplierBasis:
    """The legal basis of a list as its supplier, who asks, may see and state it.

    :raises NotFound: when the asker sees no such list.
    """
    row = session.get(CampaignList, list_id)
    if row is None:
        raise NotFound(subject="campaign_list")
    stated = session.exec(select(ListBasis).where(ListBasis.list_id == list_id, col(ListBasis.to_seq).is_(None))).first()
    stage = CAMPAIGN.stage(session.get_one(Campaign, row.campaign_id).state)
    return SupplierBasis(
        campaign_id=row.campaign_id,
        list_id=list_id,
        list_name=row.name,
        said=basis_row(stated) if stated else _earlier(session, [row]).get(row.id),
        stated=stated,
        is_open=row.to_seq is None and stage is not None and stage.takes(StateBasis),
    )


def _earlier(session: Session, rows: Iterable[CampaignList]) -> dict[UUID, BasisRow]:
    """What was stated of the same lists, for the same supplier, in other campaigns of the advertiser: of each the last, by its id here."""
    here = {(row.code, row.supplier_id): row for row in rows}
    if not here:
        return {}
    (advertiser_id,) = {row.advertiser_id for row in here.values()}
    others = (
        select(CampaignList.code, ListBasis)
        .join(CampaignList, col(CampaignList.id) == col(ListBasis.list_id))
        .where(
            ListBasis.advertiser_id == advertiser_id,
            col(ListBasis.campaign_id).not_in({row.campaign_id for row in here.values()}),
            col(ListBasis.to_seq).is_(None),
            col(CampaignList.code).in_([code for code, _supplier in here]),
        )
        .order_by(col(ListBasis.stated_at))
    )
    found = {(code, stated.supplier_id): stated for code, stated in session.exec(others)}
    return {here[key].id: basis_row(stated) for key, stated in found.items() if key in here}
