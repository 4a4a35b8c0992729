"""Conflicts of interest that MAG members declared: for one session, or for a theme."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.base import Base
from deliberate.storage.forum import ForumSession


class DeclaredConflict(Base):
    """One declaration. `note` is for the member alone; everything else is public."""

    __tablename__ = "conflicts"
    __table_args__ = (
        sa.CheckConstraint("(session_id IS NULL) <> (theme IS NULL)", name="one_matter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("forum_sessions.id"), index=True)
    theme: Mapped[str | None]
    note: Mapped[str]
    declared_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


def stands_aside(person_id: int) -> sa.ColumnElement[bool]:
    """In a query over `ForumSession`: whether this person declared a conflict there."""
    return (
        sa.select(DeclaredConflict.id)
        .where(
            DeclaredConflict.person_id == person_id,
            DeclaredConflict.withdrawn_at.is_(None),
            _covers(),
        )
        .correlate(ForumSession)
        .exists()
    )


def find_session_and_standing(
    session: Session, slug: str, person_id: int
) -> sa.Row[ForumSession, bool] | None:
    """The forum session at this address, and whether this person stands aside there."""
    query = sa.select(ForumSession, stands_aside(person_id)).where(ForumSession.slug == slug)
    return session.execute(query).one_or_none()


def list_recused(session: Session, session_id: int) -> frozenset[int]:
    """Who declared a conflict in this forum session, by itself or through its theme."""
    query = (
        sa.select(DeclaredConflict.person_id)
        .join(ForumSession, _covers())
        .where(ForumSession.id == session_id, DeclaredConflict.withdrawn_at.is_(None))
    )
    return frozenset(session.scalars(query))


def find_conflict(session: Session, conflict_id: int) -> DeclaredConflict | None:
    """The declaration with this id."""
    return session.get(DeclaredConflict, conflict_id)


def find_standing(
    session: Session, person_id: int, session_id: int | None, theme: str | None
) -> DeclaredConflict | None:
    """This person's declaration for exactly this session or theme, if it stands."""
    return session.scalar(
        sa.select(DeclaredConflict).where(
            DeclaredConflict.person_id == person_id,
            DeclaredConflict.session_id == session_id,
            DeclaredConflict.theme == theme,
            DeclaredConflict.withdrawn_at.is_(None),
        )
    )


def list_conflicts_of(
    session: Session, person_id: int
) -> Sequence[sa.Row[DeclaredConflict, ForumSession | None]]:
    """A person's standing declarations, newest first, with the session if it is for one."""
    query = (
        sa.select(DeclaredConflict, ForumSession)
        .outerjoin(ForumSession, ForumSession.id == DeclaredConflict.session_id)
        .where(DeclaredConflict.person_id == person_id, DeclaredConflict.withdrawn_at.is_(None))
        .order_by(DeclaredConflict.id.desc())
    )
    rows: Any = session.execute(query).all()
    return list(rows)


def list_themes(session: Session) -> Sequence[str]:
    """Every theme that a stored session has, in alphabetical order."""
    query = sa.select(ForumSession.theme).where(ForumSession.theme.is_not(None)).distinct()
    return [theme for theme in session.scalars(query.order_by(ForumSession.theme)) if theme]


def _covers() -> sa.ColumnElement[bool]:
    """Whether a declaration is about a forum session."""
    return sa.or_(
        DeclaredConflict.session_id == ForumSession.id, DeclaredConflict.theme == ForumSession.theme
    )
