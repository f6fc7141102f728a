"""The signed-in inbox of fifty rows among many user tasks, against a bare Flask page that renders the rows of one query; in turns.

`ours` is looked at again, as people do; `anew` is the same page with all that is kept of its rows forgotten before each request, as if
every one of them had changed. Requests go to the WSGI application itself, one at a time. A tenth of the user tasks are of our own
advertiser, all but fifty closed, which are those of two campaigns; of the others' half are open. `--tasks N`, `--rounds N`, `--requests N`,
`--json`.
"""

import argparse
import sys
from contextlib import ExitStack
from typing import Any

import psycopg

from app.database import upgrade
from app.embedded import EmbeddedPostgres, temporary_folder
from bench._served import Server, ratios, tell
from bench.pages._asking import ROWS

OF_A_CAMPAIGN = 100
"""User tasks of each campaign."""
OF_ONE = 200
"""User tasks of each other advertiser."""

_FILL = (
    "create temp table house as select gen_random_uuid() as id, n, gen_random_uuid() as policy from generate_series(0, %(others)s) n",
    "insert into advertiser (id, name, siren, vat_number, address, postcode, town) select id, 'A' || n, '', '', '', '', '' from house",
    "insert into policy_version (id, advertiser_id, number, body, sha256, saved_at) select policy, id, 1, '{}', '', now() from house",
    "insert into campaign (id, advertiser_id, code, title, state, version, chain_seq, chain_head, policy_version_id, policy_number,"
    " currency, vat_rate, margin_rate, handling_amount, drop_on, envelope_amount, dedupe, seed, opened_at)"
    " select gen_random_uuid(), id, 'C' || n || '-' || k, 'Campaign ' || k,"
    " 'order', 1, 1, '', policy, 1, 'EUR', 0.2, 1, 0, current_date + 60, 1000, '{}', 1, now()"
    " from house, generate_series(1, case when n = 0 then %(of_ours)s else %(of_one)s end / %(of_a_campaign)s) k",
    "insert into person (id, email, name, locale, created_at) values (gen_random_uuid(), 'bench@example.org', 'M. Bench', 'fr', now())",
    "insert into membership (id, person_id, advertiser_id, role) select gen_random_uuid(), person.id, house.id, 'project_manager'"
    " from person, house where house.n = 0",
    "insert into user_task (id, campaign_id, advertiser_id, subject_kind, subject_id, label, name, stage, candidate_role, state, opened_at,"
    " due_at, opened_seq, version, priority, mentioned, ticks) select gen_random_uuid(), c.id, c.advertiser_id, 'campaign', c.id, 'L' || k,"
    " (array['settle_list', 'confirm_orders', 'start_dedupe'])[1 + k %% 3], 'order', 'project_manager',"
    " case when c.code in ('C0-1', 'C0-2') and k <= %(mine)s or house.n > 0 and k %% 2 = 0 then 'open' else 'done' end,"
    " now() - interval '9 days', now() + (k %% 40 - 5) * interval '1 day', 1, 1, 'normal', '[]', '{}'"
    " from house join campaign c on c.advertiser_id = house.id,"
    " generate_series(1, %(of_a_campaign)s) k",
    "analyze",
)


def fill(owner_url: str, tasks: int) -> str:
    """Fill a database with so many user tasks; returns the id of the person whose inbox it is."""
    of_ours = tasks // 10
    sizes = {"others": (tasks - of_ours) // OF_ONE, "mine": ROWS // 2, "of_ours": of_ours, "of_one": OF_ONE, "of_a_campaign": OF_A_CAMPAIGN}
    with psycopg.connect(owner_url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in _FILL:
            connection.execute(statement, sizes)
        (person,) = connection.execute("select id from person").fetchone()
    return str(person)


def measure(*, tasks: int, rounds: int, requests: int) -> dict[str, Any]:
    """Rounds in turns, after one to warm up."""
    with temporary_folder() as folder, EmbeddedPostgres(folder) as postgres, ExitStack() as stack:
        upgrade(postgres.owner_url)
        person = fill(postgres.owner_url, tasks)
        ours, bare = {"DATABASE_URL": postgres.app_url}, {"DATABASE_URL": postgres.owner_url}
        served = {"ours": ("ours", ours), "anew": ("ours", {**ours, "BENCH_ANEW": "1"}), "bare": ("bare", bare)}
        pages = {
            name: Server(f"bench.pages.{module}", sys.executable, {**environment, "BENCH_PERSON": person})
            for name, (module, environment) in served.items()
        }
        for page in pages.values():
            stack.callback(page.stop)
            page.round(2)
        raw = [{name: page.round(requests // 10) for name, page in pages.items()} for _ in range(rounds)]
    found = ratios(raw, "ours")
    anew = {f"anew_{name}": figure for name, figure in ratios(raw, "anew").items() if name.endswith("_to_bare")}
    return {"bench": "inbox", **found, **anew, "user_tasks": tasks, "rounds": raw}


def main() -> None:
    """Measure, and print for people and for machines."""
    parser = argparse.ArgumentParser(prog="./dev bench inbox", description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    asked = parser.parse_args()
    tell(measure(tasks=asked.tasks, rounds=asked.rounds, requests=asked.requests), as_json=asked.json)


if __name__ == "__main__":
    main()
