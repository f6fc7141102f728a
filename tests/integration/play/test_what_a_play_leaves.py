"""Every sentence about what a play leaves, checked with arithmetic of its own."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

from tests.integration.play.check import Played, cents, has_check, number, rows


def test_the_campaign_ends_in_analysis(played: Played) -> None:
    assert (played.result["campaign"], played.result["stage"]) == (played.brief["code"], "analysis")


def test_each_record_is_counted_once_list_by_list(played: Played) -> None:
    assert set(played.result["lists"]) == {row["LISTE"] for row in played.plan}
    for code, counts in played.result["lists"].items():
        assert counts["ordered"] == sum(int(row["BRUT"]) for row in played.plan if row["LISTE"] == code)
        accounted = counts["rejected"] + sum(counts["suppressed"].values()) + counts["intra"] + counts["inter"] + counts["net"]
        assert counts["delivered"] == accounted, code
        assert list(counts["suppressed"]) == ["opposition", "pnd_historique", "donateurs_actifs"] or len(counts["suppressed"]) == 3


def test_declared_counts_come_from_the_notes_of_accepted_versions(played: Played) -> None:
    newest = {(row["LISTE"], row["TRANCHE"]): row for row in rows(played.kit / "delivery_notes.csv")}
    for code, counts in played.result["lists"].items():
        declared = sum(int(row["NB_ENREGISTREMENTS"]) for key, row in newest.items() if key[0] == code)
        assert counts["declared"] == declared == counts["delivered"]


def test_cells_are_a_partition_of_the_net(played: Played) -> None:
    for code, counts in played.result["lists"].items():
        cells = [lot for lot in played.lots.values() if lot["list"] == code]
        assert counts["net"] == sum(lot["quantity"] for lot in cells)
        assert counts["mailed"] == sum(lot["quantity"] for lot in cells if lot["code"] in played.sent)
    assert all(lot["quantity"] > 0 and has_check(lot["code"]) for lot in played.lots.values())
    table = {row["CODE_LOT"]: int(row["QUANTITE"]) for row in played.table}
    assert table == {code: lot["quantity"] for code, lot in played.lots.items()}


def test_every_line_of_the_plan_has_a_cell_that_is_sent(played: Played) -> None:
    sent = {(lot["list"], lot["segment"], lot["message"], lot["role"], lot["channel"]) for lot in played.sent.values()}
    wanted = {(row["LISTE"], row["SEGMENT"], row["MESSAGE"], row["ROLE"], row["CANAL"]) for row in played.plan}
    assert wanted <= sent


def test_the_mailing_holds_each_cell_and_every_seed_once_in_it(played: Played) -> None:
    pieces = Counter(row["CODE_LOT"] for row in played.mailing)
    assert pieces == {code: lot["quantity"] + lot["seeds"] for code, lot in played.sent.items()}
    seeds = Counter(row["ID_UNIQUE"] for row in played.mailing if played.is_seed(row))
    assert seeds == Counter(f"{seed}-{code}" for seed in played.seeds for code in played.sent)


def test_unique_ids_never_repeat_and_stand_beside_the_suppliers_own(played: Played) -> None:
    mailed = [row["ID_UNIQUE"] for row in played.mailing]
    assert len(mailed) == len(set(mailed))
    net = {row["ID_UNIQUE"] for code in played.result["lists"] for row in rows(played.out / "net" / f"{code}.csv") if row["ID_SOURCE"]}
    assert {row["ID_UNIQUE"] for row in played.mailing if not played.is_seed(row)} <= net
    assert len(net) == sum(counts["net"] for counts in played.result["lists"].values())


def test_the_mailing_is_written_as_the_post_wants_it(played: Played) -> None:
    for path in sorted((played.out / "lots").glob("mailing_*.csv")):
        body = rows(path)
        assert [int(row["N_SEQ"]) for row in body] == list(range(1, len(body) + 1))
        for row in body:
            lines = [row[f"L{n}"] for n in range(1, 7)]
            assert all(len(line) <= 38 for line in lines)
            assert all(re.fullmatch(r"[A-Z0-9 ]*", line) for line in lines[3:]), row["ID_UNIQUE"]
            assert re.fullmatch(r"\d{5}", row["CP"])
            assert row["L6"] == f"{row['CP']} {row['LOCALITE']}"[:38].rstrip()


def test_lists_are_billed_to_the_cent_and_stated_to_whom_they_were_ordered_from(played: Played) -> None:
    statement = {row["LISTE"]: row for row in rows(played.out / "statements" / "net_statement.csv")}
    for code, counts in played.result["lists"].items():
        billable, due = played.bill(code)
        assert (counts["billable"], counts["due_amount"]) == (billable, f"{due:.2f}")
        if played.terms[code]["NATURE"] == "house":
            assert code not in statement
            continue
        row = statement[code]
        assert (int(row["QTE_FACTURABLE"]), number(row["MONTANT_HT"])) == (billable, due)
        assert row["FOURNISSEUR"] == (played.terms[code]["COURTIER"] or played.terms[code]["PROPRIETAIRE"])


def test_one_order_a_list_and_one_a_supplier_of_services(played: Played) -> None:
    ordered = Counter((order["supplier"], order.get("list")) for order in played.result["orders"])
    wanted = Counter({(t["COURTIER"] or t["PROPRIETAIRE"], code) for code, t in played.terms.items() if t["NATURE"] != "house"})
    wanted += Counter({(row["FOURNISSEUR"], None) for row in played.costs if row["FOURNISSEUR"]})
    assert ordered == wanted


def test_each_list_bears_its_costs_and_its_share_of_the_flat_ones(played: Played) -> None:
    mailed = sum(counts["mailed"] for counts in played.result["lists"].values())
    for code, counts in played.result["lists"].items():
        seeds = sum(lot["seeds"] for lot in played.sent.values() if lot["list"] == code)
        cost = Decimal(counts["due_amount"]) + cents(played.rate("par_pli") * (counts["mailed"] + seeds))
        cost += cents(played.rate("par_adresse_brute") * counts["delivered"]) + cents(played.rate("par_retour") * counts["responses"])
        cost += played.rate("forfait") * counts["mailed"] / mailed
        assert abs(cost - Decimal(counts["cost"])) <= Decimal("0.05"), code


def test_the_approved_budget_is_covered_and_prepared_by_somebody_else(played: Played) -> None:
    budget = played.result["budget"]
    assert hashlib.sha256((played.out / "budget.json").read_bytes()).hexdigest() == budget["sha256"]
    total = Decimal(budget["total_amount"])
    assert total <= Decimal(str(played.brief["envelope_amount"]))
    limits = {one["email"]: Decimal(str(one.get("approval_limit", 0))) for one in played.brief["people"]}
    managers = {one["email"] for one in played.brief["people"] if one["role"] == "project_manager"}
    assert max(limits[email] for email in budget["approved_by"]) >= total
    assert not managers & set(budget["approved_by"])


def test_answers_are_credited_as_an_independent_reading_credits_them(played: Played) -> None:
    by_lot, nobody, aside = played.attributed()
    assert played.result["set_aside"] == {"responses": aside}
    assert played.result["unattributed"] == {"responses": len(nobody), "amount": f"{sum(nobody):.2f}"}
    for code, counts in played.result["lists"].items():
        found = [value for lot, values in by_lot.items() if played.lots[lot]["list"] == code for value in values]
        gifts = [value for value in found if value >= 0]
        assert (counts["responses"], counts["gifts"]) == (len(found), len(gifts)), code
        assert Decimal(counts["amount"]) == sum(gifts, Decimal(0))
    returned = Counter(played.lots[row["CODE_LOT"]]["list"] for row in rows(played.out / "responses" / "pnd.csv"))
    assert {code: counts["undeliverable"] for code, counts in played.result["lists"].items()} == {
        code: returned.get(code, 0) for code in played.result["lists"]
    }


def test_key_figures_follow_from_their_counts(played: Played) -> None:
    lists = played.result["lists"]
    total = {name: sum(Decimal(counts[name]) for counts in lists.values()) for name in next(iter(lists.values())) if name != "suppressed"}
    sources = {code: {name: Decimal(counts[name]) for name in total} for code, counts in lists.items()}
    formulas = {
        "response_rate": ("responses", "mailed"),
        "yield_rate": ("gifts", "mailed"),
        "undeliverable_rate": ("undeliverable", "mailed"),
        "retention_rate": ("net", "delivered"),
        "average_gift": ("amount", "gifts"),
        "cost_per_response": ("cost", "responses"),
        "roi": ("amount", "cost"),
    }
    tables = [(played.result["kpis"]["campaign"], total)]
    tables += [(played.result["kpis"]["by_list"][code], counts) for code, counts in sources.items()]
    for table, counts in tables:
        for name, (above, below) in formulas.items():
            expected = counts[above] / counts[below] if counts[below] else None
            value = table[name]["value"]
            assert (value is None) == (expected is None)
            assert expected is None or abs(Decimal(str(value)) - expected) <= Decimal("0.000001"), name
            assert (Decimal(table[name]["numerator"]), Decimal(table[name]["denominator"])) == (counts[above], counts[below])
    assert set(played.result["kpis"]["by_lot"]) == set(played.sent)
    assert set(played.result["kpis"]["by_segment"]) == {f"{lot['list']}/{lot['segment']}" for lot in played.sent.values()}


def test_duplicates_and_people_to_suppress_are_found_as_the_gold_says(played: Played) -> None:
    gold = {(row["SOURCE"], row["ID"]): row["ENTITY"] for row in rows(played.kit / "gold" / "entities.csv")}
    lists = set(played.result["lists"])
    held = {entity for (source, _), entity in gold.items() if source not in lists}
    wanted = {entity for (source, _), entity in gold.items() if source in lists} - held
    kept = [gold[code, row["ID_SOURCE"]] for code in lists for row in rows(played.out / "net" / f"{code}.csv")]
    once = set(kept)
    delivered_held = {entity for (source, _), entity in gold.items() if source in lists} & held
    assert (len(kept) - len(once)) / len(kept) < 0.03
    assert len(wanted - once) / len(wanted) < 0.05
    assert len(delivered_held & once) / len(delivered_held) < 0.06


def test_documents_are_there_in_both_languages(played: Played) -> None:
    names = {path.name for path in (played.out / "documents").glob("*.pdf")}
    kinds = {name.split("-")[0] for name in names}
    assert {"PM", "DB", "BC", "NC", "BD", "RD", "EN", "PL", "OR", "BI"} <= kinds
    assert {name.replace(".fr.", ".en.") for name in names} == {name.replace(".fr.", ".en.") for name in names if ".en." in name}


def test_the_evidence_verifies_and_a_change_in_it_does_not(played: Played, tmp_path: Path) -> None:
    with zipfile.ZipFile(played.out / "evidence.zip") as archive:
        archive.extractall(tmp_path)
    entries = (tmp_path / "checkpoints.jsonl").read_bytes().splitlines(keepends=True)
    head = played.result["checkpoints"]
    assert (len(entries), hashlib.sha256(entries[-1].rstrip(b"\n")).hexdigest()) == (head["count"], head["head"])

    def verify() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "verify.py", "."], cwd=tmp_path, capture_output=True, text=True, check=False)

    sound = verify()
    assert sound.returncode == 0, sound.stdout
    assert head["head"] in sound.stdout
    changed = {
        "edited": [*entries[:7], entries[7].replace(b'"to":', b'"To":', 1), *entries[8:]],
        "deleted": entries[:7] + entries[8:],
        "cut": entries[:-1],
        "swapped": [*entries[:7], entries[8], entries[7], *entries[9:]],
    }
    for how, lines in changed.items():
        (tmp_path / "checkpoints.jsonl").write_bytes(b"".join(lines))
        assert verify().returncode == 1, how
    (tmp_path / "checkpoints.jsonl").write_bytes(b"".join(entries))
    document = next((tmp_path / "documents").glob("*.pdf"))
    document.write_bytes(document.read_bytes() + b" ")
    tampered = verify()
    assert tampered.returncode == 1
    assert document.name in tampered.stdout + tampered.stderr


def test_nobodys_name_stands_in_a_checkpoint(played: Played) -> None:
    with zipfile.ZipFile(played.out / "evidence.zip") as archive:
        chain = archive.read("checkpoints.jsonl").decode()
    assert json.loads(chain.splitlines()[0])["seq"] == 1
    for person in played.brief["people"]:
        assert person["name"] not in chain
        assert person["email"] not in chain
