"""Further kits of the demonstration's form, small and made to measure: every record is somebody known, so the counts are known too.

`write(Kit(...), folder)` lays out a whole kit. People are clean and unmistakable, so that a merge-purge has one right
answer: `gold/expected.json` has it list by list, `gold/entities.csv` who is who, `gold/accepted.json` which version of
each tranche conforms. Not for measuring matching: the demonstration's own kit has dirty people.
"""

import json
import random
from pathlib import Path
from typing import Any

from tests.kits.files import write_deliveries, write_suppressions
from tests.kits.gold import people_to_suppress, write_gold
from tests.kits.people import make_people, make_records, share_people
from tests.kits.spec import EXCHANGED, HOUSE, PLAIN, RENTED, Kit, Line, ListSpec, Tranche, Version
from tests.kits.tables import default_plan, write_brief, write_tables


def write(kit: Kit, folder: Path) -> Path:
    """Write the kit to a new folder and return it. The same kit gives the same bytes, spreadsheets apart."""
    for name in ("deliveries", "gold", "layouts", "suppressions"):
        (folder / name).mkdir(parents=True)
    people = make_people(random.Random(kit.seed))
    records = {spec.code: make_records(spec, people) for spec in kit.lists}
    for spec, earlier in zip(kit.lists[1:], kit.lists, strict=False):
        share_people(records[spec.code], records[earlier.code], spec.shared)
    held = people_to_suppress(kit, [one for body in records.values() for one in body if not one.rejected], people)
    lines = kit.plan or tuple(default_plan(kit))
    write_brief(kit, folder)
    write_tables(kit, folder, lines)
    write_suppressions(kit, folder, held)
    accepted = write_deliveries(kit, folder, records)
    write_gold(kit, folder, records, held, lines, accepted)
    return folder


def expected(folder: Path) -> dict[str, dict[str, Any]]:
    """The accounting a kit written here must come to, list by list."""
    found: dict[str, dict[str, Any]] = json.loads((folder / "gold" / "expected.json").read_text(encoding="utf-8"))
    return found


__all__ = ["EXCHANGED", "HOUSE", "PLAIN", "RENTED", "Kit", "Line", "ListSpec", "Tranche", "Version", "expected", "write"]
