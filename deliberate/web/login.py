"""Who is signed in. The cookie carries a random token; the server knows what it opens."""

from dataclasses import replace

from flask import Flask, Request, current_app, session
from flask_login import LoginManager, current_user
from werkzeug.local import LocalProxy

from deliberate.actions.tokens import hash_token
from deliberate.domain.people import VISITOR, Actor
from deliberate.storage.people import find_actor_by_token
from deliberate.web.database import reader

TOKEN = "sign_in"  # noqa: S105
HALF = "half_sign_in"


def init(app: Flask) -> None:
    """Let Flask-Login find the actor through the sign-in token."""
    manager = LoginManager(app)
    manager.anonymous_user = lambda: VISITOR
    manager.session_protection = None
    manager.request_loader(_load)


def _load(_request: Request) -> Actor | None:
    token = session.get(TOKEN)
    actor = find_actor_by_token(reader(), hash_token(token)) if token else None
    asked: bool = current_app.config["SECOND_STEP_ASKED"]
    return replace(actor, second_step_asked=True) if actor and asked else actor


def current_actor() -> Actor:
    """Who makes this request; a visitor when nobody is signed in."""
    found: Actor = current_user._get_current_object()
    return found


actor = LocalProxy(current_actor)


def remember(token: str) -> None:
    """Begin a fresh cookie that carries this sign-in; only the chosen language stays."""
    forget()
    session[TOKEN] = token
    session.permanent = True


def remember_half(token: str) -> None:
    """Begin a fresh cookie for a sign-in that waits for its second step; it opens nothing."""
    forget()
    session[HALF] = token


def sign_in_token() -> str:
    """The token of this browser's sign-in; empty when nobody is signed in."""
    token: str = session.get(TOKEN, "")
    return token


def half_token() -> str | None:
    """The token of a sign-in that waits for its second step."""
    token: str | None = session.get(HALF)
    return token


def forget() -> str | None:
    """Empty the cookie but for the chosen language, and give back the token it carried."""
    token: str | None = session.get(TOKEN)
    language = session.get("lang")
    session.clear()
    if language:
        session["lang"] = language
    return token
