"""Contact pressure: who was written to so often of late that the advertiser's cap forbids another letter, and who gave of late.

Earlier sends are known by keyed hashes alone: whoever holds the file without the secret cannot look anybody up in it, nor try names out.
A run alone has none; a campaign hands them over beside the brief.

A key is exact where the matcher is not, so it is made of what survives a spelling: the sound of the surname, the first letter of the first
name, and the door. Two first names of one letter in a family count as one person: rather a letter too few than one too many.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path

import numpy as np
import polars as pl

from tasks.merge_purge.allocate import KEPT

REASON = "contact_pressure"
"""What stands for the cap where a suppression list's code would."""
GIFT_REASON = "recent_gift"
"""What stands so for the rest after a gift."""
KINDS = ("person", "household")
ACTIONS = ("suppress", "reserve")
KEY_SCHEMA: dict[str, pl.DataType] = {"kind": pl.String(), "key": pl.Binary()}
_KEY_BYTES = 16


@dataclass(frozen=True)
class Cap:
    """The most sends that a person or a household gets within so many days, the one that is being prepared included."""

    kind: str
    days: int
    most: int


@dataclass(frozen=True)
class EarlierSend:
    """Keys of whom a send reached, and how many days before this one it was posted."""

    path: Path
    days: int


@dataclass(frozen=True)
class GiftRest:
    """Keys of those who gave to other campaigns, each with the last day: whoever gave since that day is not written to."""

    since: date
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Pressure:
    """What a run has to know. `action`: those over a cap are held like a suppression list's people, or kept and marked for the reserve."""

    secret: bytes
    action: str = "suppress"
    caps: tuple[Cap, ...] = ()
    earlier: tuple[EarlierSend, ...] = ()
    gift_rest: GiftRest | None = None

    @property
    def suppresses(self) -> bool:
        """Whether those over a cap, or at rest, are lost to the net."""
        return bool(self.caps or self.gift_rest) and self.action == "suppress"

    @staticmethod
    def read(path: Path) -> "Pressure":
        """Read what a campaign laid out as JSON; paths start at its folder.

        :raises ValueError: when it says something that makes no sense.
        """
        data = json.loads(path.read_text(encoding="utf-8"))
        caps = tuple(Cap(str(one["kind"]), int(one["days"]), int(one["most"])) for one in data["caps"])
        earlier = tuple(EarlierSend(path.parent / one["path"], int(one["days"])) for one in data["earlier"])
        if data["action"] not in ACTIONS or any(cap.kind not in KINDS or cap.days < 1 or cap.most < 1 for cap in caps):
            raise ValueError(f"{path.name}: an action or a cap that is not known")
        rest = data.get("gift_rest")
        gifts = GiftRest(date.fromisoformat(rest["since"]), tuple(path.parent / one for one in rest["paths"])) if rest else None
        return Pressure(bytes.fromhex(data["secret"]), data["action"], caps, earlier, gifts)


def contact_keys(records: pl.DataFrame, secret: bytes) -> pl.DataFrame:
    """Keys of normalised records: ``id, person, household``, null where a record has no name or no door.

    :param secret: at most 64 bytes; BLAKE2b takes them as the key of its hash (RFC 7693)
    """
    place = pl.coalesce(*(pl.when(pl.col(name) != "").then(pl.col(name)) for name in ("street_key", "place_key", "box")))
    door = pl.when(pl.col("cp") != "").then(pl.concat_str("cp", "number", "suffix", place, separator="|"))
    is_person = pl.col("last_sound") != ""
    name = pl.when(is_person).then(pl.col("last_sound")).when(pl.col("org_key") != "").then(pl.concat_str(pl.lit("="), "org_key"))
    first = pl.when(is_person).then(pl.col("initials").str.slice(0, 1)).otherwise(pl.lit(""))
    texts = records.select("id", person=pl.concat_str(name, first, door, separator="|"), household=pl.concat_str(name, door, separator="|"))
    return texts.select("id", *(hashed(texts[kind], secret, kind) for kind in KINDS))


def hashed(texts: pl.Series, secret: bytes, kind: str) -> pl.Series:
    """Keys of texts, null where there is none. Those of two kinds are never the same, whatever they are made of.

    :param kind: at most 16 bytes; BLAKE2b takes them as its personalisation
    """
    keyed = blake2b(key=secret, digest_size=_KEY_BYTES, person=kind.encode())
    different = texts.drop_nulls().unique()

    def digest(text: str) -> bytes:
        one = keyed.copy()
        one.update(text.encode())
        return one.digest()

    table = pl.DataFrame({"text": different, "key": pl.Series([digest(text) for text in different], dtype=pl.Binary)})
    found = texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")["key"]
    return found.rename(kind)


def over_cap(keys: pl.DataFrame, person: np.ndarray, pressure: Pressure) -> pl.Series:
    """The ``id`` of every record of whoever is over a cap: what is known of one record of a person counts for them all.

    :param keys: what ``contact_keys`` gave for the delivered records
    :param person: the number of each record's person
    """
    nothing = pl.DataFrame(schema={"person": pl.Int64, "kind": pl.String, "send": pl.Int32, "days": pl.Int32})
    grouped = keys.with_columns(group=pl.Series(person, dtype=pl.Int64))
    met = [nothing]
    for number, send in enumerate(pressure.earlier):
        reached = pl.read_parquet(send.path)
        for kind in KINDS:
            those = reached.filter(pl.col("kind") == kind).select(pl.col("key").alias(kind))
            groups = grouped.join(those, on=kind, how="semi").select(person="group").unique()
            at = {"kind": pl.lit(kind), "send": pl.lit(number, dtype=pl.Int32), "days": pl.lit(send.days, dtype=pl.Int32)}
            met.append(groups.with_columns(**at))
    contacts = pl.concat(met)
    over = [
        contacts.filter((pl.col("kind") == cap.kind) & (pl.col("days") <= cap.days))
        .group_by("person")
        .agg(sends=pl.col("send").n_unique())
        .filter(pl.col("sends") >= cap.most)["person"]
        for cap in pressure.caps
    ]
    if not over:
        return pl.Series("id", [], dtype=keys.schema["id"])
    return grouped.filter(pl.col("group").is_in(pl.concat(over).unique().implode()))["id"]


def at_rest(keys: pl.DataFrame, person: np.ndarray, rest: GiftRest) -> pl.Series:
    """The ``id`` of every record of whoever gave since the day; parameters as of ``over_cap``."""
    gave = [pl.DataFrame(schema={"person": pl.Binary})]
    gave += [pl.read_parquet(path).filter(pl.col("on") >= rest.since).select(person="key") for path in rest.paths]
    grouped = keys.with_columns(group=pl.Series(person, dtype=pl.Int64))
    resting = grouped.join(pl.concat(gave), on="person", how="semi").select("group").unique()
    return grouped.join(resting, on="group", how="semi", maintain_order="left")["id"]


@dataclass(frozen=True)
class Pressed:
    """What a run found of its delivered records: their keys, the number of each one's person, who is over a cap, who else gave of late."""

    pressure: Pressure
    keys: pl.DataFrame
    person: np.ndarray
    over: pl.Series
    resting: pl.Series

    @staticmethod
    def among(keys: pl.DataFrame, person: np.ndarray, pressure: Pressure) -> "Pressed":
        """Look the keys of the delivered records up in the earlier sends and gifts."""
        over = over_cap(keys, person, pressure)
        resting = over.clear()
        if pressure.gift_rest:
            found = at_rest(keys, person, pressure.gift_rest)
            resting = found.filter(~found.is_in(over.implode()))
        return Pressed(pressure, keys, person, over, resting)

    @property
    def _by_reason(self) -> tuple[tuple[pl.Series, str], ...]:
        return ((self.over, REASON), (self.resting, GIFT_REASON))

    @property
    def reasons(self) -> tuple[str, ...]:
        """What suppresses after every list: the caps and the rest after a gift, where they do."""
        if not self.pressure.suppresses:
            return ()
        return (*((REASON,) if self.pressure.caps else ()), *((GIFT_REASON,) if self.pressure.gift_rest else ()))

    def held(self, first: pl.DataFrame) -> pl.DataFrame:
        """The first list that holds each record, with caps and rest after every list where they suppress."""
        if not self.pressure.suppresses:
            return first
        pressed = [ids.to_frame("id").with_columns(list=pl.lit(reason)) for ids, reason in self._by_reason]
        return pl.concat([first, pl.concat(pressed).join(first, on="id", how="anti")]).sort("id")

    def account(self, decided: pl.DataFrame, codes: Sequence[str]) -> dict[str, object]:
        """What the report says: the caps, how many earlier sends were looked at, and by list who was suppressed or goes to the reserve.

        Those who gave of late and are over no cap are ``resting``, where policy lets them.
        """
        counts = []
        for ids, reason in self._by_reason:
            pressed = decided.filter(pl.col("id").is_in(ids.implode()))
            counted = pressed.filter((pl.col("by") == reason) if self.pressure.suppresses else (pl.col("decision") == KEPT))
            by_list = dict(counted.group_by("source").len().rows())
            counts.append({code: by_list.get(code, 0) for code in codes})
        over, resting = counts
        told = {
            "action": self.pressure.action,
            "caps": [{"kind": cap.kind, "days": cap.days, "most": cap.most} for cap in self.pressure.caps],
            "sends": len(self.pressure.earlier),
            "over": over,
        }
        return told | {"resting": resting} if self.pressure.gift_rest else told

    def write(self, folder: Path, decided: pl.DataFrame, codes: Sequence[str]) -> None:
        """Write, list by list, the keys of whoever is kept by the place of their record in the net file, and who of them is held back.

        A kept person's key is that of each of their records, in whatever list and spelling; their household is where the kept record is.
        """
        folder.mkdir()
        groups = self.keys.select("id", "person", "household", group=pl.Series(self.person, dtype=pl.Int64))
        kept = decided.filter(pl.col("decision") == KEPT).select("id", "source").join(groups, on="id", maintain_order="left")
        for code in codes:
            own = kept.filter(pl.col("source") == code).with_columns(place=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))
            theirs = own.select("place", "group").join(groups.select("group", key="person"), on="group")
            persons = theirs.select("place", kind=pl.lit("person"), key="key")
            homes = own.select("place", kind=pl.lit("household"), key="household")
            pl.concat([persons, homes]).drop_nulls("key").unique().sort("place", "kind", "key").write_parquet(folder / f"{code}.parquet")
            marked = own.filter(pl.col("id").is_in(pl.concat([self.over, self.resting]).implode())).select("place")
            marked.write_parquet(folder / f"{code}.over.parquet")
