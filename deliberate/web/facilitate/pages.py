"""What the facilitator sees beside the draft: indicators, figures, comments to cite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from deliberate.actions.citations import cited_arguments, cited_comments, render_body
from deliberate.actions.deliberations import get_page
from deliberate.actions.figures import list_figures
from deliberate.actions.results import Results, get_results
from deliberate.actions.sign_offs import draft_fingerprint
from deliberate.domain.review import Stance
from deliberate.domain.summaries import Figure
from deliberate.domain.synthesis import Progress, progress
from deliberate.policy import Can, require, why_not
from deliberate.storage.arguments import ArgumentLine, list_arguments
from deliberate.storage.comments import CommentLine
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.sign_offs import find_request, list_sign_offs
from deliberate.storage.summaries import Edition, Summary, find_summary_of, list_editions
from deliberate.storage.synthesis import count_voices
from deliberate.storage.threads import list_thread
from deliberate.web.database import reader
from deliberate.web.login import current_actor


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the facilitator's desk for one deliberation.

    `results` and `figures` are empty until the deliberation has closed; `publish_refusals` says
    why publishing is not possible yet. `stances` are those of the MAG, asked for at `asked_at`;
    `draft` is the fingerprint of the saved text. `progress` says how far comments are sorted.
    """

    page: DeliberationPage
    summary: Summary | None
    editions: Sequence[Edition]
    results: Results | None
    figures: Sequence[Figure]
    arguments: Sequence[ArgumentLine]
    progress: Progress
    comments: Sequence[CommentLine]
    preview: Markup | None
    publish_refusals: Sequence[str]
    asked_at: datetime | None
    stances: Sequence[Any]
    draft: str

    @property
    def is_blocked(self) -> bool:
        """Whether a member of the MAG asks for a discussion before publishing."""
        return any(given.stance is Stance.DISCUSS for given, _person in self.stances)


def desk(deliberation_id: int, preview: str | None) -> Desk:
    """Gather the desk. Raises `Refused` for people who may not write summaries."""
    session, actor = reader(), current_actor()
    page = get_page(session, deliberation_id)
    require(actor, Can.EDIT_SUMMARY, page)
    summary = find_summary_of(session, deliberation_id)
    is_over = not why_not(actor, Can.SEE_RESULTS, page)
    results = get_results(session, actor, page) if is_over else None
    figures = list_figures(results, f"/deliberations/{page.id}") if results else {}
    shown = None
    if preview is not None:
        cited = cited_comments(session, page, preview)
        argued = cited_arguments(session, page, preview)
        shown = Markup(render_body(preview, figures, cited, argued))  # noqa: S704 - cleaned when rendered.
    thread = list_thread(session, deliberation_id).comments
    asked = find_request(session, summary.id) if summary else None
    return Desk(
        page=page,
        summary=summary,
        editions=list_editions(session, summary.id) if summary else [],
        results=results,
        figures=list(figures.values()),
        arguments=list_arguments(session, deliberation_id),
        progress=progress(count_voices(session, deliberation_id)),
        comments=[line for line in thread if line.is_shown],
        preview=shown,
        publish_refusals=why_not(actor, Can.PUBLISH_SUMMARY, page),
        asked_at=asked.asked_at if asked else None,
        stances=list_sign_offs(session, summary.id) if summary and asked else [],
        draft=draft_fingerprint(summary) if summary else "",
    )
