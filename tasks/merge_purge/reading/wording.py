"""How a header is compared: in plain letters, and where no header says a name plainly, by other ways to write one that is known.

``N° de l'abonné`` is ``n client``, ``Prénom(s)`` is ``prenom``, ``Town / City`` is ``town``. Each way has a tier, the nearest first. The
headers themselves are in ``synonyms``; which column is taken is said in ``headers``.
"""

import re
import unicodedata
from collections.abc import Mapping

from tasks.merge_purge.reading.synonyms import SYNONYMS

# What else such a column may be called.
_WEAKER: dict[str, tuple[str, ...]] = {
    "id_source": (
        "id interne",
        "id externe",
        "id crm",
        "ref interne",
        "ref externe",
        "n interne",
        "code interne",
        "numcli",
        "nocli",
        "idcli",
        "codecli",
        "codcli",
        "refcli",
        "numabo",
        "noabo",
        "idabo",
        "codeabo",
        "codabo",
        "numabonne",
        "idabonne",
        "codeabonne",
        "numadherent",
        "idadherent",
        "codeadherent",
        "numdonateur",
        "iddonateur",
        "codedonateur",
    ),
    "segment": ("code ciblage", "ciblage", "segment rfm", "target code", "seg code", "selection code"),
    "first_name": ("first", "prenom usage", "prenom usuel", "petit nom"),
    "last_name": ("last", "nom famille", "nom marital", "nom naissance"),
    "company": (
        "nom organisme",
        "nom structure",
        "enseigne",
        "denomination sociale",
        "organization name",
        "organisation name",
        "raison sociale ou nom",
    ),
    "adr1": ("ligne adresse 1", "complement nom"),
    "adr2": ("ligne adresse 2", "n appartement", "adresse suite", "suite adresse", "complement 1"),
    "adr3": ("ligne adresse 3", "batiment escalier", "bat esc"),
    "adr4": (
        "ligne adresse 4",
        "n et nom rue",
        "n et nom voie",
        "n voie et libelle",
        "rue et n",
        "adresse rue",
        "adresse voie",
        "adresse complete",
        "adresse principale",
        "street 1",
        "street line",
    ),
    "adr5": ("ligne adresse 5", "lieu dit hameau"),
    "adr6": ("ligne adresse 6",),
    "postcode": ("codpos", "cpost"),
    "town": ("libelle commune", "nom ville", "localite destination", "libelle ville", "libelle localite"),
    "email": ("mail adresse", "mail contact"),
    "phone": (
        "tel portable",
        "tel mobile",
        "tel domicile",
        "n portable",
        "n mobile",
        "mobile phone",
        "cell phone",
        "home phone",
        "tel n",
    ),
    "updated_on": ("date modification", "date modif"),
    "last_first": ("civilite nom prenom", "titre nom prenom"),
    "first_last": ("civilite prenom nom", "titre prenom nom"),
    "postcode_town": ("ville cp", "localite cp", "ville code postal", "postcode town", "postcode and town", "zip city", "city zip"),
}
_HOLDERS = (
    "abonne donateur adherent membre lecteur contact personne individu acheteur cotisant prospect sympathisant dossier fiche compte cli abo"
    " adh pers customer subscriber donor member reader buyer person supporter constituent account"
)
_SAME = {
    form: word
    for word, forms in {
        "n": "no num numero nr number",
        "id": "ident identifiant identifier cle",
        "ref": "reference",
        "code": "cod",
        "civ": "civilite",
        "adr": "adresse addr address",
        "complement": "compl cplt cpl",
        "bat": "batiment",
        "appartement": "appt apt",
        "tel": "telephone",
        "mail": "email mel courriel",
        "societe": "soc",
        "localite": "loc",
        "libelle": "lib",
        "distributeur": "dist distrib",
        "date": "dt",
        # Whom a list is of, or what it keeps of them: one is as good as another.
        "client": _HOLDERS,
    }.items()
    for form in forms.split()
}
_GLUE = frozenset({"de", "du", "des", "d", "l", "la", "le", "les", "of", "the", "s", "e"})
_POSTCODE = re.compile(r"\b(?:cod(?:e)? post(?:al)?|c postal|post code|postal code)\b")
_NUMBERED = re.compile(r"\b([a-z]{3,})(\d)\b")
_EITHER = re.compile(r"/| ou | or ", re.IGNORECASE)
_BESIDE = re.compile(r"\([^)]*\)|\*")


def plain(header: str) -> str:
    """A header as the table writes it: ``N° client`` -> ``n client``, ``Tél.`` -> ``tel``."""
    unaccented = "".join(
        c for c in unicodedata.normalize("NFKD", header.replace("°", " ").replace("º", " ")) if not unicodedata.combining(c)
    )
    return re.sub(r"[^a-z0-9]+", " ", unaccented.lower()).strip()


def loosely(header: str) -> tuple[int, str] | None:
    """The canonical name that a header means if none says it plainly, and how near it comes to a known header, 1 the nearest."""
    if (said := _said(plain(header))) is not None:
        return said
    parts = [_said(plain(part)) for part in _EITHER.split(header)]
    names = {part[1] if part else "" for part in parts}
    if len(parts) > 1 and len(names) == 1 and "" not in names:
        return 3, names.pop()
    words = _reduced(plain(_BESIDE.sub(" ", header))).removesuffix(" 1").split()
    said = _said(" ".join(word for word in words if word != "client"))
    return (4, said[1]) if said else None


def _reduced(word: str) -> str:
    """A plain header without what only holds it together, its usual abbreviations as one: ``numero de telephone`` -> ``n tel``."""
    words = (one for one in _NUMBERED.sub(r"\1 \2", _POSTCODE.sub("cp", word)).split() if one not in _GLUE)
    singular = (one[:-1] if len(one) > 4 and one.endswith("s") else one for one in words)
    return " ".join(_SAME.get(one, one) for one in singular)


def _unmistakable(table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Headers, reduced and run together, that mean one name only."""
    found: dict[str, set[str]] = {}
    for name, headers in table.items():
        for header in headers:
            short = _reduced(header)
            turned = " ".join(reversed(short.split())) if name == "id_source" else short
            for form in (short, turned, short.replace(" ", ""), header.replace(" ", "")):
                found.setdefault(form, set()).add(name)
    return {form: names.pop() for form, names in found.items() if len(names) == 1}


_TABLES = (_unmistakable(SYNONYMS), _unmistakable(_WEAKER))


def _said(word: str) -> tuple[int, str] | None:
    short = _reduced(word)
    forms = [form for form in (short, short.replace(" ", ""), word.replace(" ", "")) if form]
    found = ((tier, table[form]) for tier, table in enumerate(_TABLES, start=1) for form in forms if form in table)
    return next(found, None)
