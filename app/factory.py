"""Builds the web application from its rooms, and nothing else. Not for rules, pages or queries: each has its own room."""

from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import api
from app.clock import Clock, SharedClock
from app.database import Database
from app.errors import init_errors
from app.execute import Door, no_nudge
from app.files import Files
from app.i18n import init_languages
from app.jalon import EXTENSION, Jalon
from app.outbox.nudge import RedisNudge
from app.portals import PORTALS, load_portals, portals_of
from app.portals.shared import (
    absences,
    attachments,
    certificates,
    checklist,
    comments,
    contracts,
    deposits,
    invoices,
    proofs,
    samples,
    style_page,
)
from app.portals.shared.addresses import init_addresses
from app.portals.shared.assets import STATIC, init_assets
from app.portals.shared.masthead import init_masthead
from app.portals.shared.parts import init_parts
from app.portals.shared.sending_words import SENDING
from app.portals.shared.words import ROLES, STAGES, state_word
from app.security import account, demo, passkey_pages, provider_pages
from app.security import views as sign_in
from app.security.audience import close_by_default, public
from app.security.headers import init_headers
from app.security.limits import init_limits
from app.security.people import People, PeopleInDatabase
from app.security.sessions import init_sessions
from app.security.uploads import PrivateRequest
from app.settings import Settings
from app.substitution import STOOD_IN_FOR
from app.templating import init_templates

ROOT = Path(__file__).resolve().parent.parent

LARGEST_UPLOAD_BYTES = 512 * 1024 * 1024
LARGEST_FORM_BYTES = 2 * 1024 * 1024


def create_app(
    settings: Settings | None = None, *, database: Any = None, clock: Clock | None = None, people: People | None = None
) -> Flask:
    """The web application.

    :param settings: read from the environment when None.
    :param database: opened from the settings when None.
    :param clock: the database's when None.
    :param people: who can sign in; those of the database when None.
    """
    settings = settings or Settings.from_env()
    database = database or Database(settings)
    clock = clock or SharedClock(database.now)
    app = APIFlask(
        "jalon",
        title="Jalon",
        spec_path="/api/openapi.json",
        docs_path=None,
        json_errors=False,
        root_path=str(ROOT / "app"),
        static_folder=str(STATIC),
        static_url_path="/static",
        template_folder=str(ROOT / "templates"),
    )
    app.request_class = PrivateRequest
    _configure(app, settings)
    _believe_proxies(app, settings.trusted_proxies)
    init_templates(app)
    portals = load_portals()
    app.extensions[EXTENSION] = Jalon(
        settings=settings,
        database=database,
        door=Door(database, clock, RedisNudge(settings.redis_url) if settings.redis_url else no_nudge),
        files=Files.from_settings(settings),
        clock=clock,
        people=people or PeopleInDatabase(database, clock),
        navigation={name: navigation for name, (_, navigation) in portals.items()},
    )
    _protect(app, settings)
    init_languages(app, compile_catalogues=not settings.production)
    init_assets(app)
    init_addresses(app)
    init_parts(app)
    init_masthead(app)
    init_errors(app)
    _furnish_templates(app, settings)
    _register(app, settings, [blueprint for blueprint, _ in portals.values()])
    return app


def _configure(app: Flask, settings: Settings) -> None:
    https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        SESSION_COOKIE_NAME="__Host-jalon" if https else "jalon",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        SYNC_LOCAL_SPEC=False,
    )


def _believe_proxies(app: Flask, count: int) -> None:
    """Take from that many proxies in front whom they speak for; without one, anybody could say so and be counted as somebody else."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _protect(app: Flask, settings: Settings) -> None:
    """Order matters: who is asking is known first, then whether the request is forged, then whether the view is theirs."""
    init_sessions(app)
    csrf = CSRFProtect(app)

    @app.before_request
    def refuse_forged_requests() -> None:
        # A browser adds a password it remembers (Basic) to what a page of another site sends, but no bearer token: who has one sent it.
        if request.path.startswith("/api/") and request.authorization is not None and request.authorization.type == "bearer":
            return
        csrf.protect()

    close_by_default(app)
    init_limits(app, redis_url=settings.redis_url)
    init_headers(app, https=settings.base_url.startswith("https://"))


def _furnish_templates(app: Flask, settings: Settings) -> None:
    app.jinja_env.globals.update(ROLES=ROLES, STAGES=STAGES, SENDING=SENDING, state_word=state_word)

    @app.context_processor
    def around_every_page() -> dict[str, Any]:
        actor = current_user.actor if current_user.is_authenticated else None
        mine = portals_of(actor.roles) if actor else []
        here = next((portal for portal in PORTALS if request.path.startswith(portal.prefix)), None)
        here = here if here in mine else None
        return {
            "actor": actor,
            "advertiser_names": list(current_user.advertisers.values()) if actor else [],
            "portals": mine,
            "portal": here,
            # A page that stands in no portal, as one's account, leads back to one's own.
            "rooms_of": here or next(iter(mine), None),
            "absences_open": bool(actor and not current_user.by_link and not actor.roles.isdisjoint(STOOD_IN_FOR)),
            "demo": settings.demo,
        }


def _register(app: Flask, settings: Settings, portals: list[Blueprint]) -> None:
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    @public
    def healthz() -> ResponseReturnValue:
        """Alive: the process answers. Says nothing of the database, so that a slow one does not restart the web."""
        return jsonify(status="ok")

    for blueprint in (
        health,
        sign_in.blueprint,
        account.blueprint,
        passkey_pages.blueprint,
        provider_pages.blueprint,
        absences.blueprint,
        attachments.blueprint,
        proofs.blueprint,
        samples.blueprint,
        certificates.blueprint,
        contracts.blueprint,
        deposits.blueprint,
        invoices.blueprint,
        checklist.blueprint,
        comments.blueprint,
        *portals,
        api.blueprint,
    ):
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(demo.blueprint)
        app.register_blueprint(style_page.blueprint)
    for endpoint in ("static", "openapi.spec"):
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = _opened(app.view_functions[endpoint])


def _opened(view: Any) -> Any:
    """A view of the framework's own, declared public."""

    def open_view(**arguments: Any) -> Any:
        return view(**arguments)

    return public(open_view)
