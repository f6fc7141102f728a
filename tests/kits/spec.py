"""What a kit is asked to be: its lists with their records and files, its plan, and whatever else may differ from kit to kit."""

from dataclasses import dataclass, field
from datetime import date

TERMS = ("CPM", "CPM_SELECTION", "CPM_RUN", "FACTURATION_MIN", "MINIMUM_EUR", "FRAIS_TECHNIQUES")
BILLING = ("BASE_FACTURATION_MIN", "NON_FACTURABLE")
"""Terms that most lists leave out."""


@dataclass(frozen=True)
class Version:
    """One delivered version of a tranche. `fault`: none, `garbled` (accents encoded twice), `short` (a third is missing) or `checksum`."""

    fault: str = ""


@dataclass(frozen=True)
class Tranche:
    """A part of a list: its share of the records, and its versions in order."""

    share: float = 1.0
    versions: tuple[Version, ...] = (Version(),)


@dataclass(frozen=True, kw_only=True)
class ListSpec:
    """A list with its records by segment. `unplanned` segments are in the file and in no line of the plan.

    :param form: `csv`, `comma`, `tab` (other titles), `fixed`, `xlsx`; with `encoding` where it is text.
    :param intra: records that come twice; `rejected`: records without a postcode; `shared`: people the list before has too.
    :param brut: what is ordered against what is delivered.
    """

    code: str
    segments: dict[str, int]
    nature: str = "rental"
    owner: str = "S-OWN"
    broker: str = ""
    terms: dict[str, str] = field(default_factory=dict)
    form: str = "csv"
    encoding: str = "utf-8"
    tranches: tuple[Tranche, ...] = (Tranche(),)
    unplanned: dict[str, int] = field(default_factory=dict)
    intra: int = 3
    rejected: int = 2
    shared: int = 10
    brut: float = 1.0
    ids: str = "{code}{number:06d}"
    total_line: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the plan where the default, one line a segment with the first message, will not do."""

    list_code: str
    segment: str
    channel: str = "postal"
    role: str = "rollout"
    message: str = "A"
    brut: int = 100
    rank: int = 1


@dataclass(frozen=True, kw_only=True)
class Kit:
    """A whole kit. `margin` is the margin rate and the handling of an order, where the brief says them."""

    code: str = "28T"
    drop_on: date = date(2028, 3, 14)
    lists: tuple[ListSpec, ...] = ()
    plan: tuple[Line, ...] = ()
    messages: tuple[str, ...] = ("A", "B")
    seeds: tuple[str, ...] = ("TEM001", "TEM002")
    approvers: tuple[tuple[str, str], ...] = (("dga", "500.00"), ("presidence", "90000.00"))
    envelope: str = "90000.00"
    minimum_net: int = 10
    costs: tuple[tuple[str, str, str, str], ...] = (
        ("papier_impression", "par_pli", "0,118", "S-IMP"),
        ("mise_sous_pli", "par_pli", "0,027", "S-ROU"),
        ("creation", "forfait", "190,00", ""),
        ("traitement_informatique", "par_adresse_brute", "0,009", ""),
        ("traitement_dons", "par_retour", "0,85", "S-CAG"),
        ("aleas", "pourcent", "3", ""),
    )
    suppressions: dict[str, int] = field(default_factory=lambda: {"opposition": 8, "pnd_historique": 6, "donateurs_actifs": 12})
    suppression_form: str = "csv"
    history: bool = True
    margin: tuple[str, str] | None = None
    seed: int = 1


HOUSE = ListSpec(code="NID", segments={"INA": 90, "ANC": 60}, nature="house", owner="", shared=0, terms=dict.fromkeys(TERMS, "0"))
RENTED = ListSpec(code="ABC", segments={"P12": 120, "P24": 80}, broker="S-CRT")
EXCHANGED = ListSpec(code="ECH", segments={"D12": 70, "D36": 50}, nature="exchange", terms={"FACTURATION_MIN": "1,0", "CPM_RUN": "0"})
PLAIN = Kit(lists=(HOUSE, EXCHANGED, RENTED))
