"""How a room of a campaign is shown and acted in: one page a room, and one way from a form through the door. Not for what is in them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, cast

from flask import Response, flash, make_response, redirect, render_template, url_for
from sqlmodel import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.portals.manager.forms import Form
from app.portals.manager.words import blocker_view, document_word, rooms_of, unmet_sentence
from app.portals.shared.asking import file_name
from app.portals.shared.once import sent_key
from app.portals.shared.words import label
from app.queries.campaign import CampaignHead, MoveState, find_campaign, get_head
from app.security.sessions import current_actor
from workflows.campaign.keeping import KeptFile
from workflows.campaign.model import Campaign
from workflows.campaign.states import TEN_STAGES
from workflows.engine.command import Command
from workflows.engine.dispatch import Outcome
from workflows.engine.refusals import ConditionsUnmet, NotFound, NotYourMove, Overtaken, Refused

Sent = Mapping[str, Form]
"""The form that was just sent and came back with remarks, by its key; empty when the page is only read."""


@dataclass(frozen=True, kw_only=True)
class Here:
    """A room while it is being shown: the campaign as the asker sees it, and the open read-only transaction."""

    session: Session
    campaign: Campaign
    head: CampaignHead
    now: datetime
    sent: Sent

    def form(self, kind: type[Form], key: str, **data: Any) -> Form:
        """The form that was sent under this key, with its remarks; else a fresh one filled with `data`."""
        sent = self.sent.get(key)
        if sent is not None and sent.overtaken:
            sent.seen_again(data.get("seen_version", self.campaign.version))
        return sent or kind.fresh(key, **{"seen_version": self.campaign.version, **data})


Filler = Callable[[Here], dict[str, Any]]
_ROOMS: dict[str, Filler] = {}


def room(name: str) -> Callable[[Filler], Filler]:
    """Declare what fills a room's template `manager/<name>.html`."""

    def declare(filler: Filler) -> Filler:
        _ROOMS[name] = filler
        return filler

    return declare


@contextmanager
def reading() -> Iterator[Session]:
    """A read-only transaction as the person who asks."""
    with jalon().database.reading(current_actor()) as session:
        yield session


def clock_now() -> datetime:
    """The machine's present; a campaign may have its own."""
    return jalon().clock.now()


def show(name: str, code: str, sent: Sent | None = None, status: int = 200) -> Response:
    """A room as it stands.

    :raises NotFound: when the campaign is not this person's to see.
    """
    now = clock_now()
    with reading() as session:
        campaign = find_campaign(session, code)
        head = _with_links(get_head(session, campaign, current_actor(), now=now))
        here = Here(session=session, campaign=campaign, head=head, now=head.now, sent=sent or {})
        values = _ROOMS[name](here)
        page = render_template(
            f"manager/{name}.html",
            head=head,
            rooms=rooms_of(head),
            room_name=name,
            today=head.today,
            document_word=document_word,
            label=label,
            **values,
        )
    return make_response(page, status)


def act(
    name: str,
    code: str,
    form: Form,
    command: Callable[..., Command | Sequence[Command]],
    *,
    done: str,
    key: str = "",
    follow: bool = False,
    upload: FileStorage | None = None,
    told: Callable[[Refused], list[str]] | None = None,
) -> AnyResponse:
    """Send a form's command through the door; come back to the room, or to the form with what is wrong.

    :param command: makes the command of a valid form, or several, carried out all or none; takes the kept file where there is an upload.
    :param key: where on the page to come back to.
    :param follow: go on to the room of the stage that the campaign is in now.
    :param told: what a refusal says, where that is more than its own sentences.
    """
    if form.validate():
        try:
            outcome = _carry_out(command, upload)
        except (NotFound, NotYourMove):
            raise
        except Overtaken as refusal:
            flash(say_refusal(refusal), "stop")
            form.overtaken = True
            return show(name, code, {form.key: form}, status_of(refusal))
        except Refused as refusal:
            form.refuse(*(told or sentences)(refusal))
            return show(name, code, {form.key: form}, status_of(refusal))
        flash(done, "done")
        if follow and outcome is not None:
            name = outcome.state if outcome.state in set(TEN_STAGES) else "campaign"
        return redirect(url_for(f"manager.{name}", code=code, _anchor=key or None), 303)
    return show(name, code, {form.key: form}, 422)


def _carry_out(command: Callable[..., Command | Sequence[Command]], upload: FileStorage | None) -> Outcome | None:
    """What came of the last command; None where there was nothing to do."""
    if upload is None:
        return _executed(command())
    with keeping(upload) as kept:
        outcome = _executed(command(kept))
    if outcome is not None and outcome.repeated:
        jalon().files.discard(kept)
    return outcome


def _executed(asked: Command | Sequence[Command]) -> Outcome | None:
    commands = [asked] if isinstance(asked, Command) else asked
    return execute(*commands)[-1] if commands else None


@contextmanager
def keeping(upload: FileStorage) -> Iterator[KeptFile]:
    """An uploaded file as storage keeps it; if the move made in this block is refused, it is forgotten."""
    with jalon().files.keeping(cast(BinaryIO, upload.stream), file_name(upload)) as kept:
        yield kept


def execute(*commands: Command) -> list[Outcome]:
    """Carry out commands as the person who asks, all or none, and once however often their form is sent.

    :raises Refused: when one is refused.
    """
    return jalon().door.execute_all(list(commands), actor=current_actor(), key=sent_key())


def sentences(refusal: Refused) -> list[str]:
    """What a refusal says, one sentence a reason."""
    if isinstance(refusal, ConditionsUnmet):
        return list(dict.fromkeys([say_refusal(refusal), *(unmet_sentence(one.code, one.params) for one in refusal.unmet)]))
    return [say_refusal(refusal)]


def campaign_of(code: str) -> Campaign:
    """The campaign a form is about, for the command's sake.

    :raises NotFound: when it is not this person's to see.
    """
    with reading() as session:
        campaign = find_campaign(session, code)
        session.expunge(campaign)
        return campaign


def closed_by(move: MoveState | None, code: str) -> list[Any]:
    """Why a move is closed, as the page's blockers take it."""
    return [blocker_view(one, code=code) for one in move.blockers] if move else []


def _with_links(head: CampaignHead) -> CampaignHead:
    stops = tuple(replace(stop, url=url_for(f"manager.{stop.name}", code=head.code)) for stop in head.schedule.stops)
    return replace(head, schedule=replace(head.schedule, stops=stops))
