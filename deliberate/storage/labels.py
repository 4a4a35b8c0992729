"""Labels of questions and outputs: theme, goals, tags, language, actors addressed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.classification import Classification, LabelKind, session_labels
from deliberate.domain.forum import QuestionState
from deliberate.domain.people import Role
from deliberate.storage.base import Base
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion
from deliberate.storage.people import Person, RoleGrant
from deliberate.storage.types import Word

Subject: TypeAlias = PolicyQuestion | Output
Labels: TypeAlias = frozenset[tuple[LabelKind, str]]
MOST_ASSIGNED = 50
_CARE = "facilitator"


class Label(Base):
    """One label of a question or of an output; taken over from its session, or given by hand."""

    __tablename__ = "labels"
    __table_args__ = (
        sa.CheckConstraint("(question_id IS NULL) <> (output_id IS NULL)", name="one_subject"),
        sa.UniqueConstraint("question_id", "kind", "value"),
        sa.UniqueConstraint("output_id", "kind", "value"),
        sa.Index("ix_labels_kind_value", "kind", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int | None] = mapped_column(sa.ForeignKey("policy_questions.id"))
    output_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outputs.id"))
    kind: Mapped[LabelKind] = mapped_column(Word(LabelKind))
    value: Mapped[str]
    is_from_session: Mapped[bool]


@dataclass(frozen=True, slots=True)
class SessionLabels:
    """Labels of a session's questions and outputs by id, and each question's facilitator."""

    of_questions: dict[int, Labels]
    of_outputs: dict[int, Labels]
    facilitators: dict[int, tuple[int, str]]


def find_classification(session: Session, subject: Subject) -> Classification:
    """How a question or an output is classified now."""
    rows = session.execute(sa.select(Label.kind, Label.value).where(_own(subject)))
    labels = frozenset((kind, value) for kind, value in rows)
    if isinstance(subject, Output):
        return Classification(labels)
    return Classification(labels, subject.priority, subject.facilitator_id)


def list_labels(session: Session, column: Any, ids: Sequence[int]) -> dict[int, Labels]:
    """The labels of several questions (`Label.question_id`) or outputs, by id; one query."""
    rows = session.execute(sa.select(column, Label.kind, Label.value).where(column.in_(ids)))
    found: dict[int, set[tuple[LabelKind, str]]] = {}
    for subject_id, kind, value in rows:
        found.setdefault(subject_id, set()).add((kind, value))
    return {subject_id: frozenset(labels) for subject_id, labels in found.items()}


def list_session_labels(session: Session, session_id: int) -> SessionLabels:
    """The labels of everything in a session and who takes care of its questions; one query."""
    labels = (
        sa.select(
            Label.question_id,
            Label.output_id,
            sa.cast(Label.kind, sa.String).label("kind"),
            Label.value,
            sa.cast(sa.null(), sa.Integer).label("person_id"),
        )
        .outerjoin(PolicyQuestion, PolicyQuestion.id == Label.question_id)
        .outerjoin(Output, Output.id == Label.output_id)
        .where(sa.or_(PolicyQuestion.session_id == session_id, Output.session_id == session_id))
    )
    care = (
        sa.select(
            PolicyQuestion.id,
            sa.cast(sa.null(), sa.Integer),
            sa.literal(_CARE),
            Person.name,
            Person.id,
        )
        .join(Person, Person.id == PolicyQuestion.facilitator_id)
        .where(PolicyQuestion.session_id == session_id)
    )
    found = SessionLabels({}, {}, {})
    for question_id, output_id, kind, value, person_id in session.execute(labels.union_all(care)):
        if question_id is None:
            own, subject_id = found.of_outputs, output_id or 0
        else:
            own, subject_id = found.of_questions, question_id
        if kind == _CARE:
            found.facilitators[subject_id] = (person_id or 0, value)
        else:
            own[subject_id] = own.get(subject_id, frozenset()) | {(LabelKind(kind), value)}
    return found


def list_label_values(session: Session) -> dict[LabelKind, list[str]]:
    """Every value in use, by kind."""
    rows = session.execute(
        sa.select(Label.kind, Label.value).distinct().order_by(Label.kind, Label.value)
    )
    found: dict[LabelKind, list[str]] = {kind: [] for kind in LabelKind}
    for kind, value in rows:
        found[kind].append(value)
    return found


def replace_labels(tx: Session, subject: Subject, labels: Labels) -> None:
    """Make these the subject's labels; those that stay keep where they came from."""
    rows = tx.scalars(sa.select(Label).where(_own(subject))).all()
    stored = {(row.kind, row.value): row for row in rows}
    for key in stored.keys() - labels:
        tx.delete(stored[key])
    add_labels(tx, subject, labels - stored.keys())


def add_labels(
    tx: Session,
    subject: Subject,
    labels: Iterable[tuple[LabelKind, str]],
    *,
    from_session: bool = False,
) -> None:
    """Give a subject labels that it does not have yet."""
    name = "output_id" if isinstance(subject, Output) else "question_id"
    for kind, value in sorted(labels):
        tx.add(Label(kind=kind, value=value, is_from_session=from_session, **{name: subject.id}))


def take_over_labels(tx: Session, session: ForumSession, subjects: Iterable[Subject]) -> None:
    """Give new questions and outputs the theme and the goals of their session.

    Each must have an id and no labels yet.
    """
    labels = session_labels(session.theme, session.record.get("sdgs") or ())
    for subject in subjects:
        add_labels(tx, subject, labels, from_session=True)


def inherit_labels(
    tx: Session, parents: Sequence[PolicyQuestion], children: Sequence[PolicyQuestion]
) -> None:
    """Give the questions that replace others all labels of these.

    Priority and facilitator pass on where the parents agree. Each child must have an id and no
    labels yet.
    """
    known = list_labels(tx, Label.question_id, [parent.id for parent in parents])
    labels = frozenset(label for own in known.values() for label in own)
    shared = {(parent.priority, parent.facilitator_id) for parent in parents}
    for child in children:
        add_labels(tx, child, labels)
        if len(shared) == 1:
            child.priority, child.facilitator_id = next(iter(shared))


def list_facilitators(session: Session) -> list[tuple[int, str]]:
    """Id and name of everybody who may facilitate, by name."""
    rows = session.execute(
        sa.select(Person.id, Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.FACILITATOR, Person.suspended_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in rows]


def list_assigned(session: Session, person_id: int) -> Sequence[PolicyQuestion]:
    """The questions somebody takes care of, the newest first, replaced ones left out."""
    return session.scalars(
        sa.select(PolicyQuestion)
        .where(
            PolicyQuestion.facilitator_id == person_id,
            PolicyQuestion.state != QuestionState.REPLACED,
            PolicyQuestion.taken_back_at.is_(None),
        )
        .order_by(PolicyQuestion.id.desc())
        .limit(MOST_ASSIGNED)
    ).all()


def find_names(session: Session, person_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of these people by id."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if not wanted:
        return {}
    rows = session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {person_id: name for person_id, name in rows}


def _own(subject: Subject) -> sa.ColumnElement[bool]:
    if isinstance(subject, Output):
        return Label.output_id == subject.id
    return Label.question_id == subject.id
