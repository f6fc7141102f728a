"""Asks for an e-mail with a link to choose a password, or one that tells of a passkey. The relay hands it to a worker, which sends it to
those alone who hold a role.

What is done here is the same whether the address is known, so that neither the answer nor its time tells. Not for sending: `tasks` does.
"""

from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from workflows.engine.columns import new_key
from workflows.parties.model import PasswordLetter

PASSWORD, PASSKEY_ADDED, PASSKEY_REMOVED = "password", "passkey_added", "passkey_removed"
"""What an e-mail is for."""
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
    statement = insert(PasswordLetter).values(id=new_key(), email=email.strip().lower(), kind=PASSWORD, about="", **asked)
    again = statement.on_conflict_do_update(
        index_elements=["email"],
        index_where=text("kind = 'password'"),
        set_=asked,
        where=col(PasswordLetter.asked_at) <= now - func.make_interval(0, 0, 0, 0, 0, QUIET_MINUTES),
    ).returning(col(PasswordLetter.id))
    return session.execute(again).first() is not None


def tell_of_passkey(session: Session, email: str, kind: str, name: str) -> None:
    """Tell somebody, in the machine's transaction, that a passkey of theirs was added or removed, whoever did it."""
    session.execute(_FORGET)
    now = func.now()
    told = {"kind": kind, "about": name, "asked_at": now, "due_at": now, "attempts": 0}
    session.execute(insert(PasswordLetter).values(id=new_key(), email=email, **told))
