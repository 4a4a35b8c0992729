"""Search as its page shows it: results with what was found marked, filters, and where to go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.search import Piece, Query, SearchKind, excerpt, find_hits
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession
from deliberate.storage.portfolio import list_years_and_types
from deliberate.storage.search import SearchFilter, SearchResult, count_results, search
from deliberate.web.forms import Form
from deliberate.web.labels import language_choices, language_name

ADDRESS = "/search"
WHOLE_TITLE = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    query: Query
    kind: SearchKind | None = None
    group: StakeholderGroup | None = None
    language: str | None = None
    year: int | None = None
    session: ForumSession | None = None
    deliberation: Deliberation | None = None

    @property
    def filter(self) -> SearchFilter:
        """The filters as storage knows them."""
        return SearchFilter(
            self.kind,
            self.group,
            self.language,
            self.session.id if self.session else None,
            self.deliberation.id if self.deliberation else None,
            self.year,
        )

    @property
    def values(self) -> dict[str, str]:
        """What stands in the address, by name."""
        values: dict[str, Any] = {
            "q": self.query.text,
            "kind": self.kind,
            "group": self.group,
            "language": self.language,
            "year": self.year,
            "session": self.session.slug if self.session else None,
            "discussion": self.deliberation.id if self.deliberation else None,
        }
        return {name: str(value) for name, value in values.items() if value}

    @property
    def href(self) -> str:
        """The address that asks for this."""
        return f"{ADDRESS}?{urlencode(self.values)}" if self.values else ADDRESS


@dataclass(frozen=True, slots=True)
class KindLink:
    """A kind of results, how many there are of it in words, and the address of those alone."""

    text: str
    count: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FilterLink:
    """A filter in use, and the address without it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A result with what was looked for marked in its title and in an excerpt of its text."""

    result: SearchResult
    title: Sequence[Piece]
    excerpt: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class SearchView:
    """The page of a search; `next_href` leads to what comes behind `hits`."""

    asked: Asked
    form: Form[Any]
    choices: Mapping[str, Sequence[tuple[str, str]]]
    kinds: Sequence[KindLink]
    chips: Sequence[FilterLink]
    hits: Sequence[Hit]
    next_href: str | None
    is_first: bool


def search_page(reader: Session, asked: Asked, after: int | None) -> SearchView:
    """What is found behind the key `after`, with everything around it."""
    page = search(reader, asked.query, asked.filter, after)
    more = {**asked.values, "after": str(page.next_after)}
    return SearchView(
        asked=asked,
        form=Form(asked.values),
        choices=_choices(reader, asked),
        kinds=_kinds(reader, asked),
        chips=_chips(asked),
        hits=[_hit(result, asked.query) for result in page.results],
        next_href=f"{ADDRESS}?{urlencode(more)}" if page.next_after else None,
        is_first=after is None,
    )


def _hit(result: SearchResult, query: Query) -> Hit:
    title, text = result.title, result.text
    return Hit(
        result,
        excerpt(title, find_hits(title, query), WHOLE_TITLE),
        excerpt(text, find_hits(text, query)),
    )


def _kinds(reader: Session, asked: Asked) -> list[KindLink]:
    """Everything, then each kind that has results or is chosen."""
    counts = count_results(reader, asked.query, asked.filter)
    if not counts.by_kind:
        return []
    total = sum(counts.by_kind.values())
    all_of_them = _("more than %(number)d", number=total - 1) if counts.is_capped else str(total)
    every = replace(asked, kind=None)
    links = [KindLink(_("Everything"), all_of_them, every.href, asked.kind is None)]
    last = max((kind for kind in SearchKind if counts.by_kind[kind]), key=_place, default=None)
    for kind, count in counts.by_kind.items():
        # Counting stops within one kind: of that and those behind it, only so much is known.
        is_open = counts.is_capped and last is not None and _place(kind) >= _place(last)
        if count or is_open or kind is asked.kind:
            words = _("more than %(number)d", number=max(count - 1, 0)) if is_open else str(count)
            text = "" if is_open and not count else words
            links.append(
                KindLink(_(kind.label), text, replace(asked, kind=kind).href, asked.kind is kind)
            )
    return links


def _place(kind: SearchKind) -> int:
    return list(SearchKind).index(kind)


def _chips(asked: Asked) -> list[FilterLink]:
    """The filters in use but the kind, which has links of its own."""
    chips = []
    if asked.session:
        chips.append(FilterLink(asked.session.title, replace(asked, session=None).href))
    if asked.deliberation:
        chips.append(FilterLink(asked.deliberation.title, replace(asked, deliberation=None).href))
    if asked.group:
        chips.append(FilterLink(_(asked.group.value), replace(asked, group=None).href))
    if asked.language:
        words = language_name(asked.language)
        chips.append(FilterLink(words, replace(asked, language=None).href))
    if asked.year:
        chips.append(FilterLink(str(asked.year), replace(asked, year=None).href))
    return chips


def _choices(reader: Session, asked: Asked) -> dict[str, list[tuple[str, str]]]:
    years = {year for year, _type in list_years_and_types(reader) if year is not None}
    years |= {asked.year} if asked.year else set()
    languages = [pair for pair in language_choices() if "-" not in pair[0]]
    if asked.language and asked.language not in dict(languages):
        languages.append((asked.language, language_name(asked.language)))
    return {
        "year": [(str(year), str(year)) for year in sorted(years, reverse=True)],
        "group": [(group.value, _(group.value)) for group in StakeholderGroup.registrable()],
        "language": languages,
    }
