"""One person's erasure from beginning to end: what would go, and letting it go. The way in for the command line and administration."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, text
from sqlmodel import Session, col, delete, select

from app.api.tokens import ApiToken
from app.erasure import tables
from app.erasure.register import erased_people, register, remember
from app.execute import Door
from app.security.challenges import SignInChallenge
from app.security.passkeys import Passkey
from app.security.provider_accounts import ProviderAccount
from app.settings import Settings
from workflows.campaign.data_protection.erasing import KEPT_FIELDS, ErasePerson, redacted_content
from workflows.campaign.model import Campaign
from workflows.engine.documents import file_stem
from workflows.engine.idempotency import IdempotencyKey
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership, PasswordLetter, Person
from workflows.parties.traces import Traces, spellings

NOWHERE = "erased.invalid"
"""The domain of an erased person's address: reserved, so that no mail ever goes there (RFC 2606)."""


LEAST_LETTERS = 4
"""Letters and figures of a spelling: what is shorter stands everywhere, and would take much else with it."""


class PersonUnknown(NotFound):
    """Nobody has that address or id."""


class SpellingTooShort(Refused):
    """What is looked for is so short that it stands where nobody is meant."""

    code = "erasure.spelling_too_short"


def refuse_short(words: Sequence[str]) -> None:
    """Look for nothing that is too common to mean somebody.

    :raises SpellingTooShort: for the first of them.
    """
    for one in words:
        if sum(letter.isalnum() for letter in one) < LEAST_LETTERS:
            raise SpellingTooShort(words=one, least=LEAST_LETTERS)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is known of a person: where it stands, and how much; `papers` begin the names of attachments that hold something of them."""

    traces: Traces
    campaigns: tuple[UUID, ...]
    codes: tuple[str, ...]
    texts: int
    documents: int
    papers: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What an erasure came to. `left` names columns that still hold something; they should be none."""

    person_id: UUID
    campaigns: int
    texts: int
    documents: int
    rows: int
    mails: int
    left: tuple[str, ...] = ()


_SAID = text(
    """
    select words.campaign_id, words.text from erasable_text words join checkpoint entry using (campaign_id, seq)
     where convert_from(entry.body, 'UTF8')::jsonb #>> '{actor,id}' = :person and words.field <> all (:kept)
       and (:everywhere or words.advertiser_id = any (:houses))
    """
)
_OTHERS = text("select campaign_id, text from erasable_text where :everywhere or advertiser_id = any (:houses)")
_PAPERS = text("select campaign_id, number, revision, content from document where :everywhere or advertiser_id = any (:houses)")
_MAILS = text("select id from outbox_message where id = any (:ids) and advertiser_id = any (:houses)")


def find(session: Session, who: str) -> Person:
    """Somebody by address or opaque id.

    :raises PersonUnknown: when there is nobody.
    """
    by = Person.email == who.strip().lower()
    with suppress(ValueError):
        by = Person.id == UUID(who)
    person = session.exec(select(Person).where(by)).one_or_none()
    if person is None:
        raise PersonUnknown(subject="person")
    return person


def found_of(session: Session, person: Person, also: Sequence[str] = (), houses: tables.Houses = None) -> Found:
    """What stands in campaigns of a person, read as the machine.

    :param houses: the advertisers whose campaigns are looked at; None for all of them.
    :raises SpellingTooShort: for another spelling of fewer than four letters.
    """
    refuse_short(also)
    of_houses = {"everywhere": houses is None, "houses": list(houses or ())}
    known = () if person.email.endswith(f"@{NOWHERE}") else (person.name, person.email)
    traces = Traces(person.id, spellings(known[0], known[1], tuple(also)) if known else tuple(one.strip() for one in also if one.strip()))
    connection = session.connection()
    said = connection.execute(_SAID, {"person": str(person.id), "kept": list(KEPT_FIELDS), **of_houses}).all()
    traces = replace(traces, words=tuple(sorted({row.text for row in said})))
    told = [row for row in connection.execute(_OTHERS, of_houses) if traces.out_of(row.text) != row.text]
    papers = [row for row in connection.execute(_PAPERS, of_houses) if redacted_content(traces, row.content) != row.content]
    campaigns = sorted({row.campaign_id for row in (*said, *told, *papers)})
    return Found(
        traces=traces,
        campaigns=tuple(campaigns),
        codes=tuple(session.exec(select(Campaign.code).where(col(Campaign.id).in_(campaigns)).order_by(Campaign.code))),
        texts=len({(row.campaign_id, row.text) for row in (*said, *told)}),
        documents=len(papers),
        papers=frozenset(f"{file_stem(row.number, row.revision)}." for row in papers),
    )


def erase(
    door: Door,
    settings: Settings,
    person_id: UUID,
    *,
    asked_by_id: UUID | None,
    also: Sequence[str] = (),
    houses: tables.Houses = None,
    and_then: Callable[[Session, Found], None] | None = None,
) -> Erased:
    """Erase a person, in one transaction. Their open sessions, links and tokens end with it.

    :param also: other spellings: a maiden name, a nickname, a signature.
    :param houses: the advertisers whose records are searched and changed, for whoever administers these alone; None for all of them.
    :param and_then: written in the same transaction.
    :raises Refused: `PersonUnknown`, or `SpellingTooShort`.
    """
    now = door.clock.now()
    with door.database.reading(SYSTEM) as session:
        found = found_of(session, find(session, str(person_id)), also, houses)
    commands = [
        ErasePerson(subject_id=campaign, person_id=person_id, asked_by_id=asked_by_id, traces=found.traces) for campaign in found.campaigns
    ]
    rows = 0

    def finish(session: Session) -> None:
        nonlocal rows
        advertisers = _advertisers(session, person_id, found.campaigns)
        _close_account(session, person_id, found.traces.mark)
        rows = tables.sweep(session.connection(), found.traces, houses)
        register(session, person_id, advertisers, asked_by_id=asked_by_id, campaigns=len(found.campaigns), now=now)
        if and_then:
            and_then(session, found)

    door.execute_all(commands, actor=SYSTEM, finish=finish)
    with door.database.reading(SYSTEM) as session:
        mails = _delete_mails(session.connection(), settings.outbox_dir, found, houses)
        left = tables.left(session.connection(), found.traces, houses)
        remember(settings.data_dir, session, {person_id: houses})
    return Erased(
        person_id=person_id,
        campaigns=len(found.campaigns),
        texts=found.texts,
        documents=found.documents,
        rows=rows,
        mails=mails,
        left=tuple(left),
    )


def erase_again(door: Door, settings: Settings, path: Path) -> int:
    """Erase whom the file of erasures names and a restored database still knows; returns how many that were.

    :raises ValueError: when the file is not one of ours.
    """
    erased = erased_people(path)
    named = select(Person.id).where(col(Person.id).in_(list(erased)), ~col(Person.email).endswith(f"@{NOWHERE}"))
    with door.database.reading(SYSTEM) as session:
        again = sorted(session.exec(named))
    for person_id in again:
        erase(door, settings, person_id, asked_by_id=None, houses=erased[person_id])
    return len(again)


def _advertisers(session: Session, person_id: UUID, campaigns: Sequence[UUID]) -> set[UUID]:
    held = select(Membership.advertiser_id).where(Membership.person_id == person_id)
    written = select(Campaign.advertiser_id).where(col(Campaign.id).in_(campaigns))
    return {*session.exec(held), *session.exec(written)}


def _close_account(session: Session, person_id: UUID, mark: str) -> None:
    """Leave the row, for everything points at it, and nothing in it: no name, no address, no way in and no right."""
    for table in (Membership, ApiToken, Passkey, ProviderAccount, SignInChallenge, IdempotencyKey):
        session.execute(delete(table).where(col(table.person_id) == person_id))
    person = session.get_one(Person, person_id)
    session.execute(delete(PasswordLetter).where(col(PasswordLetter.email) == person.email))
    person.name, person.email, person.password_hash = mark, f"{person_id.hex}@{NOWHERE}", None
    session.flush()


def _delete_mails(connection: Connection, folder: Path, found: Found, houses: tables.Houses) -> int:
    """Delete e-mails kept as files that name the person, or carry a document that does."""
    papers, named = tuple(found.papers), []
    for path in sorted(folder.glob("*.eml")) if folder.is_dir() else ():
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        if any(found.traces.out_of(words) != words or words.startswith(papers) for words in _words_of(message)):
            named.append((path, *_asked_for_by(message)))
    if houses is not None:
        asked = [message_id for _path, message_id, _to in named if message_id]
        theirs = set(connection.execute(_MAILS, {"ids": asked, "houses": list(houses)}).scalars())
        # What no campaign asked for is an account's, and goes where it went to this one.
        named = [one for one in named if (one[1] in theirs if one[1] else one[2] in found.traces.names)]
    for path, *_whose in named:
        path.unlink()
    return len(named)


def _asked_for_by(message: EmailMessage) -> tuple[UUID | None, str]:
    """The outbox message that an e-mail comes of, None where no campaign asked for it, and the address it goes to."""
    with suppress(ValueError):
        return UUID(str(message["Message-ID"])[1:37]), str(message["To"])
    return None, str(message["To"])


def _words_of(message: EmailMessage) -> list[str]:
    """Everything in an e-mail that can be read: headers, texts, and names of attachments."""
    words = [str(value) for value in message.values()]
    for part in message.walk():
        if part.get_content_maintype() == "text":
            words.append(part.get_content())
        words.append(part.get_filename() or "-")
    return words
