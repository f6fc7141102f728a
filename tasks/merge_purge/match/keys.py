"""Candidate pairs: records that share a blocking key. Keys that too many records share are left out, so pairs grow with the files."""

import polars as pl

# A key shared by more records than this says too little to be worth the comparisons; a narrower key finds their pairs.
CAP = 80


def _key(name: str, *parts: pl.Expr) -> pl.Expr:
    """A hash of the parts; null when a part is empty."""
    whole = pl.all_horizontal(part.fill_null("") != "" for part in parts)
    return pl.when(whole).then(pl.concat_str([pl.lit(name), *parts], separator="|").hash(seed=7)).alias(name)


def blocking_keys() -> dict[str, pl.Expr]:
    """The keys, by name. Each has a reader in mind: what can be wrong in a record for this key to find it still."""
    cp, dept, town = pl.col("cp"), pl.col("cp").str.slice(0, 2), pl.col("town_key")
    last, sound = pl.col("last_key"), pl.col("last_sound")
    letter, street, number = pl.col("initials").str.slice(0, 1), pl.col("street_key"), pl.col("number")
    head, tail = street.str.slice(0, 4), pl.col("street_sound")
    org = pl.col("org_key").str.slice(0, 6)
    keys = {
        "name in a postcode": (cp, sound, letter),
        "name in a town": (town, sound, letter),
        "weak name at a number": (cp, sound, number),
        "name in a street": (dept, sound, head),
        "surname start in a street": (cp, last.str.slice(0, 3), tail),
        "first name at a door": (cp, pl.col("first_key").str.slice(0, 4), number),
        "first name in a street": (dept, pl.col("first_key").str.slice(0, 4), head, number),
        "telephone": (pl.col("tel"),),
        "mailbox": (pl.col("mail"),),
        "mailbox without digits": (pl.col("mail_stem"), dept),
        "other surname": (dept, pl.col("other_key"), head),
        "surname whole": (last, letter, dept),
        "turned round": (cp, pl.min_horizontal(last, pl.col("first_key")), pl.max_horizontal(last, pl.col("first_key"))),
        "door anywhere": (number, street, sound),
        "company in a postcode": (cp, org),
        "company in a street": (dept, number, head, pl.col("org_key").str.slice(0, 3)),
        "company name": (pl.col("org_key"), town),
        "name on a box": (cp, pl.col("box"), letter),
    }
    return {name: _key(name, *parts) for name, parts in keys.items()}


def extra_keys() -> dict[str, pl.Expr]:
    """The same reader for a second surname: a record under both names meets those under either."""
    dept, head = pl.col("cp").str.slice(0, 2), pl.col("street_key").str.slice(0, 4)
    return {"other surname": _key("other surname", dept, pl.col("last_key"), head)}


def candidate_pairs(records: pl.DataFrame, *, cap: int = CAP) -> pl.DataFrame:
    """Pairs ``(a, b)`` with ``a < b`` of record numbers ``id``, each once, sorted; pairs of two suppression records are left out.

    :param records: normalised records with ``id`` (UInt32) and ``held`` (true for a suppression record)
    """
    found: list[pl.DataFrame] = []
    both = {name: [key] for name, key in blocking_keys().items()}
    for name, key in extra_keys().items():
        both[name].append(key)
    for exprs in both.values():
        column = pl.concat([records.select("id", "held", key=e) for e in exprs]).drop_nulls("key").unique(maintain_order=True)
        size = column.group_by("key").agg(pl.len().alias("n"), pl.col("held").all().alias("only_held"))
        column = column.join(
            size.filter((pl.col("n") > 1) & (pl.col("n") <= cap) & ~pl.col("only_held")).select("key"), on="key", how="semi"
        ).drop("held")
        found.append(
            column.join(column, on="key", suffix="_b")
            .filter(pl.col("id") < pl.col("id_b"))
            .select(pair=pl.col("id").cast(pl.UInt64) * 2**32 + pl.col("id_b").cast(pl.UInt64))
        )
    pairs = (
        pl.concat(found)
        .unique()
        .sort("pair")
        .select(a=(pl.col("pair") // 2**32).cast(pl.UInt32), b=(pl.col("pair") % 2**32).cast(pl.UInt32))
    )
    held = records.filter("held")["id"]
    return pairs.filter(~(pl.col("a").is_in(held.implode()) & pl.col("b").is_in(held.implode())))
