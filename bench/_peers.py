"""The environment of the peers: made beside the benches from its own lock, and never the project's."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LOCK = FOLDER / "peers.lock"
PLACE = FOLDER / ".peers"


def peers_python() -> Path:
    """The Python of the peers' environment, installed first when it is missing or its lock has changed."""
    python, mark = PLACE / "bin" / "python", PLACE / ".installed"
    wanted = sha256(LOCK.read_bytes()).hexdigest()
    if not (python.exists() and mark.exists() and mark.read_text(encoding="utf-8") == wanted):
        print("making the environment of the peers; the first time takes a minute", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", PLACE], check=True)
        pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq", "--require-hashes", "-r", LOCK]
        subprocess.run(pip, check=True)
        mark.write_text(wanted, encoding="utf-8")
    return python
