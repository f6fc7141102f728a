"""What a kit must come to: who is who, which version of each tranche conforms, and each list's accounting."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.kits.files import table
from tests.kits.people import Person, Record
from tests.kits.spec import Kit, Line


def people_to_suppress(kit: Kit, reachable: Sequence[Record], people: Iterator[Person]) -> dict[str, list[Person]]:
    """Each list holds some people who were delivered, one of the list before, and some whom nobody delivers."""
    rng = random.Random(kit.seed + 1)
    delivered = list({one.person.number: one.person for one in reachable}.values())
    rng.shuffle(delivered)
    held: dict[str, list[Person]] = {}
    start = 0
    for name, count in kit.suppressions.items():
        held[name] = delivered[max(0, start - 1) : start + count] + [next(people) for _ in range(3)]
        start += count
    return held


def write_gold(
    kit: Kit,
    folder: Path,
    records: dict[str, list[Record]],
    held: dict[str, list[Person]],
    lines: Sequence[Line],
    accepted: dict[str, int],
) -> None:
    """Write the three files of `gold/`."""
    used = _usable(kit, records, accepted)
    gold = [(source, one.id, one.person.number, one.person.number) for source, body in used.items() for one in body]
    gold += [
        (f"{name}.csv", f"{name}{n}", person.number, person.number) for name, people in held.items() for n, person in enumerate(people)
    ]
    (folder / "gold" / "entities.csv").write_text(table([("SOURCE", "ID", "ENTITY", "HOUSEHOLD"), *gold]), encoding="utf-8", newline="")
    (folder / "gold" / "accepted.json").write_text(json.dumps(accepted), encoding="utf-8")
    (folder / "gold" / "expected.json").write_text(json.dumps(_expected(kit, used, held, lines), indent=1), encoding="utf-8")


def _usable(kit: Kit, records: dict[str, list[Record]], accepted: dict[str, int]) -> dict[str, list[Record]]:
    """The records of accepted tranches."""
    used: dict[str, list[Record]] = {}
    for spec in kit.lists:
        left, total = list(records[spec.code]), len(records[spec.code])
        used[spec.code] = []
        for tranche, part in enumerate(spec.tranches, start=1):
            size = len(left) if part is spec.tranches[-1] else round(total * part.share)
            used[spec.code] += left[:size] if f"{spec.code}/{tranche}" in accepted else []
            left = left[size:]
    return used


def _expected(kit: Kit, used: dict[str, list[Record]], held: dict[str, list[Person]], lines: Sequence[Line]) -> dict[str, dict[str, Any]]:
    """Each list's accounting: rejected, else suppressed by the first list, else intra, else inter, else net."""
    first_holder: dict[int, str] = {}
    for name, people in held.items():
        for person in people:
            first_holder.setdefault(person.number, name)
    ranks: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.list_code, line.segment)
        ranks[key] = min(line.rank, ranks.get(key, line.rank))
    counts: dict[str, dict[str, Any]] = {
        code: {"delivered": len(body), "rejected": 0, "suppressed": dict.fromkeys(kit.suppressions, 0), "intra": 0, "inter": 0, "net": 0}
        for code, body in used.items()
    }
    candidates: dict[int, list[tuple[int, int, Record]]] = {}
    for code, body in used.items():
        for place, one in enumerate(body):
            if one.rejected:
                counts[code]["rejected"] += 1
            elif one.person.number in first_holder:
                counts[code]["suppressed"][first_holder[one.person.number]] += 1
            else:
                candidates.setdefault(one.person.number, []).append((ranks.get((code, one.segment), 10**6), place, one))
    for same in candidates.values():
        ordered = sorted(same, key=lambda one: (one[0], list(used).index(one[2].source), one[1]))
        seen = {ordered[0][2].source}
        counts[ordered[0][2].source]["net"] += 1
        for _, _, one in ordered[1:]:
            counts[one.source]["intra" if one.source in seen else "inter"] += 1
            seen.add(one.source)
    return counts
