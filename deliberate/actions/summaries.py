"""Writing a consensus summary and publishing editions of it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.citations import (
    cited_arguments,
    cited_comments,
    frozen_arguments,
    frozen_comment,
    render_body,
)
from deliberate.actions.deliberations import lock_page
from deliberate.actions.figures import list_figures
from deliberate.actions.results import Results, get_results
from deliberate.actions.sign_offs import sign_off_record
from deliberate.domain.canonical import fingerprint
from deliberate.domain.consensus import Indicator
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.notices import EventKind
from deliberate.domain.people import Actor
from deliberate.domain.summaries import (
    Figure,
    check_references,
    figure_keys,
)
from deliberate.inputs.summaries import SummaryDraft
from deliberate.policy import Can, require
from deliberate.storage import audit, notices, summaries
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import touch
from deliberate.storage.summaries import Edition, Summary

NOTICE = (
    "Responses of registered participants. Not a decision or position of the IGF or the "
    "United Nations."
)


def save_summary(tx: Session, actor: Actor, deliberation_id: int, form: SummaryDraft) -> Summary:
    """Keep the text in progress.

    Raises `Conflict` when somebody else saved since the form was shown; both texts are kept,
    theirs in the database, the sender's in the form.
    """
    require(actor, Can.EDIT_SUMMARY, lock_page(tx, deliberation_id))
    summary = summaries.find_summary_of(tx, deliberation_id)
    if summary is None:
        summary = Summary(deliberation_id=deliberation_id)
        tx.add(summary)
    elif summary.version != form.version:
        raise Conflict(
            "Somebody else saved this summary in the meantime.",
            "Both texts are shown below. Bring them together, then save again.",
        )
    summary.body, summary.minority_views = form.body, form.minority_views
    summary.level, summary.level_reason = form.level, form.level_reason
    summary.edited_by, summary.edited_at = actor.id or 0, now(tx)
    tx.flush()
    audit.record(tx, actor, "edited", "summary", summary.id)
    return summary


def publish_summary(
    tx: Session, actor: Actor, summary_id: int, version: int, override: str = ""
) -> Edition:
    """Publish what was saved as the next edition, with its figures frozen.

    `override` is the public reason for publishing although a MAG member asks for a discussion.
    Raises `Conflict` when the text is not the one that was shown or a poll is not counted yet,
    `Invalid` when something a summary needs is missing or that reason is needed.
    """
    summary = summaries.lock_summary(tx, summary_id)
    if summary is None:
        raise NotFound("There is no such summary.")
    page = lock_page(tx, summary.deliberation_id)
    require(actor, Can.PUBLISH_SUMMARY, page)
    if summary.version != version:
        raise Conflict(
            "This summary was changed since you saw it.", "Read it again before publishing."
        )
    _require_complete(summary)
    results = get_results(tx, actor, page)
    if any(each.poll.awaits_count for each in results.polls):
        raise Conflict("A poll is not counted yet.", "Publish when its results are there.")
    signed_off = sign_off_record(tx, actor, summary, override)
    number = len(summaries.list_editions(tx, summary.id)) + 1
    document = _document(tx, page, summary, results) | {
        "edition": number,
        "published_at": now(tx).isoformat(),
        "designated_by": actor.name,
    }
    if signed_off is not None:
        document["sign_off"] = signed_off
    edition = Edition(
        summary_id=summary.id,
        number=number,
        document=document,
        digest=fingerprint(document),
        published_by=actor.id,
        published_at=now(tx),
    )
    tx.add(edition)
    touch(tx, page.id)
    audit.record(tx, actor, "published", "summary", summary.id, edition=number)
    notices.record(tx, actor, EventKind.SUMMARY, page.id, summary_id=summary.id, edition=number)
    return edition


def figures_of(session: Session, actor: Actor, page: DeliberationPage) -> dict[str, Figure]:
    """The figures of a deliberation, by key. Raises `Refused` before closing."""
    return list_figures(get_results(session, actor, page), f"/deliberations/{page.id}")


def render_draft(
    session: Session, actor: Actor, page: DeliberationPage, summary: Summary
) -> tuple[str, str]:
    """How summary and minority views of a draft read with today's figures, as safe HTML."""
    figures = figures_of(session, actor, page)
    text = f"{summary.body}\n\n{summary.minority_views}"
    cited, argued = cited_comments(session, page, text), cited_arguments(session, page, text)
    return (
        render_body(summary.body, figures, cited, argued),
        render_body(summary.minority_views, figures, cited, argued),
    )


def _require_complete(summary: Summary) -> None:
    missing = {}
    if len(summary.body.strip()) < 40:
        missing["body"] = "Write what was said, where groups agree and where they do not."
    if summary.level is None:
        missing["level"] = "Designate a level."
    if len(summary.level_reason.strip()) < 10:
        missing["level_reason"] = "Say why you designate this level: it is published with it."
    if missing:
        raise Invalid("This summary is not complete yet.", fields=missing)


def _document(
    tx: Session, page: DeliberationPage, summary: Summary, results: Results
) -> dict[str, Any]:
    """What an edition consists of: words, designation, figures, indicators and tallies."""
    text = f"{summary.body}\n\n{summary.minority_views}"
    figures = list_figures(results, f"/deliberations/{page.id}")
    cited, argued = cited_comments(tx, page, text), cited_arguments(tx, page, text)
    check_references(text, figures, cited, argued)
    used = {key: figures[key] for key in figure_keys(text)}
    return {
        "notice": NOTICE,
        "deliberation": page.id,
        "fingerprint": page.deliberation.fingerprint,
        "title": page.title,
        "subject": page.deliberation.frozen,
        "session": {"title": page.session.title, "slug": page.session.slug},
        "level": summary.level.value if summary.level else None,
        "level_reason": summary.level_reason,
        "body": summary.body,
        "body_html": render_body(summary.body, used, cited, argued),
        "minority_views": summary.minority_views,
        "minority_html": render_body(summary.minority_views, used, cited, argued),
        "figures": {key: figure.as_json() for key, figure in used.items()},
        "comments": [frozen_comment(line) for line in cited.values()],
        "arguments": frozen_arguments(tx, page, argued),
        "results": _frozen_results(results),
    }


def _frozen_results(results: Results) -> dict[str, Any]:
    """Counts by group and the computed classes, in whole numbers and words only."""
    return {
        "points": [
            {
                "point": result.point.id,
                "text": result.point.text,
                **_frozen_counts(result.indicator, confidential=False),
            }
            for result in results.points
        ],
        "proposals": [
            {
                "proposal": result.proposal.id,
                "version": result.proposal.version_number,
                "title": result.proposal.title,
                **_frozen_counts(result.indicator, confidential=True),
            }
            for result in results.proposals
        ],
        "polls": [
            {
                "poll": result.poll.id,
                "title": result.poll.title,
                "fingerprint": result.poll.fingerprint,
                "options": {str(option.id): option.title for option in result.options},
                "result": result.result,
                "invalidated_at": _moment(result.poll.invalidated_at),
            }
            for result in results.polls
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _frozen_counts(indicator: Indicator, *, confidential: bool) -> dict[str, Any]:
    """The class and the counts by group; of confidential ratings only those that may be shown."""
    return {
        "class": indicator.code.value,
        "nearest_level": indicator.nearest.as_json() if indicator.nearest else None,
        "groups": [
            {
                "group": each.group,
                "eligible": each.eligible,
                "stance": each.stance.value,
                "counts": None if confidential and not each.reports else each.counts.as_json(),
            }
            for each in indicator.groups
        ],
    }
