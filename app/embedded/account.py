"""Who runs PostgreSQL when we are root: it refuses to run as root itself.

A system account of our own owns the cluster's folder. Where it cannot walk to a folder of ours (a home of mode 0700), a place
in ``/var/lib`` is used instead; the permissions of folders that exist already are never touched. Not used by ordinary users.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

ACCOUNT_NAME = "jalon-postgres"
_PUBLIC_HOME = Path("/var/lib/jalon")


class Identity(TypedDict):
    """The arguments of ``subprocess`` that say who runs the child; all None: whoever we are."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


@dataclass(frozen=True)
class Account:
    """A system account, by its numbers."""

    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Tell whether the account may walk down to ``folder`` and read there."""
        return all(self._may_search(step) for step in (folder, *folder.parents) if step.exists())

    def _may_search(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        return bool(status.st_mode & (0o010 if status.st_gid == self.gid else 0o001))


def service_account() -> Account | None:
    """Return the account that runs the servers, made when missing; None when we are not root and run them ourselves.

    :raises LookupError: when the account is missing and cannot be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        _make_account()
        entry = pwd.getpwnam(ACCOUNT_NAME)
    return Account(entry.pw_uid, entry.pw_gid)


def run_as(account: Account | None) -> Identity:
    """Return the arguments of ``subprocess`` that make a child run as this account, without our own groups."""
    if account is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def cluster_folder(data_dir: Path, account: Account | None) -> Path:
    """Return the folder of the cluster that belongs to ``data_dir``; it does not exist before it is created.

    It is ``postgres/`` there, or what that name links to when the account could not walk in. Removing the data folder then
    leaves the cluster behind in ``/var/lib``, unused: data is not deleted on a guess.
    """
    name = data_dir / "postgres"
    if name.exists():
        return name.resolve()
    if account is None or account.can_enter(data_dir):
        return name
    _PUBLIC_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="cluster-", dir=_PUBLIC_HOME))
    home.chmod(0o711)
    name.unlink(missing_ok=True)
    name.symlink_to(home / "postgres")
    return home / "postgres"


def runnable_copy(installation: Path, version: str, needs: tuple[str, ...], account: Account | None) -> Path:
    """Return a folder that holds ``needs`` and that the account can run programs from: ``installation``, or a copy.

    The folders named in ``needs`` keep their places beside each other, as programs find their libraries by them.
    """
    if account is None or account.can_enter(installation / needs[0]):
        return installation
    copy = _PUBLIC_HOME / f"programs-{version}"
    if not copy.exists():
        _PUBLIC_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=_PUBLIC_HOME))
        for name in needs:
            shutil.copytree(installation / name, draft / name)
        subprocess.run(["chmod", "-R", "a+rX", str(draft)], check=True)
        try:
            draft.rename(copy)
        except OSError:
            # Another process was first; its copy is the same.
            shutil.rmtree(draft)
    return copy


def _make_account() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd is None:
        raise LookupError(f"no account {ACCOUNT_NAME} and no useradd to make it")
    made = subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME],
        check=False,
        capture_output=True,
        text=True,
    )
    # 9 is "name already in use": a process beside us was first.
    if made.returncode not in {0, 9}:
        raise LookupError(f"the account {ACCOUNT_NAME} could not be made: {made.stderr.strip()}")
