"""Asks for an e-mail with a link to choose a password. The relay hands it to a worker, which sends it to those alone who hold a role.

What is done here is the same whether the address is known, so that neither the answer nor its time tells. Not for sending: `tasks` does.
"""

from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from workflows.engine.columns import new_key
from workflows.parties.model import PasswordLetter

QUIET_MINUTES = 5
"""An address gets no second e-mail before: a form that is sent twice writes once, and nobody fills another's mailbox."""

_FORGET = text("delete from password_letter where asked_at < now() - interval '1 day'")


def ask_for_letter(session: Session, email: str, *, advertiser_id: UUID | None = None) -> bool:
    """Ask for the e-mail, in the machine's transaction; False when one was asked for a moment ago.

    :param advertiser_id: who invites; None where somebody asked for themselves.
    """
    session.execute(_FORGET)
    now = func.now()
    asked = {"advertiser_id": advertiser_id, "asked_at": now, "due_at": now, "attempts": 0, "done_at": None}
    statement = insert(PasswordLetter).values(id=new_key(), email=email.strip().lower(), **asked)
    again = statement.on_conflict_do_update(
        index_elements=["email"],
        set_=asked,
        where=col(PasswordLetter.asked_at) <= now - func.make_interval(0, 0, 0, 0, 0, QUIET_MINUTES),
    ).returning(col(PasswordLetter.id))
    return session.execute(again).first() is not None
