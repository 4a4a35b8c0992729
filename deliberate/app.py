"""The web application, wired together."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

from flask import Flask, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from deliberate.domain.errors import Refused
from deliberate.domain.review import ReviewRules
from deliberate.importing.addresses import parse_hosts
from deliberate.settings import Settings
from deliberate.storage.database import Database
from deliberate.web import (
    addresses,
    assets,
    database,
    errors,
    headers,
    health,
    log,
    login,
    outbox,
    ui,
)
from deliberate.web.errors import came_from_here

ROOT = Path(__file__).resolve().parent.parent
JOURNEYS = ("explore", "account", "take_part", "vote", "facilitate", "curate", "administer")
MAX_BODY = 2 * 1024 * 1024
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def create_app(settings: Settings, db: Database | None = None) -> Flask:
    """The application for these settings; tests bring a database with a clock of their own."""
    app = Flask("deliberate", root_path=str(ROOT), static_folder=None)
    _configure(app, settings)
    database.init(app, db or Database(settings.database_url))
    login.init(app)
    log.init(app)
    addresses.init(app)
    headers.init(app, production=settings.production)
    assets.init(app, ROOT / "static")
    errors.init(app)
    csrf = CSRFProtect(app)
    # Macros see the globals there are when they are loaded, so these come last.
    ui.init(app)
    app.before_request(_refuse_foreign_posts)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(outbox.blueprint)
    for journey in JOURNEYS:
        app.register_blueprint(import_module(f"deliberate.web.{journey}").blueprint)
    # Mail programs end mail by a bare POST to the link in its header (RFC 8058).
    csrf.exempt(app.view_functions["account.unsubscribe"])
    return app


def _configure(app: Flask, settings: Settings) -> None:
    hosts = [host.strip() for host in settings.trusted_hosts.split(",") if host.strip()]
    secure = settings.production
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        TRUSTED_HOSTS=hosts or None,
        SESSION_COOKIE_NAME="__Host-deliberate" if secure else "deliberate",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        # A form lives as long as its cookie: people take hours over a text.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="en",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "deliberate" / "translations"),
        FORUM_NAME=settings.forum_name,
        OFFICE=settings.office(),
        MAIL_WORKS=bool(settings.mail_server) or not settings.production,
        OUTBOX_SHOWN=not settings.mail_server and not settings.production,
        SECOND_STEP_ASKED=settings.second_step == "staff",
        IMPORT_HOSTS=parse_hosts(settings.import_hosts),
        REVIEW_RULES=ReviewRules(
            settings.reviewers, settings.reviewer_groups, settings.review_required
        ),
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _refuse_foreign_posts() -> None:
    """Refuse what another site's page sends, whatever token it carries."""
    told = "Sec-Fetch-Site" in request.headers or "Origin" in request.headers
    if request.method not in SAFE_METHODS and told and not came_from_here():
        raise Refused("Another site sent this.", "Open the page here and fill in its form.")
