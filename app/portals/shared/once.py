"""A key in every form that is shown: sent twice, by a double click or a page sent again, the form acts once and is answered alike.

The key names one showing of a form; `parts` puts it there. The door keeps it with a move's answer; what changes no campaign keeps it here,
in its own transaction.
"""

import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app, request
from sqlmodel import Session

from app.database import Database
from workflows.engine.command import sha256_of
from workflows.engine.idempotency import find_answer, keep_answer
from workflows.parties.actor import SYSTEM

FIELD = "form_key"
_OF_THE_SHOWING = (FIELD, "csrf_token")
"""Fields that say nothing of what is wished."""

Answer = dict[str, Any]


class SentBefore(Exception):
    """The form was sent before; `answer` is what it came to. Whatever was written since in this transaction is to go."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def sent_key() -> str | None:
    """The key of the form that was sent; None where it carries none."""
    return request.form.get(FIELD) or None


def noise(about: str) -> bytes:
    """32 bytes for a secret that is shown once: random, and the same again when this showing of the form is sent again.

    Kept nowhere: whoever has neither the key of the showing nor the secret of this installation cannot make them.
    """
    key = sent_key()
    if key is None:
        return secrets.token_bytes(32)
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), f"{about} {request.path} {key}".encode(), "sha256")


def act_once(database: Database, person_id: UUID, advertiser_id: UUID, write: Callable[[Session], Answer]) -> Answer:
    """Do what a form asks, on the machine's authority, unless it was done; the answer is the same either way.

    :param write: does it in the session, and says in plain data what whoever asked is told.
    :raises KeyReused: when the form carries the key of another wish.
    """
    try:
        with database.writing(SYSTEM) as session:
            refuse_repeat(session, person_id)
            answer = write(session)
            keep(session, person_id, advertiser_id, answer)
    except SentBefore as before:
        return before.answer
    return answer


def refuse_repeat(session: Session, person_id: UUID) -> None:
    """Let nobody else answer this form's key before the transaction ends.

    :raises SentBefore: when it was answered already.
    :raises KeyReused: when it was answered to another wish.
    """
    key = sent_key()
    if key is not None and (answer := find_answer(session.connection(), person_id, key, _asked())) is not None:
        raise SentBefore(json.loads(answer))


def keep(session: Session, person_id: UUID, advertiser_id: UUID, answer: Answer) -> None:
    """Keep the answer with what it is about, for when the form is sent again."""
    key = sent_key()
    if key is not None:
        keep_answer(session.connection(), person_id, key, _asked(), advertiser_id=advertiser_id, answer=answer)


def _asked() -> str:
    """The fingerprint of what the form wishes."""
    fields = {name: values for name, values in request.form.lists() if name not in _OF_THE_SHOWING}
    return sha256_of({"form": request.path, "fields": fields})
