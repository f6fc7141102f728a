"""A project manager and an approver who push campaigns back and forth through the API; whatever fails is sent again under its key.

A wish is given up by nobody: it ends with an answer. `answered` holds what the answers promised, for the audit.
"""

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

PATIENCE_SECONDS = 90.0
BREATH_SECONDS = 2.0
"""Between two moves: each closed negotiation is a budget to draw and letters to write."""
_AGAIN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """A move that the API said was made."""

    key: str
    campaign_id: UUID
    seq: int
    event: str


@dataclass
class Office:
    """The two of them, at one web server."""

    port: int
    manager: str
    approver: str
    budget_of: Callable[[UUID], str]
    answered: list[Answer] = field(default_factory=list)
    repeats: int = 0
    faults: list[str] = field(default_factory=list)

    def work(self, campaign_id: UUID, until: threading.Event) -> None:
        """Close the negotiation, refuse the budget, and so on; at last approve it."""
        try:
            while True:
                self._ask(self.manager, "close_negotiation", {"subject_id": str(campaign_id)})
                if until.is_set():
                    break
                time.sleep(BREATH_SECONDS)
                self._ask(self.approver, "refuse_budget", {"subject_id": str(campaign_id), "reason": "Trop cher."})
            self._ask(self.approver, "approve_budget", {"subject_id": str(campaign_id), "budget_sha256": self.budget_of(campaign_id)})
        except Exception as error:  # a thread's own end must be seen by the audit
            self.faults.append(f"{type(error).__name__}: {error}")

    def _ask(self, token: str, command: str, body: dict[str, str]) -> None:
        key, deadline = uuid4().hex, time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            status, told = self._send(token, command, body, key)
            if status == 200:
                self.answered.append(Answer(key, UUID(told["campaign_id"]), told["seq"], told["event"]))
                return
            if status and status not in _AGAIN:
                raise RuntimeError(f"{command} was answered {status}: {told}")
            self.repeats += 1
            time.sleep(0.1)
        raise TimeoutError(f"{command} was not answered in {PATIENCE_SECONDS} s")

    def _send(self, token: str, command: str, body: dict[str, str], key: str) -> tuple[int, dict[str, str]]:
        """One try; status 0 when no whole answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
        try:
            connection.request("POST", f"/api/commands/{command}", json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()
