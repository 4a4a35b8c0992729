"""What templates know without being told: the macros, the actor, the policy, times and numbers."""

from datetime import datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from urllib.parse import urlencode

from flask import Flask, request, session
from flask_babel import Babel, format_datetime, get_locale, gettext, ngettext
from jinja2 import StrictUndefined
from jinja2.runtime import Macro
from markupsafe import Markup
from werkzeug.local import LocalProxy

from deliberate.domain.languages import RIGHT_TO_LEFT
from deliberate.policy import Can, may, why_not
from deliberate.storage.database import now as transaction_now
from deliberate.web.database import reader
from deliberate.web.labels import language_choices
from deliberate.web.login import actor, current_actor

LANGUAGES = {"en": "English", "ar": "العربية"}


def init(app: Flask) -> None:
    """Prepare the template environment."""
    Babel(app, locale_selector=select_language)
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        actor=actor,
        may=lambda can, subject=None: may(current_actor(), can, subject),
        why_not=lambda can, subject=None: why_not(current_actor(), can, subject),
        Can=Can,
        now=LocalProxy(now),
        locale=LocalProxy(language),
        direction=LocalProxy(direction),
        languages=LANGUAGES,
        in_language=in_language,
        language_choices=language_choices,
    )
    env.filters.update(when=when, day=day, ago=ago, percent=percent, number=number)
    env.globals["ui"] = _macros(app)


def now() -> datetime:
    """The moment of this request, by the server's clock."""
    return transaction_now(reader())


def select_language() -> str:
    """The language asked for in the address, else the one chosen before, else English.

    The browser's preference is not used: a translation that is still incomplete should be
    somebody's choice.
    """
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        session["lang"] = asked
    chosen = session.get("lang", "en")
    return chosen if chosen in LANGUAGES else "en"


def in_language(code: str) -> str:
    """The address of this page in a language, with all else that this address asks for."""
    asked = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    return f"?{urlencode([*asked, ('lang', code)])}"


def language() -> str:
    """The page's language as a BCP 47 tag."""
    return str(get_locale()).replace("_", "-")


def direction() -> str:
    """The page's writing direction."""
    return "rtl" if str(get_locale()).split("_")[0] in RIGHT_TO_LEFT else "ltr"


def when(moment: datetime) -> Markup:
    """A moment in UTC, readable and machine-readable.

    One still to come, such as a closing, is marked: scripts add the reader's own time to it.
    """
    words = gettext(
        "%(day)s, %(time)s UTC",
        day=format_datetime(moment, "d MMM y"),
        time=format_datetime(moment, "HH:mm"),
    )
    mark = Markup(" data-ahead") if moment > now() else ""
    return Markup('<time datetime="{}"{}>{}</time>').format(moment.isoformat(), mark, words)


def day(moment: datetime) -> Markup:
    """The day of a moment, in UTC."""
    words = format_datetime(moment, "d MMM y")
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), words)


def ago(moment: datetime) -> str:
    """How far a moment is from now: "3 days left" before it, "2 hours ago" after it."""
    distance = moment - now()
    size = _size(abs(distance))
    if distance > timedelta(0):
        return str(gettext("%(time)s left", time=size))
    return str(gettext("%(time)s ago", time=size))


def _size(distance: timedelta) -> str:
    minutes = int(distance.total_seconds() // 60)
    if minutes < 1:
        return str(gettext("less than a minute"))
    if minutes < 120:
        return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    if minutes < 48 * 60:
        return str(ngettext("%(num)d hour", "%(num)d hours", minutes // 60))
    return str(ngettext("%(num)d day", "%(num)d days", minutes // (24 * 60)))


def percent(share: Fraction | float) -> str:
    """A share as whole percent, half up, in Western digits in every language."""
    return f"{int(Fraction(share) * 100 + Fraction(1, 2))}%"


def number(value: int) -> str:
    """A whole number with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def _macros(app: Flask) -> SimpleNamespace:
    """Every macro of `templates/_ui`, under one name.

    An import at the top of a page does not exist when one of its blocks is rendered alone;
    a global does.
    """
    found: dict[str, Macro] = {}
    names = app.jinja_env.list_templates(filter_func=lambda name: name.startswith("_ui/"))
    app.jinja_env.globals["ui"] = namespace = SimpleNamespace()
    for template in names:
        module = app.jinja_env.get_template(template).module
        for name, value in vars(module).items():
            if isinstance(value, Macro) and not name.startswith("_"):
                if name in found:
                    raise RuntimeError(f"two macros are named {name}")
                found[name] = value
    vars(namespace).update(found)
    return namespace
