"""What a summary cites: comments and arguments, as links in its text and frozen in an edition."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from deliberate.domain.summaries import Figure, argument_ids, comment_ids
from deliberate.domain.synthesis import NOBODY
from deliberate.domain.threads import CommentState
from deliberate.markdown import document_to_html
from deliberate.storage import arguments, comments, synthesis
from deliberate.storage.arguments import ArgumentLine
from deliberate.storage.comments import CommentLine
from deliberate.storage.deliberation_pages import DeliberationPage

MOST_FROZEN = 1_000
"""How many comments behind one argument an edition names."""
SHORT = 80


def cited_comments(session: Session, page: DeliberationPage, text: str) -> dict[int, CommentLine]:
    """The comments of this deliberation that a text cites, without those taken back."""
    cited = comments.list_by_ids(session, comment_ids(text))
    return {line.id: line for line in cited if line.deliberation_id == page.id and line.is_shown}


def cited_arguments(session: Session, page: DeliberationPage, text: str) -> dict[int, ArgumentLine]:
    """The arguments of this deliberation that a text cites, if they stand."""
    wanted = argument_ids(text)
    lines = arguments.list_arguments(session, page.id) if wanted else []
    return {line.id: line for line in lines if line.id in wanted}


def render_body(
    text: str,
    figures: Mapping[str, Figure],
    cited: Mapping[int, CommentLine],
    argued: Mapping[int, ArgumentLine],
) -> str:
    """A summary's text as safe HTML with its figures and citations as links."""
    references = {
        f"figure:{key}": (figure.text, figure.address, figure.label)
        for key, figure in figures.items()
    }
    references |= {
        f"comment:{line.id}": (f"{line.author_name}, {line.group}", f"/comments/{line.id}", "")
        for line in cited.values()
    }
    references |= {
        f"argument:{line.id}": (f"“{_short(line.text)}”", f"/arguments/{line.id}", line.text)
        for line in argued.values()
    }
    return document_to_html(text, references)


def frozen_comment(line: CommentLine) -> dict[str, Any]:
    """A cited comment as it stood."""
    return {
        "id": line.id,
        "author": line.author_name,
        "group": line.group.value,
        "written_at": line.written_at.isoformat(),
        "html": line.body_html,
    }


def frozen_arguments(
    tx: Session, page: DeliberationPage, argued: Mapping[int, ArgumentLine]
) -> list[dict[str, Any]]:
    """Cited arguments as they stood: facilitator's words, people by group, comments behind them."""
    if not argued:
        return []
    spread = synthesis.count_spread(tx, page.id)
    behind = synthesis.list_citations(tx, list(argued), MOST_FROZEN)
    return [
        {
            "id": line.id,
            "kind": line.kind.value,
            "text": line.text,
            "written_by": line.written_by,
            "edited_by": line.edited_by,
            "people": {
                group.value: people for group, people in spread.get(line.id, NOBODY).people.items()
            },
            "comments": [
                {"id": each.comment_id, "group": each.group.value, "excerpt": each.excerpt}
                for each in behind.get(line.id, [])
                if each.state is CommentState.SHOWN
            ],
        }
        for line in argued.values()
    ]


def _short(text: str) -> str:
    """The beginning of an argument, as long as a sentence can bear in brackets."""
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rsplit(' ', 1)[0]}…"
