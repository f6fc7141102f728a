"""What people, streets and companies are called: drawn from the demonstration kit and the commune table, widened by seeded invention."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tasks.merge_purge.reading import read

_ROOT = Path(__file__).resolve().parents[2]
_KIT = _ROOT / "demo" / "automne" / "deliveries"
_KIT_FILES = ("ALZ_clairval_0926.csv", "DOM_v2.csv", "MAI_inactifs.csv", "CDR_tranche1.xlsx", "CDR_tranche2.xlsx", "ECL_extraction.tsv")
_COMMUNES = _ROOT / "tasks" / "merge_purge" / "normalise" / "communes.csv"
_STARTS = (
    "Bar Ber Bou Bran Cal Char Cor Cour Dar Del Des Du Fau Fer Fon Gar Gau Gran Jac Lam Lan Lau Leb Mar Mau Mon Mou "
    "Per Pic Pou Ren Rou Sal Tar Val Ver Vil"
)
_MIDDLES = "a ba ca che de fi ga go le li lo ma mi ne nou pe pi ra ri ro sa si ta te ti ton va vi"
_ENDS = "ard aud aut eau el er et ez ier in ine on ot oux ret ron rand teau tel ville"
_TRADES = (
    "Garage|Cabinet|Restaurant|Coiffure|Menuiserie|Atelier|Boulangerie|Pharmacie|Domaine|Institut|Imprimerie|Plomberie|Agence"
    "|Transports|Entreprise|Maçonnerie|Établissements|Électricité|Auto École|Société Générale de|Hôtel|Librairie|Optique"
)
_FORMS = ("SARL", "SA", "SAS", "EURL", "SCI")
_STREETS = (
    "Église|Mairie|Gare|Fontaine|Moulin|Château|Lavoir|Stade|Four|Port|Parc|Bois|Prés|Puits|Vieux Puits|Croix|Poste|Tuilerie|Carrières"
    "|Tilleuls|Platanes|Marronniers|Acacias|Lilas|Rosiers|Cerisiers|Chênes|Pins|Hirondelles|Alouettes"
)
_PLAIN_STREETS = (
    "Victor Hugo|Jean Jaurès|Gambetta|Pasteur|Jules Ferry|Jean Moulin|Aristide Briand|Émile Zola|Voltaire|Racine|Molière|Pierre Curie"
    "|Louis Aragon|Pablo Picasso|Claude Monet|Auguste Renoir|Georges Brassens|Marcel Pagnol|Saint-Jacques|Saint-Martin|Sainte-Anne"
    "|Notre-Dame|Hector Berlioz|Frédéric Chopin|Olympe de Gouges|Simone Veil|Alphonse Daudet"
)
_TITLED = (
    "du Général de Gaulle|du Maréchal Leclerc|du Maréchal Foch|du Président Kennedy|du Président Wilson|"
    "du Docteur Roux|du Commandant Charcot|du Colonel Fabien"
)
_DATED = (
    "du 11 Novembre|du 8 Mai 1945|du 14 Juillet|du 19 Mars 1962|de la République|de la Liberté|de la Résistance|de la Libération|de la Paix"
)
_KINDS = ("Rue", "Avenue", "Impasse", "Allée", "Boulevard", "Chemin", "Place", "Route", "Square", "Cours")
_KIND_SHARES = (0.62, 0.1, 0.07, 0.05, 0.05, 0.04, 0.03, 0.03, 0.005, 0.005)


@dataclass(frozen=True)
class Names:
    """Pools to draw from, with their weights; first names by gender, and for each the place of its nearest other."""

    men: np.ndarray
    women: np.ndarray
    first_weights: tuple[np.ndarray, np.ndarray]
    near: tuple[np.ndarray, np.ndarray]
    surnames: np.ndarray
    surname_weights: np.ndarray
    towns: pl.DataFrame
    town_weights: np.ndarray


def load_names(rng: np.random.Generator) -> Names:
    """The pools; what is invented in them follows ``rng``."""
    kit = pl.concat([read(_KIT / name) for name in _KIT_FILES])
    kit = kit.with_columns(pl.col("first_name", "last_name").str.to_titlecase())
    first = kit.filter(pl.col("first_name").str.contains(r"^\p{Lu}\p{Ll}{2,}(-\p{Lu}\p{Ll}+)?$"))
    men = _by_frequency(first.filter(pl.col("civility").str.contains(r"(?i)^(m|mr|monsieur)\.?$"))["first_name"])
    women = _by_frequency(first.filter(pl.col("civility").str.contains(r"(?i)^(mme|mlle|madame)\.?$"))["first_name"])
    women = women[~np.isin(women, men[:60])]
    men = men[~np.isin(men, women)]
    last = kit.filter(pl.col("last_name").str.contains(r"^\p{Lu}\p{Ll}{2,}$"))
    known = _by_frequency(last["last_name"])
    surnames = np.unique(np.concatenate([known, _invented(rng, 40_000)]))
    surnames = np.concatenate([known, surnames[~np.isin(surnames, known)]])
    towns = pl.read_csv(_COMMUNES, separator=";", schema_overrides={"postcode": pl.String, "insee": pl.String})
    weights = towns["population"].to_numpy().astype(float)
    weights /= towns.select(pl.len().over("insee"))["len"].to_numpy()
    weights[towns["postcode"].is_in(["75000", "69000", "13000"]).to_numpy()] = 0
    return Names(
        men,
        women,
        (_zipf(len(men), 0.75, 8), _zipf(len(women), 0.75, 8)),
        (_nearest(men, women), _nearest(women, men)),
        surnames,
        _zipf(len(surnames), 0.85, 15),
        towns,
        weights / weights.sum(),
    )


def street_pool(rng: np.random.Generator, surnames: np.ndarray, firsts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Street names without their kind, and their weights: a few hundred that every town has, thousands named after somebody."""
    articles = rng.choice(["de la ", "du ", "des "], len(_STREETS.split("|")))
    common = [f"{a}{s}" for a, s in zip(articles, _STREETS.split("|"), strict=True)]
    common += [*_PLAIN_STREETS.split("|"), *_TITLED.split("|"), *_DATED.split("|")]
    people = [f"{a} {b}" for a, b in zip(rng.choice(firsts, 6000), rng.choice(surnames[:4000], 6000), strict=True)]
    weights = np.concatenate([np.full(len(common), 0.55 / len(common)), np.full(6000, 0.45 / 6000)])
    return np.array([*common, *people]), weights


def draw_kinds(rng: np.random.Generator, size: int) -> np.ndarray:
    """Kinds of street, as often as they are."""
    return rng.choice(_KINDS, size, p=np.array(_KIND_SHARES) / sum(_KIND_SHARES))


def draw_companies(rng: np.random.Generator, surnames: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Names of companies, and their legal forms ('' for a fifth)."""
    trade = rng.choice(_TRADES.split("|"), size)
    owner = rng.choice(surnames[:20_000], size)
    return np.char.add(np.char.add(trade.astype(str), " "), owner.astype(str)), rng.choice([*_FORMS, ""], size)


def _by_frequency(names: pl.Series) -> np.ndarray:
    counted = names.value_counts(sort=False).sort(["count", names.name], descending=[True, False])
    return counted[names.name].to_numpy().astype(str)


def _invented(rng: np.random.Generator, size: int) -> np.ndarray:
    start, end = rng.choice(_STARTS.split(), size), rng.choice(_ENDS.split(), size)
    middle = np.where(rng.random(size) < 0.75, rng.choice(_MIDDLES.split(), size), "")
    particle = rng.choice(["", "Le ", "De ", "Da "], size, p=[0.955, 0.03, 0.01, 0.005])
    return np.char.add(np.char.add(particle, np.char.add(start, middle)), end)


def _zipf(size: int, power: float, shift: int) -> np.ndarray:
    weights = 1.0 / (np.arange(size) + shift) ** power
    return weights / weights.sum()


def _nearest(names: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For every name the number of another that begins alike and ends otherwise (Léo, Léa): what parents call twins."""
    heads = {}
    for i, name in enumerate(others):
        heads.setdefault(name[: max(2, len(name) - 1)], i)
        heads.setdefault(name[:2], i)
    found = [heads.get(name[: max(2, len(name) - 1)], heads.get(name[:2], 0)) for name in names]
    return np.array(found)
