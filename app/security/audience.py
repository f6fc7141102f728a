"""Closed by default: every view says who it is for, and a view that does not is refused. Not for rights over one campaign."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, make_response, redirect, request, url_for
from flask_login import current_user

from workflows.parties.roles import Role

View = TypeVar("View", bound=Callable[..., Any])

ANYONE: frozenset[Role] = frozenset()
"""The audience of a public view: no role is asked for."""

ANY_ROLE = frozenset(Role) - {Role.SYSTEM}
"""Everybody who is signed in, also those who have no role yet."""


def audience(*roles: Role) -> Callable[[View], View]:
    """Declare who a view is for: people holding at least one of `roles` for some advertiser. Goes below the route decorator.

    :raises ValueError: when no role is named, or the machine's.
    """
    if not roles or Role.SYSTEM in roles:
        raise ValueError("an audience names at least one role that a person can hold")

    def declare(view: View) -> View:
        view.__dict__["audience"] = frozenset(roles)
        return view

    return declare


def signed_in(view: View) -> View:
    """Declare a view for anybody who is signed in, whatever the role."""
    view.__dict__["audience"] = ANY_ROLE
    return view


def public(view: View) -> View:
    """Declare a view open to everybody, signed in or not."""
    view.__dict__["audience"] = ANYONE
    return view


def declared_audience(view: Callable[..., Any]) -> frozenset[Role] | None:
    """The roles a view is for; empty for a public view, None for one that does not say."""
    declared: frozenset[Role] | None = getattr(view, "audience", None)
    return declared


def close_by_default(app: Flask) -> None:
    """Refuse, before any view runs, whoever is not in its declared audience."""
    app.before_request(_admit)


def _admit() -> Response | None:
    if request.endpoint is None:
        return None
    roles = declared_audience(current_app.view_functions[request.endpoint])
    if roles is None:
        current_app.logger.error("the view %s declares no audience", request.endpoint)
        abort(403)
    if roles == ANYONE:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if roles != ANY_ROLE and not roles & current_user.actor.roles:
        abort(403)
    return None


def _ask_to_sign_in() -> Response:
    if request.path.startswith("/api/"):
        abort(401)
    came_for = request.full_path.rstrip("?") if request.method == "GET" else None
    target = url_for("sign_in.form", next=came_for)
    if request.headers.get("HX-Request"):
        return make_response("", 204, {"HX-Redirect": url_for("sign_in.form")})
    return make_response(redirect(target, 303))
