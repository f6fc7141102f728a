"""The embedded servers are private, durable, owned by one process and gone when that process is."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from app.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey, Servers, attach_or_start, temporary, temporary_folder
from app.embedded.postgres import APP_ROLE, OWNER_ROLE
from tests.patience import PATIENCE_SECONDS, wait_until

PROJECT = Path(__file__).parents[2]

OWNER_PROGRAM = """
import sys
from pathlib import Path
from app.embedded import attach_or_start

with attach_or_start(Path(sys.argv[1])) as servers:
    print("owner" if servers.owned else "attached", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as made:
        yield made


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that owns the servers of ``folder``, from when they are ready until its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER_PROGRAM, str(folder)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "owner\n"
        yield process


def ask(url: str, question: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]


def postmaster_pid(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_application_owns_nothing_and_does_not_bypass_row_level_security(postgres: EmbeddedPostgres) -> None:
    with postgres.superuser() as connection:
        flags = connection.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = ANY(%s)",
            [[APP_ROLE, OWNER_ROLE]],
        ).fetchall()

    assert flags == [(True, False, False, False, False)] * 2
    assert ask(postgres.app_url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()") == OWNER_ROLE
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(postgres.app_url, "CREATE TABLE mine (id int)")


def test_text_is_utf8_and_letters_with_accents_have_capitals(postgres: EmbeddedPostgres) -> None:
    assert ask(postgres.app_url, "SHOW server_encoding") == "UTF8"
    assert ask(postgres.app_url, "SELECT upper('élève à noël œuvre')") == "ÉLÈVE À NOËL ŒUVRE"


def test_nobody_else_on_the_machine_reaches_the_servers(postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> None:
    assert ask(postgres.app_url, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(postgres.socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(valkey.socket.parent.stat().st_mode) == 0o700
    with redis.Redis.from_url(valkey.url) as client:
        assert client.config_get("port") == {"port": "0"}


def test_the_queue_server_never_drops_a_job_to_make_room(valkey: EmbeddedValkey) -> None:
    with redis.Redis.from_url(valkey.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_the_keys_of_the_application_are_not_in_the_servers_surroundings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALON_MASTER_KEY", "do-not-tell")

    with EmbeddedValkey(folder, sync=False) as server:
        surroundings = Path(f"/proc/{server.pid}/environ")
        if not surroundings.exists():
            pytest.skip("this system does not show the environment of a process")
        assert b"do-not-tell" not in surroundings.read_bytes()


def test_real_data_is_durable_and_survives_a_stop(folder: Path) -> None:
    with attach_or_start(folder) as servers:
        assert ask(servers.app_url, "SHOW fsync") == "on"
        with psycopg.connect(servers.owner_url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE fact AS SELECT 42 AS answer")
        with redis.Redis.from_url(servers.redis_url) as client:
            client.set("fact", "42")

    with attach_or_start(folder) as servers:
        assert ask(servers.owner_url, "SELECT answer FROM fact") == 42
        with redis.Redis.from_url(servers.redis_url) as client:
            assert client.get("fact") == b"42"


def test_who_comes_later_attaches_and_does_not_stop_what_is_not_theirs(folder: Path) -> None:
    with another_process(folder) as owner:
        with attach_or_start(folder) as attached:
            assert not attached.owned
            assert ask(attached.app_url, "SELECT 1") == 1

        assert is_alive(postmaster_pid(folder))
        assert owner.poll() is None


def test_a_queue_server_left_over_from_before_ends_before_the_next_one_starts(folder: Path) -> None:
    leftover, successor = EmbeddedValkey(folder), EmbeddedValkey(folder)
    leftover.start()
    try:
        with successor, redis.Redis.from_url(successor.url) as client:
            assert leftover.pid is None
            assert client.info("server")["process_id"] == successor.pid
    finally:
        leftover.stop()


def test_a_second_call_in_the_owners_process_attaches_too(folder: Path) -> None:
    with attach_or_start(folder) as ours, attach_or_start(folder) as again:
        assert (ours.owned, again.owned) == (True, False)
        assert again.app_url == ours.app_url


def test_servers_stop_with_their_owner_and_the_next_one_starts_anew(folder: Path) -> None:
    with another_process(folder):
        pid = postmaster_pid(folder)

    assert not is_alive(pid)
    with attach_or_start(folder) as servers:
        assert servers.owned


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_servers_of_an_owner_that_was_killed_end_by_themselves(folder: Path) -> None:
    with another_process(folder) as owner:
        pid = postmaster_pid(folder)
        owner.kill()
        owner.wait()

    wait_until(lambda: not is_alive(pid))


def test_the_lock_of_an_owner_that_was_killed_is_no_obstacle(folder: Path) -> None:
    with another_process(folder) as owner:
        owner.kill()
        owner.wait()

        with attach_or_start(folder) as servers:
            assert servers.owned
            assert ask(servers.app_url, "SELECT 1") == 1


@pytest.mark.parametrize("from_terminal", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_owners_group_leaves_nothing_running(folder: Path, from_terminal: signal.Signals) -> None:
    with another_process(folder) as owner:
        pid = postmaster_pid(folder)
        os.killpg(owner.pid, from_terminal)
        owner.wait()

    wait_until(lambda: not is_alive(pid))


def test_a_forked_child_that_ends_leaves_its_parents_servers_alone(folder: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from app.embedded import attach_or_start; import psycopg\n"
        "with attach_or_start(Path(sys.argv[1])) as servers:\n"
        "    child = os.fork()\n"
        "    if child == 0: sys.exit(0)\n"
        "    os.waitpid(child, 0)\n"
        "    psycopg.connect(servers.app_url.replace('+psycopg', '')).close()\n"
    )

    subprocess.run([sys.executable, "-c", program, str(folder)], cwd=PROJECT, check=True, timeout=PATIENCE_SECONDS)


def test_a_folder_whose_path_is_too_long_for_a_socket_works_all_the_same(folder: Path) -> None:
    deep = folder / ("a folder with spaces and % in its name " * 3) / "data"
    deep.parent.mkdir(mode=0o711)

    with attach_or_start(deep) as servers:
        assert ask(servers.app_url, "SELECT 1") == 1
        with redis.Redis.from_url(servers.redis_url) as client:
            assert client.ping()


def test_a_creation_that_was_interrupted_is_begun_again(folder: Path) -> None:
    (folder / "postgres.new").mkdir()
    (folder / "postgres.new" / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(folder, sync=False) as server:
        assert ask(server.app_url, "SELECT 1") == 1


def test_a_cluster_of_another_major_version_is_refused_with_what_to_do(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("16\n")

    with pytest.raises(EmbeddedServerError, match="dump it with the old one"):
        EmbeddedPostgres(folder).start()


def test_a_server_that_does_not_start_says_why(folder: Path) -> None:
    with EmbeddedPostgres(folder, sync=False):
        pass
    with (folder / "postgres" / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")

    with pytest.raises(EmbeddedServerError, match="no_such_setting"):
        EmbeddedPostgres(folder, sync=False).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL itself")
def test_root_in_a_closed_home_still_gets_a_server_that_does_not_run_as_root(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)

    with EmbeddedPostgres(home / "data", sync=False) as server:
        cluster = (home / "data" / "postgres").resolve()
        try:
            assert Path(f"/proc/{server.pid}").stat().st_uid != 0
            assert stat.S_IMODE(home.stat().st_mode) == 0o700
            assert ask(server.app_url, "SELECT 1") == 1
        finally:
            server.stop()
            shutil.rmtree(cluster.parent)


def test_temporary_servers_leave_neither_process_nor_folder() -> None:
    with temporary() as servers:
        assert isinstance(servers, Servers)
        folder = Path(servers.redis_url.removeprefix("unix://").split("?")[0]).parents[1]
        pid = postmaster_pid(folder)

    assert not is_alive(pid)
    assert not folder.exists()
