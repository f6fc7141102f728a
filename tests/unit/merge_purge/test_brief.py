"""The brief as people write it: read whole, or refused with the place that is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from tasks.merge_purge.brief import Brief, BriefError, ListFile, Part, Suppression

WHOLE = """
level = "household"
allocation = "dearest_loses"
seed = 4
[[files]]
code = "ALZ"
path = "deliveries/ALZ.csv"
priority = 1
cpm = 165.0
id = "ID_SOURCE"
columns = { last_name = "Nom patronymique" }
[[files]]
code = "TST"
path = "deliveries/TST.txt"
layout = "layouts/TST.csv"
protected = true
[[suppressions]]
code = "OPP"
path = "suppressions/opposition.csv"
level = "individual"
[[suppressions]]
code = "PND"
path = "suppressions/pnd.csv"
"""


def test_every_key_arrives_and_paths_start_at_the_folder_of_the_brief() -> None:
    brief = Brief.from_toml(WHOLE, folder=Path("/data"))
    assert brief == Brief(
        files=(
            ListFile(
                "ALZ",
                (Part(Path("/data/deliveries/ALZ.csv"), None, "ID_SOURCE", {"last_name": "Nom patronymique"}),),
                priority=1,
                cpm=Decimal("165.0"),
            ),
            ListFile("TST", (Part(Path("/data/deliveries/TST.txt"), Path("/data/layouts/TST.csv")),), protected=True),
        ),
        suppressions=(
            Suppression("OPP", Path("/data/suppressions/opposition.csv"), "individual"),
            Suppression("PND", Path("/data/suppressions/pnd.csv"), "household"),
        ),
        level="household",
        allocation="dearest_loses",
        seed=4,
    )
    assert Brief.from_json(brief.to_json()) == brief


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("priority = 1", "prority = 1"), "files[1] (ALZ): prority is not known; is priority meant?"),
        (('level = "household"', 'levels = "household"'), "the brief: levels is not known; is level meant?"),
        (('level = "individual"', 'level = "person"'), "suppressions[1] (OPP): level is one of individual, household, address"),
        (("protected = true", 'protected = "yes"'), "files[2] (TST): protected is true or false"),
        (("cpm = 165.0", "cpm = -1"), "files[1] (ALZ): cpm is an amount in euros"),
        (("cpm = 165.0", "cpm = nan"), "files[1] (ALZ): cpm is an amount in euros"),
        (("cpm = 165.0\n", ""), "allocation dearest_loses needs the cpm of every file: ALZ has none"),
        (("priority = 1", "priority = true"), "files[1] (ALZ): priority is a whole number"),
        (("last_name =", "lastname ="), "files[1] (ALZ): columns.lastname is no canonical name; is last_name meant?"),
        (('path = "deliveries/ALZ.csv"\n', ""), "files[1] (ALZ): path is missing"),
        (('code = "TST"', 'code = "alz"'), "codes used twice: ALZ, alz"),
        (('code = "TST"', 'code = "../TST"'), "a code names files: '../TST' cannot"),
        (("seed = 4", 'seed = "4"'), "the brief: seed is a whole number"),
        (("seed = 4", "seed = 1.5"), "the brief: seed is a whole number, not 1.5"),
        (("priority = 1", "priority = 99999999999999999999"), "files[1] (ALZ): priority is between -2147483647 and 2147483647"),
        (('path = "deliveries/ALZ.csv"', 'path = "ALZ\\u0000.csv"'), "files[1] (ALZ): path is a path, and none has a NUL character"),
        (('code = "TST"', 'code = "TST "'), "a code names files: 'TST ' cannot"),
        (("seed = 4", "seed ="), "not TOML"),
        (("[[suppressions]]", "[suppressions]", 1), "not TOML"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(change: tuple[str, ...], told: str) -> None:
    with pytest.raises(BriefError) as refusal:
        Brief.from_toml(WHOLE.replace(change[0], change[1], 1))
    assert told in str(refusal.value)


def test_a_list_of_several_tranches_has_them_under_parts() -> None:
    text = '[[files]]\ncode = "A"\nparts = [{ path = "1.csv" }, { path = "2.csv", layout = "2.layout" }]\nranks = { S1 = 2 }\n'
    (entry,) = Brief.from_toml(text).files
    assert [part.path.name for part in entry.parts] == ["1.csv", "2.csv"]
    assert entry.ranks == {"S1": 2}
    with pytest.raises(BriefError, match=r"parts\[2\]: paht is not known"):
        Brief.from_toml(text.replace('path = "2.csv"', 'path = "2.csv", paht = "3"'))
