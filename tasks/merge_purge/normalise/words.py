"""The trade's words and their abbreviations, as tables. A word is upper case without accents; keys are what is found.

Source of the abbreviations: the usage of NF Z10-011 files; the list is the common part, extended as files show more.
"""

STREET_KINDS: dict[str, str] = {
    "R": "RUE", "RU": "RUE", "RUE": "RUE",
    "AV": "AVENUE", "AVE": "AVENUE", "AVEN": "AVENUE", "AVENUE": "AVENUE",
    "BD": "BOULEVARD", "BLD": "BOULEVARD", "BVD": "BOULEVARD", "BOUL": "BOULEVARD", "BLVD": "BOULEVARD", "BOULEVARD": "BOULEVARD",
    "PL": "PLACE", "PLA": "PLACE", "PLACE": "PLACE", "PLC": "PLACE",
    "CH": "CHEMIN", "CHE": "CHEMIN", "CHEM": "CHEMIN", "CHM": "CHEMIN", "CHEMIN": "CHEMIN",
    "IMP": "IMPASSE", "IMPASSE": "IMPASSE", "ALL": "ALLEE", "ALLEE": "ALLEE", "ALLEES": "ALLEE", "AL": "ALLEE",
    "RTE": "ROUTE", "RT": "ROUTE", "ROUTE": "ROUTE", "SQ": "SQUARE", "SQUARE": "SQUARE", "CRS": "COURS", "COURS": "COURS",
    "QU": "QUAI", "QUA": "QUAI", "QAI": "QUAI", "QUAI": "QUAI", "PASS": "PASSAGE", "PAS": "PASSAGE", "PASSAGE": "PASSAGE",
    "FG": "FAUBOURG", "FBG": "FAUBOURG", "FAUBOURG": "FAUBOURG", "SEN": "SENTIER", "SENTE": "SENTE", "SENTIER": "SENTIER",
    "CHS": "CHAUSSEE", "CHAUSSEE": "CHAUSSEE", "ESP": "ESPLANADE", "ESPLANADE": "ESPLANADE", "PROM": "PROMENADE", "PROMENADE": "PROMENADE",
    "RPT": "ROND POINT", "MTE": "MONTEE", "MONTEE": "MONTEE", "VLA": "VILLA", "VILLA": "VILLA", "TRA": "TRAVERSE", "TRAVERSE": "TRAVERSE",
    "VOIE": "VOIE", "VENELLE": "VENELLE", "VEN": "VENELLE", "RUELLE": "RUELLE", "RLE": "RUELLE", "COUR": "COUR", "CITE": "CITE", "CTE": "COTE", "COTE": "COTE",
    "LOT": "LOTISSEMENT", "LOTISSEMENT": "LOTISSEMENT", "MAIL": "MAIL", "RAMPE": "RAMPE", "CAR": "CARREFOUR", "CARREFOUR": "CARREFOUR",
    "PARVIS": "PARVIS", "PORT": "PORT", "CLOS": "CLOS", "DOM": "DOMAINE", "DOMAINE": "DOMAINE", "GR": "GRANDE RUE", "ZAC": "ZAC", "ZA": "ZA", "ZI": "ZI",
}
# Only these open a street line without a number; the others are as often a building or a place.
SURE_STREET_KINDS = ("RUE", "AVENUE", "BOULEVARD", "PLACE", "CHEMIN", "IMPASSE", "ALLEE", "ROUTE", "SQUARE", "COURS", "QUAI", "PASSAGE", "FAUBOURG", "SENTIER", "SENTE",
                     "CHAUSSEE", "ESPLANADE", "PROMENADE", "ROND POINT", "MONTEE", "TRAVERSE", "VOIE", "VENELLE", "RUELLE", "GRANDE RUE", "CARREFOUR", "RAMPE", "PARVIS")

STREET_WORDS: dict[str, str] = {
    "ST": "SAINT", "STE": "SAINTE", "STS": "SAINTS", "STES": "SAINTES", "GAL": "GENERAL", "GEN": "GENERAL", "GENL": "GENERAL", "GL": "GENERAL", "MAL": "MARECHAL", "MARL": "MARECHAL",
    "CDT": "COMMANDANT", "CMDT": "COMMANDANT", "CNE": "CAPITAINE", "CPT": "CAPITAINE", "CAP": "CAPITAINE", "LT": "LIEUTENANT", "LTN": "LIEUTENANT", "COL": "COLONEL", "CEL": "COLONEL",
    "SGT": "SERGENT", "ADJ": "ADJUDANT", "AML": "AMIRAL", "PDT": "PRESIDENT", "PRDT": "PRESIDENT", "PRES": "PRESIDENT", "DR": "DOCTEUR", "DOCT": "DOCTEUR", "PR": "PROFESSEUR", "PROF": "PROFESSEUR",
    "ND": "NOTRE DAME", "N D": "NOTRE DAME", "FG": "FAUBOURG", "FBG": "FAUBOURG", "ABE": "ABBE", "MGR": "MONSEIGNEUR", "GD": "GRAND", "GDE": "GRANDE", "GDS": "GRANDS", "PT": "PETIT", "PTE": "PETITE",
    "VX": "VIEUX", "VLE": "VIEILLE", "REP": "REPUBLIQUE", "LIB": "LIBERATION", "JJ": "JEAN JACQUES", "1ER": "PREMIER", "XI": "11",
}
ARTICLES = ("DE", "DU", "DES", "LA", "LE", "LES", "L", "D", "ET", "EN", "AU", "AUX", "A")

TOWN_WORDS: dict[str, str] = {"ST": "SAINT", "STE": "SAINTE", "STS": "SAINTS", "S": "SUR", "SR": "SUR", "SS": "SOUS", "LES": "LES", "LEZ": "LES", "LE": "LE", "ND": "NOTRE DAME", "MT": "MONT", "VX": "VIEUX", "CHATEAUX": "CHATEAUX"}
TOWN_ARTICLES = ("LE", "LA", "LES", "L", "D", "DE", "DU", "DES", "EN", "SUR", "SOUS", "LEZ", "AUX", "AU", "ET")

LEGAL_FORMS = ("SARL", "SA", "SAS", "SASU", "EURL", "SCI", "SCP", "SNC", "SELARL", "GIE", "EI", "EIRL", "STE", "SOCIETE", "ETS", "ETABLISSEMENTS", "ETABLISSEMENT", "ETABL", "CIE", "SCOP", "GAEC", "EARL", "ASSOCIATION", "ASSOC", "ASS")

CIVILITIES: dict[str, str] = {
    "M": "M", "MR": "M", "MONSIEUR": "M", "MONSI": "M", "MONS": "M", "MSIEUR": "M", "MISTER": "M", "HOMME": "M", "MESSIEURS": "M", "MM": "M", "H": "M", "1": "M",
    "MME": "MME", "MADAME": "MME", "MADAM": "MME", "MAD": "MME", "MRS": "MME", "MS": "MME", "FEMME": "MME", "F": "MME", "MESDAMES": "MME", "2": "MME",
    "MLLE": "MLLE", "MELLE": "MLLE", "MADEMOISELLE": "MLLE", "MADEM": "MLLE", "MADEMOISEL": "MLLE", "MLE": "MLLE", "MISS": "MLLE", "MLLES": "MLLE", "3": "MLLE",
    "M ET MME": "M ET MME", "M MME": "M ET MME", "MR ET MME": "M ET MME", "MR MME": "M ET MME", "MME ET M": "M ET MME", "MME M": "M ET MME", "MONSIEUR ET MADAME": "M ET MME", "MONSIEUR MADAME": "M ET MME",
    "DR": "DR", "DOCTEUR": "DR", "PR": "PR", "PROFESSEUR": "PR", "ME": "ME", "MAITRE": "ME", "ABBE": "ABBE", "SOEUR": "SOEUR",
}
MEN, WOMEN = ("M", "ABBE"), ("MME", "MLLE", "SOEUR")

# When a line is too long, in this order, longest gain first (street line; then anywhere).
SHORTER: tuple[tuple[str, str], ...] = (
    ("BOULEVARD", "BD"), ("AVENUE", "AV"), ("IMPASSE", "IMP"), ("CHEMIN", "CHE"), ("ROUTE", "RTE"), ("ALLEE", "ALL"), ("PLACE", "PL"), ("SQUARE", "SQ"), ("PASSAGE", "PAS"), ("FAUBOURG", "FG"),
    ("LOTISSEMENT", "LOT"), ("RESIDENCE", "RES"), ("BATIMENT", "BAT"), ("APPARTEMENT", "APT"), ("ESCALIER", "ESC"), ("LIEUTENANT", "LT"), ("COMMANDANT", "CDT"), ("CAPITAINE", "CNE"), ("GENERAL", "GAL"),
    ("MARECHAL", "MAL"), ("PRESIDENT", "PDT"), ("PROFESSEUR", "PR"), ("DOCTEUR", "DR"), ("COLONEL", "CEL"), ("SAINTE", "STE"), ("SAINT", "ST"), ("NOTRE DAME", "ND"), ("GRANDE", "GDE"), ("GRAND", "GD"),
    ("ETABLISSEMENTS", "ETS"), ("SOCIETE", "STE"), ("ASSOCIATION", "ASSOC"), ("RUE", "R"),
)
