"""The CSV files that people bring, column by column. To accept a new column: read it here, give it a field in the brief."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.intake.rows import Cells, RowError, RowErrors, Table
from workflows.campaign.brief import BasisRow, CostRow, ListRow, MessageRow, PastRow, PlanRow, SeedRow
from workflows.parties.roles import SupplierKind, VatStatus
from workflows.trade.billing import BillingBasis, ListKind, LossReason, in_order
from workflows.trade.channels import EMAIL, PHONE, TEXT_MESSAGE
from workflows.trade.costs import CostBasis
from workflows.trade.legal_basis import CollectedThrough, DataRole, LegalBasis
from workflows.trade.lot_codes import LotRole

BASIS = ("BASE_LEGALE", "COLLECTE_DU", "COLLECTE_AU", "MODE_COLLECTE", "PARTENAIRES_NOMMES", "PURGE_OPPOSITION", "ROLES_RGPD")
"""Columns of lists that say on what basis they may be used."""
EXPECTED_RATE = "TAUX_ATTENDU"
"""The column of the plan that may state a line's response rate, a part of one."""
FLOOR_BASIS, UNBILLED = "BASE_FACTURATION_MIN", "NON_FACTURABLE"
"""Columns of lists that say of what FACTURATION_MIN is a share, and which losses are never billed."""
BILLING_BASES = {
    "livré": BillingBasis.DELIVERED.value,
    "livre": BillingBasis.DELIVERED.value,
    "commandé": BillingBasis.ORDERED.value,
    "commande": BillingBasis.ORDERED.value,
}
LOSSES = {
    "rejets": LossReason.REJECTED.value,
    "repoussoirs": LossReason.SUPPRESSED.value,
    "intra": LossReason.INTRA.value,
    "inter": LossReason.INTER.value,
}
"""Their words, the bases with an accent or without; `intra` are duplicates within the list, `inter` those that other lists kept."""
_CHANNELS = {
    **dict.fromkeys(("e-mail", "e_mail", "mail", "mél", "courriel", "emailing", "e-mailing"), EMAIL),
    **dict.fromkeys(("texto", "textos"), TEXT_MESSAGE),
    **dict.fromkeys(("téléphone", "telephone", "tel", "tél", "phoning", "appel", "appels"), PHONE),
}
NATURES = tuple(str(kind) for kind in ListKind)


@dataclass(frozen=True, kw_only=True)
class SupplierRow:
    """A supplier as a kit names it."""

    code: str
    name: str
    kind: str
    siren: str
    vat_number: str
    email: str
    address: str
    postcode: str
    town: str
    payment_days: int
    vat_status: str
    einvoice_address: str


@dataclass(frozen=True, kw_only=True)
class NoteRow:
    """A delivery note: which file is which version of which tranche, and what its supplier says of it."""

    list_code: str
    tranche: int
    file_version: int
    file: str
    sha256: str
    declared_count: int
    encoding: str
    layout: str
    extracted_on: date | None
    owner_seed_count: int


@dataclass(frozen=True, kw_only=True)
class _ListSegmentRow:
    row: ListRow
    segment: str
    universe: int
    line: int


def _channel(cells: Cells) -> str:
    """A channel without paper that is written in another way; empty for any other, which would go by post."""
    return _CHANNELS.get(cells.text("CANAL", needed=False).lower(), "")


def _plan(cells: Cells) -> PlanRow:
    return PlanRow(
        list_code=cells.text("LISTE"),
        segment=cells.text("SEGMENT"),
        channel=_channel(cells) or cells.name("CANAL").lower(),
        role=cells.one_of("ROLE", [str(role) for role in LotRole if role.is_sent]),
        message=cells.text("MESSAGE"),
        offer=cells.text("OFFRE"),
        gross_qty=cells.whole("BRUT"),
        rank=cells.whole("RANG"),
        expected_rate=cells.share(EXPECTED_RATE, needed=False) if cells.text(EXPECTED_RATE, needed=False) else None,
    )


def _past(cells: Cells) -> PastRow:
    return PastRow(
        campaign=cells.text("CAMPAGNE"),
        list_code=cells.text("LISTE"),
        segment=cells.text("SEGMENT"),
        channel=_channel(cells) or cells.text("CANAL").lower(),
        message=cells.text("MESSAGE"),
        nature=cells.one_of("NATURE", NATURES),
        gross=cells.whole("BRUT"),
        net=cells.whole("NET"),
        mailed=cells.whole("ENVOYES"),
        undeliverable=cells.whole("PND"),
        responses=cells.whole("RETOURS"),
        gifts=cells.whole("DONS"),
        amount=cells.number("MONTANT"),
        cost=cells.number("COUT"),
    )


def _message(cells: Cells) -> MessageRow:
    return MessageRow(
        code=cells.text("MESSAGE"), label=cells.text("LIBELLE"), offer=cells.text("OFFRE"), tags=cells.text("TAGS", needed=False)
    )


def _cost(cells: Cells) -> CostRow:
    basis = cells.one_of("BASE", [str(basis) for basis in CostBasis])
    if basis == CostBasis.CONTINGENCY_PERCENT:
        cells.percent("MONTANT_HT")
    return CostRow(
        nature=cells.text("NATURE"),
        basis=basis,
        amount=cells.number("MONTANT_HT"),
        supplier=cells.text("FOURNISSEUR", needed=False) or None,
    )


def _seed(cells: Cells) -> SeedRow:
    address = {column: (value or "").strip() for column, value in cells.values.items() if column and column != "ID"}
    return SeedRow(code=cells.text("ID"), address=address)


def _supplier(cells: Cells) -> SupplierRow:
    return SupplierRow(
        code=cells.text("CODE"),
        name=cells.text("NOM"),
        kind=cells.one_of("TYPE", [str(kind) for kind in SupplierKind]),
        siren=cells.text("SIREN", needed=False),
        vat_number=cells.text("TVA", needed=False),
        email=cells.text("EMAIL"),
        address=cells.text("ADRESSE", needed=False),
        postcode=cells.text("CP", needed=False),
        town=cells.text("VILLE", needed=False),
        payment_days=cells.whole("DELAI_PAIEMENT_J", needed=False) or 30,
        vat_status=cells.one_of("REGIME_TVA", [str(status) for status in VatStatus], needed=False) or VatStatus.STANDARD.value,
        einvoice_address=cells.text("ADRESSE_FACTURATION_ELECTRONIQUE", needed=False),
    )


def _note(cells: Cells) -> NoteRow:
    return NoteRow(
        list_code=cells.text("LISTE"),
        tranche=cells.whole("TRANCHE"),
        file_version=cells.whole("VERSION"),
        file=cells.file("FICHIER"),
        sha256=cells.text("SHA256", needed=False),
        declared_count=cells.whole("NB_ENREGISTREMENTS"),
        encoding=cells.text("ENCODAGE", needed=False),
        layout=cells.file("DESSIN", needed=False),
        extracted_on=cells.day("DATE_EXTRACTION", needed=False),
        owner_seed_count=cells.whole("NB_PIEGES", needed=False),
    )


def _basis(cells: Cells) -> BasisRow | None:
    """The legal basis of a list; None where none of its columns says anything."""
    if not any(cells.text(column, needed=False) for column in BASIS):
        return None
    return BasisRow(
        legal_basis=cells.one_of("BASE_LEGALE", tuple(LegalBasis)),
        collected_from_on=cells.day("COLLECTE_DU", needed=False),
        collected_until_on=cells.day("COLLECTE_AU", needed=False),
        collected_through=cells.one_of("MODE_COLLECTE", tuple(CollectedThrough), needed=False),
        partners_named=cells.one_of("PARTENAIRES_NOMMES", ("non", "oui"), needed=False) == "oui",
        objections_purged_on=cells.day("PURGE_OPPOSITION") or date.min,
        data_role=cells.one_of("ROLES_RGPD", tuple(DataRole), needed=False),
    )


def _list_segment(cells: Cells) -> _ListSegmentRow:
    guarantee = cells.share("GARANTIE_PND", needed=False) if cells.text("GARANTIE_PND", needed=False) else None
    row = ListRow(
        code=cells.name("LISTE"),
        name=cells.text("NOM"),
        nature=cells.one_of("NATURE", NATURES),
        owner=cells.text("PROPRIETAIRE", needed=False) or None,
        broker=cells.text("COURTIER", needed=False) or None,
        cpm=cells.number("CPM", needed=False),
        selection_cpm=cells.number("CPM_SELECTION", needed=False),
        run_charge_cpm=cells.number("CPM_RUN", needed=False),
        min_billing_rate=cells.share("FACTURATION_MIN", needed=False),
        min_invoice_amount=cells.number("MINIMUM_EUR", needed=False),
        technical_fee=cells.number("FRAIS_TECHNIQUES", needed=False),
        billing_basis=BILLING_BASES.get(cells.one_of(FLOOR_BASIS, tuple(BILLING_BASES), needed=False), BillingBasis.DELIVERED.value),
        unbilled_reasons=tuple(in_order(LOSSES[word] for word in cells.some_of(UNBILLED, tuple(LOSSES)))),
        undeliverable_guarantee=guarantee,
        lead_days=cells.whole("DELAI_JO", needed=False),
        basis=_basis(cells),
    )
    return _ListSegmentRow(row=row, segment=cells.text("SEGMENT"), universe=cells.whole("UNIVERS", needed=False), line=cells.line)


PLAN = Table(("LISTE", "SEGMENT", "CANAL", "ROLE", "MESSAGE", "OFFRE", "BRUT", "RANG"), _plan)
HISTORY = Table(
    ("CAMPAGNE", "LISTE", "SEGMENT", "CANAL", "MESSAGE", "NATURE", "BRUT", "NET", "ENVOYES", "PND", "RETOURS", "DONS", "MONTANT", "COUT"),
    _past,
)
MESSAGES = Table(("MESSAGE", "LIBELLE", "OFFRE"), _message)
COSTS = Table(("NATURE", "BASE", "MONTANT_HT"), _cost)
SEEDS = Table(("ID", "NOM", "CP", "LOCALITE"), _seed)
SUPPLIERS = Table(("CODE", "NOM", "TYPE", "EMAIL"), _supplier)
NOTES = Table(("LISTE", "TRANCHE", "VERSION", "FICHIER", "NB_ENREGISTREMENTS"), _note)
_LISTS = Table(("LISTE", "SEGMENT", "NOM", "NATURE", "PROPRIETAIRE", "CPM"), _list_segment)


def parse_lists(data: bytes, *, name: str = "") -> tuple[ListRow, ...]:
    """Read lists with their segments: one line a segment, the same terms on each line of a list.

    :raises RowErrors: with every fault; terms that differ between a list's lines are one.
    """
    first: dict[str, ListRow] = {}
    segments: dict[str, list[tuple[str, int]]] = {}
    errors: list[RowError] = []
    for one in _LISTS.parse(data, name=name):
        known = first.setdefault(one.row.code, one.row)
        if known != one.row:
            errors.append(RowError(line=one.line, column="LISTE", code="terms_differ", text=one.row.code))
        of_list = segments.setdefault(one.row.code, [])
        if one.segment in {code for code, _ in of_list}:
            errors.append(RowError(line=one.line, column="SEGMENT", code="twice", text=f"{one.row.code}/{one.segment}"))
        of_list.append((one.segment, one.universe))
    if errors:
        raise RowErrors(errors, name=name)
    return tuple(with_segments(row, segments[code]) for code, row in first.items())


def with_segments(row: ListRow, segments: Sequence[tuple[str, int]]) -> ListRow:
    """The list with these segments."""
    return ListRow(**{**vars(row), "segments": tuple(segments)})
