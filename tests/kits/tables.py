"""A kit's brief and small tables."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from tests.kits.files import table
from tests.kits.spec import BILLING, TERMS, Kit, Line, ListSpec

SUPPLIERS = (
    ("S-OWN", "Propriétaire de Fichiers SAS", "list_owner", "000900001", "FR20000900001"),
    ("S-DOS", "Second Propriétaire SA", "list_owner", "000900019", "FR74000900019"),
    ("S-CRT", "Courtage du Centre", "broker", "000900050", "FR70000900050"),
    ("S-IMP", "Imprimerie de la Loire", "printer", "000900068", "FR27000900068"),
    ("S-ROU", "Routage Val-de-Saône", "mailer", "000900076", "FR51000900076"),
    ("S-CAG", "Centre de Traitement des Dons", "caging", "000900084", "FR75000900084"),
    ("S-ESP", "Courriels Fiables", "esp", "000900092", "FR02000900092"),
)


def default_plan(kit: Kit) -> Iterable[Line]:
    """One line a segment, the lists in their order; the second message is tried in the first segment of each list but the first."""
    rank = 0
    for place, spec in enumerate(kit.lists):
        for nth, (segment, count) in enumerate(spec.segments.items()):
            rank += 1
            brut = round(count * spec.brut)
            if place and nth == 0 and len(kit.messages) > 1:
                yield Line(list_code=spec.code, segment=segment, brut=brut - brut // 2, rank=rank)
                yield Line(list_code=spec.code, segment=segment, brut=brut // 2, rank=rank, role="test", message=kit.messages[1])
            else:
                yield Line(list_code=spec.code, segment=segment, brut=brut, rank=rank, message=kit.messages[0])


def write_brief(kit: Kit, folder: Path) -> None:
    """Write `campaign.toml`."""
    people = [("chef.projet", "Ève Ménard", "project_manager", "")]
    people += [(name, f"Personne {name.title()}", "budget_approver", limit) for name, limit in kit.approvers]
    brief = [
        f'code = "{kit.code}"',
        'title = "Appel d’essai"',
        'advertiser = "Entraide Clairval"',
        'advertiser_siren = "000908582"',
        'advertiser_vat = "FR58000908582"',
        'advertiser_address = "9 cours des Tilleuls"',
        'advertiser_postcode = "01000"',
        'advertiser_town = "BOURG EN BRESSE"',
        'currency = "EUR"',
        "vat_rate = 0.20",
        f"drop_on = {kit.drop_on.isoformat()}",
        f"offer_ends_on = {(kit.drop_on + timedelta(days=45)).isoformat()}",
        f"envelope_amount = {kit.envelope}",
        "target_responses = 10",
        "target_roi = 0.5",
        f"minimum_net_quantity = {kit.minimum_net}",
        'monitor_seeds = "monitor_seeds.csv"',
    ]
    if kit.margin:
        brief += [f"margin_rate = {kit.margin[0]}", f"handling_amount = {kit.margin[1]}"]
    for name, called, role, limit in people:
        brief += ["[[people]]", f'email = "{name}@essai.example"', f'name = "{called}"', f'role = "{role}"']
        brief += [f"approval_limit = {limit}"] if limit else []
    named = ", ".join(f'"{name}.csv"' for name in kit.suppressions)
    brief += ["[dedupe]", 'level = "individual"', f"suppressions = [{named}]", 'allocation = "priority"']
    (folder / "campaign.toml").write_text("\n".join(brief) + "\n", encoding="utf-8")


def write_tables(kit: Kit, folder: Path, lines: Sequence[Line]) -> None:
    """Write the tables that a person would keep."""

    def save(name: str, titles: str, body: Iterable[Sequence[object]]) -> None:
        (folder / name).write_text(table([titles.split(";"), *body]), encoding="utf-8", newline="")

    save(
        "suppliers.csv",
        "CODE;NOM;TYPE;SIREN;TVA;EMAIL;ADRESSE;CP;VILLE;DELAI_PAIEMENT_J",
        [(*one, f"{one[0].lower()}@fournisseurs.example", "1 rue du Port", "29200", "BREST", 30) for one in SUPPLIERS],
    )
    terms = dict(zip((*TERMS, *BILLING), ("165", "12", "5", "0,85", "45", "9", "", ""), strict=True))
    save(
        "lists.csv",
        f"LISTE;SEGMENT;NOM;NATURE;PROPRIETAIRE;COURTIER;UNIVERS;{';'.join(terms)};GARANTIE_PND;DELAI_JO",
        [
            (
                spec.code,
                segment,
                f"Liste {spec.code}",
                spec.nature,
                spec.owner,
                spec.broker,
                5000,
                *(terms | spec.terms).values(),
                "0,03",
                5,
            )
            for spec in kit.lists
            for segment in spec.segments
        ],
    )
    save(
        "plan.csv",
        "LISTE;SEGMENT;CANAL;ROLE;MESSAGE;OFFRE;BRUT;RANG",
        [(one.list_code, one.segment, one.channel, one.role, one.message, "don-libre", one.brut, one.rank) for one in lines],
    )
    save("messages.csv", "MESSAGE;LIBELLE;OFFRE;TAGS", [(one, f"Lettre {one}", "don-libre", "courrier") for one in kit.messages])
    save("costs.csv", "NATURE;BASE;MONTANT_HT;FOURNISSEUR", kit.costs)
    save(
        "monitor_seeds.csv",
        "ID;CIVILITE;PRENOM;NOM;ADR1;ADR2;ADR3;ADR4;ADR5;ADR6;CP;LOCALITE",
        [
            (one, "M.", "Témoin", f"Contrôle {n}", "", "", "", f"{n} rue du Contrôle", "", "", "75011", "PARIS")
            for n, one in enumerate(kit.seeds)
        ],
    )
    past = [
        ("2027-03", spec.code, segment, "postal", "A", spec.nature, 5000, 4000, 4000, 90, 60, 58, "1740,00", "3210,00")
        for spec in kit.lists
        for segment in spec.segments
    ]
    save(
        "history.csv",
        "CAMPAGNE;LISTE;SEGMENT;CANAL;MESSAGE;NATURE;BRUT;NET;ENVOYES;PND;RETOURS;DONS;MONTANT;COUT",
        past if kit.history else [],
    )


def _owned(spec: ListSpec) -> tuple[object, ...]:
    return f"Liste {spec.code}", spec.nature, spec.owner, spec.broker, 5000
