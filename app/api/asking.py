"""What views share by which something is carried out: a body that is not too long, and the outcome as an answer."""

from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from workflows.engine.dispatch import Outcome


def body_within(most: int) -> bytes | None:
    """The request's body; None where it has more bytes."""
    # Counted while it is read, too: who sends in pieces says no length before.
    request.max_content_length = most
    try:
        body = request.get_data(cache=False)
        request.stream.read(1)  # at the limit the body was cut, and a stream that is asked for more says so
    except RequestEntityTooLarge:
        return None
    return body


def told(outcome: Outcome) -> dict[str, Any]:
    """What was done, as `OutcomeOut` has it."""
    return {
        "event": outcome.event,
        "subject_id": outcome.subject.id,
        "state": outcome.state,
        "version": outcome.version,
        "campaign_id": outcome.campaign_id,
        "seq": outcome.seq,
    }
