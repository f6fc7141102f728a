"""Which column is which: a readable table of the headers that French and English files carry.

A header is compared after lowering, unaccenting and turning everything but letters and digits into single spaces. Where a
column cannot be told, it stays unmapped; where two claim one name, the file is ambiguous and refused. A brief may name columns
outright: that settles it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from tasks.merge_purge.reading.errors import UnreadableFile

# Names that a delivery has under `read`; some recognised columns are only parts of these (see PARTS).
SYNONYMS: dict[str, tuple[str, ...]] = {
    "id_source": (
        "id source",
        "id",
        "identifiant",
        "ident",
        "n client",
        "no client",
        "num client",
        "numero client",
        "code client",
        "id client",
        "n abonne",
        "no abonne",
        "numero abonne",
        "n donateur",
        "numero donateur",
        "id donateur",
        "n adherent",
        "numero adherent",
        "matricule",
        "ref",
        "reference",
        "ref client",
        "reference client",
        "cle",
        "id contact",
        "id personne",
        "id unique",
        "customer id",
        "customer no",
        "customer number",
        "client id",
        "record id",
        "source id",
        "donor id",
        "urn",
    ),
    "segment": (
        "code seg",
        "segment",
        "code segment",
        "seg",
        "cible",
        "code cible",
        "selection",
        "code selection",
        "segmentation",
        "target",
        "cell",
    ),
    "civility": ("civilite", "civ", "code civilite", "titre", "title", "salutation", "politesse", "appel", "prefix"),
    "first_name": ("prenom", "prenom usuel", "prenoms", "first name", "firstname", "forename", "given name"),
    "last_name": (
        "nom",
        "nom patronymique",
        "nom de famille",
        "nom usuel",
        "nom d usage",
        "nom usage",
        "patronyme",
        "last name",
        "lastname",
        "surname",
        "family name",
    ),
    "company": (
        "raison sociale",
        "societe",
        "entreprise",
        "organisme",
        "organisation",
        "denomination",
        "nom societe",
        "nom entreprise",
        "raison soc",
        "rs",
        "etablissement",
        "company",
        "company name",
        "organization",
        "business name",
    ),
    "adr1": (
        "adr1",
        "adr 1",
        "adresse1",
        "adresse 1",
        "ligne 1",
        "ligne1",
        "l1",
        "address 1",
        "address1",
        "address line 1",
        "adresse ligne 1",
    ),
    "adr2": (
        "adr2",
        "adr 2",
        "adresse2",
        "adresse 2",
        "ligne 2",
        "ligne2",
        "l2",
        "address 2",
        "address2",
        "address line 2",
        "adresse ligne 2",
        "complement",
        "cplt",
        "complement adresse",
        "complement d adresse",
        "complement 1",
        "complement adresse 1",
        "complement interieur",
        "appartement",
        "appt",
        "etage appartement",
        "appartement etage",
        "etage",
        "escalier",
        "complement identification",
        "point de remise",
        "flat",
    ),
    "adr3": (
        "adr3",
        "adr 3",
        "adresse3",
        "adresse 3",
        "ligne 3",
        "ligne3",
        "l3",
        "address 3",
        "address3",
        "address line 3",
        "adresse ligne 3",
        "bat residence",
        "batiment residence",
        "batiment",
        "bat",
        "residence",
        "residence batiment",
        "immeuble",
        "complement 2",
        "complement adresse 2",
        "complement exterieur",
        "entree batiment",
        "building",
    ),
    "adr4": (
        "adr4",
        "adr 4",
        "adresse4",
        "adresse 4",
        "ligne 4",
        "ligne4",
        "l4",
        "address 4",
        "address4",
        "address line 4",
        "adresse ligne 4",
        "n et voie",
        "no et voie",
        "numero et voie",
        "num et voie",
        "n et libelle voie",
        "adresse",
        "rue",
        "voie",
        "n et rue",
        "numero et rue",
        "adresse postale",
        "address",
        "street",
        "street address",
    ),
    "adr5": (
        "adr5",
        "adr 5",
        "adresse5",
        "adresse 5",
        "ligne 5",
        "ligne5",
        "l5",
        "address 5",
        "address5",
        "address line 5",
        "adresse ligne 5",
        "lieu dit bp",
        "lieu dit",
        "lieudit",
        "bp",
        "boite postale",
        "bp lieu dit",
        "lieu dit ou bp",
        "mention speciale",
        "hameau",
        "locality",
        "po box",
    ),
    "adr6": (
        "adr6",
        "adr 6",
        "adresse6",
        "adresse 6",
        "ligne 6",
        "ligne6",
        "l6",
        "address 6",
        "address6",
        "address line 6",
        "adresse ligne 6",
    ),
    "postcode": (
        "cp",
        "code postal",
        "code post",
        "codepostal",
        "c p",
        "cpostal",
        "code p",
        "postcode",
        "postal code",
        "zip",
        "zip code",
        "zipcode",
    ),
    "town": (
        "localite",
        "ville",
        "commune",
        "bureau distributeur",
        "bureau dist",
        "acheminement",
        "libelle acheminement",
        "localite acheminement",
        "nom commune",
        "city",
        "town",
        "post town",
    ),
    "email": (
        "email",
        "e mail",
        "mail",
        "mel",
        "courriel",
        "adresse mail",
        "adresse email",
        "adresse electronique",
        "adresse e mail",
        "email address",
    ),
    "phone": (
        "telephone",
        "tel",
        "tel fixe",
        "telephone fixe",
        "portable",
        "mobile",
        "n telephone",
        "numero telephone",
        "n tel",
        "num tel",
        "gsm",
        "phone",
        "phone number",
        "telephone 1",
    ),
    "updated_on": (
        "date maj",
        "date mise a jour",
        "date de mise a jour",
        "maj",
        "derniere maj",
        "derniere mise a jour",
        "derniere commande",
        "date derniere commande",
        "dernier achat",
        "date dernier achat",
        "date dernier contact",
        "updated on",
        "updated",
        "last update",
        "last order",
        "last order date",
        "modified",
    ),
    # Parts: columns that are joined or split into the names above.
    "street_number": (
        "n",
        "no",
        "numero",
        "num",
        "numero voie",
        "num voie",
        "n de voie",
        "numero de voie",
        "n rue",
        "n voie",
        "house number",
        "street number",
    ),
    "street_suffix": (
        "bis",
        "bis ter",
        "bis ter quater",
        "btq",
        "b t q",
        "repetition",
        "indice repetition",
        "indice de repetition",
        "ind repetition",
        "street number suffix",
    ),
    "street_kind": ("type voie", "type de voie", "nature voie", "nature de voie"),
    "street_name": ("nom voie", "nom de voie", "libelle voie", "libelle de voie", "nom de la voie", "nom rue", "street name"),
    "last_first": ("nom prenom", "nom et prenom", "nom prenoms"),
    "first_last": ("prenom nom", "prenom et nom", "nom complet", "full name", "name", "destinataire", "identite"),
    "postcode_town": ("cp ville", "cp localite", "code postal ville", "code postal localite", "cp et ville", "code postal et ville"),
}
MAX_COLUMNS = 500
"""Columns that a file of addresses has at most."""
PARTS = frozenset({"street_number", "street_suffix", "street_kind", "street_name", "last_first", "first_last", "postcode_town"})
_BY_HEADER = {header: name for name, headers in SYNONYMS.items() for header in headers}


def plain(header: str) -> str:
    """A header as the table writes it: ``N° client`` -> ``n client``, ``Tél.`` -> ``tel``."""
    unaccented = "".join(
        c for c in unicodedata.normalize("NFKD", header.replace("°", " ").replace("º", " ")) if not unicodedata.combining(c)
    )
    return re.sub(r"[^a-z0-9]+", " ", unaccented.lower()).strip()


def recognise(headers: Sequence[str]) -> tuple[dict[str, int], list[str], dict[str, list[str]]]:
    """Match headers with canonical names.

    :returns: ``{canonical name: column index}``, the headers that match nothing, and ``{canonical name: headers}`` where several
        columns claim one name (the map has the one that stands first in the table, then in the file)
    """
    return assign(headers, {})


def assign(headers: Sequence[str], named: Mapping[str, str]) -> tuple[dict[str, int], list[str], dict[str, list[str]]]:
    """Like ``recognise``, with some columns named outright: ``{canonical name: header}``.

    A named header goes nowhere else, and a name that was given is taken from no other column.

    :raises UnreadableFile: ``unknown_column`` for a header that is not there, ``ambiguous_column`` for one that is there twice
    """
    given = {name: _place(headers, header, name) for name, header in named.items()}
    claims: dict[str, list[tuple[int, int]]] = {}
    unmapped: list[str] = []
    for i, header in enumerate(headers):
        if i in given.values():
            continue
        word = plain(header)
        name = _BY_HEADER.get(word)
        if name is None or name in given:
            unmapped.append(header)
        else:
            claims.setdefault(name, []).append((SYNONYMS[name].index(word), i))
    columns = {name: min(found)[1] for name, found in claims.items()} | given
    return columns, unmapped, {name: [headers[i] for _, i in found] for name, found in claims.items() if len(found) > 1}


def _place(headers: Sequence[str], wanted: str, name: str) -> int:
    for written in (str.strip, plain):
        at = [i for i, header in enumerate(headers) if written(header) == written(wanted)]
        if len(at) > 1:
            raise UnreadableFile("ambiguous_column", f"{name} is said to be {wanted!r}, and {len(at)} columns are called so")
        if at:
            return at[0]
    there = ", ".join(repr(header) for header in headers[:40])
    raise UnreadableFile("unknown_column", f"{name} is said to be {wanted!r}; the columns are {there}")


def looks_like_header(cells: Sequence[str], named: Mapping[str, str] | None = None) -> bool:
    """True when at least three cells name columns: by the known address vocabulary, or because they were named outright."""
    words = {plain(header) for header in (named or {}).values()}
    return len(recognise(cells)[0]) + len(words & {plain(cell) for cell in cells if cell.strip()}) >= 3
