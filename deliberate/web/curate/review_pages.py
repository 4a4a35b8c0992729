"""What the page of one question in review shows to this member."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from deliberate.actions.matters import matter_of
from deliberate.domain.errors import NotFound
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.review import (
    SCORE_LABELS,
    Matter,
    Missing,
    ReviewRules,
    average,
    count_groups,
    one_decimal,
    roles_of,
    spread,
    what_is_missing,
)
from deliberate.policy import Can, require
from deliberate.storage.forum import ForumSession, PolicyQuestion, find_question
from deliberate.storage.people import Person
from deliberate.storage.reviews import Review, find_review, list_reviewer_groups, list_visible
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank
from deliberate.web.login import current_actor


@dataclass(frozen=True, slots=True)
class GroupScores:
    """The scores that came from one stakeholder group."""

    group: StakeholderGroup
    count: int
    average: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A question with its session and review.

    `scores` is empty until this member's own score stands: the database gave none. `named_as`
    are the roles in which the session's page names somebody of this member's name.
    """

    question: PolicyQuestion
    session: ForumSession
    matter: Matter
    mine: Review | None
    is_standing: bool
    scores: Sequence[tuple[Review, Person]]
    groups: Mapping[StakeholderGroup, int]
    missing: Missing
    named_as: Sequence[str]

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The steps of the scale in words, best first."""
        return [(value, f"{value} · {_(words)}") for value, words in SCORE_LABELS.items()]

    def label_of(self, score: int) -> str:
        """A step of the scale in words."""
        return SCORE_LABELS[score]

    @property
    def review_count(self) -> int:
        """How many standing reviews there are."""
        return sum(self.groups.values())

    @property
    def average(self) -> str:
        """The mean of the scores that can be seen."""
        return one_decimal(average([review.score for review, _author in self.scores]))

    @property
    def spread(self) -> int:
        """The steps between the lowest and the highest of them."""
        return spread([review.score for review, _author in self.scores])

    @property
    def by_group(self) -> list[GroupScores]:
        """The scores by stakeholder group, in alphabetical order."""
        values: dict[StakeholderGroup, list[int]] = {}
        for review, _author in self.scores:
            values.setdefault(review.group, []).append(review.score)
        return [
            GroupScores(group, len(some), one_decimal(average(some)))
            for group, some in sorted(values.items())
        ]


def review_page(question_id: int, rules: ReviewRules) -> ReviewPage:
    """Gather the page. Raises `Refused` for people who may not curate."""
    actor = current_actor()
    require(actor, Can.CURATE)
    question = find_question(reader(), question_id)
    if question is None:
        raise NotFound(_("There is no such question."))
    session = reader().get_one(ForumSession, question.session_id)
    matter = matter_of(reader(), session.id, question.state)
    groups = count_groups(list_reviewer_groups(reader(), question_id))
    mine = find_review(reader(), question_id, actor.id or 0)
    scores = [(review, person) for review, person in _visible(question_id, matter)]
    return ReviewPage(
        question=question,
        session=session,
        matter=matter,
        mine=mine,
        is_standing=any(review.person_id == actor.id for review, _author in scores),
        scores=scores,
        groups=groups,
        missing=what_is_missing(groups, rules),
        named_as=roles_of(actor.name, session.record),
    )


def own_form(view: ReviewPage) -> Form[Any]:
    """The form with the score this member gave, if it stands."""
    if view.mine is None or not view.is_standing:
        return blank()
    return Form({"score": str(view.mine.score), "note": view.mine.note})


def rules() -> ReviewRules:
    """What the operator asks of a review."""
    asked: ReviewRules = current_app.config["REVIEW_RULES"]
    return asked


def needs_in_words(missing: Missing) -> str:
    """What a review still needs, as a sentence."""
    count = missing.reviews
    if not missing.groups:
        return str(ngettext("Needs %(num)d more review.", "Needs %(num)d more reviews.", count))
    sentence = ngettext(
        "Needs %(num)d more review, from %(groups)d group not heard yet.",
        "Needs %(num)d more reviews, %(groups)d of them from groups not heard yet.",
        count,
        groups=missing.groups,
    )
    return str(sentence)


def _visible(question_id: int, matter: Matter) -> Sequence[Any]:
    """The scores this member may see: none for whoever stands aside."""
    person_id = current_actor().id or 0
    if person_id in matter.recused:
        return []
    return list_visible(reader(), question_id, person_id)
