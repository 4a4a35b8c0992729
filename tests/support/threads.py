"""Long discussions, written into the tables in bulk: one at a time would take minutes."""

import random
import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from deliberate.domain.people import Actor
from deliberate.domain.threads import Anchor, CommentKind, Reaction, comment_path
from deliberate.markdown import to_html
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database, now
from deliberate.storage.deliberations import touch
from deliberate.storage.reactions import CommentReaction, count_reactions

ROOT_SHARE = 0.25
REACTION_SHARE = 0.3
BATCH = 5_000
TEXTS = (
    "We tried this with **three** cities. The figures are public:\n\n- repair took two days\n"
    "- each lantern was visited once a month",
    "Who would pay for it outside the towns? Oil is dear, and the roads are worse every year.",
    "I agree, if the people who light the lanterns have a say in where they stand.",
    "See <https://example.org/lanterns> for the report. It is short, and worth reading twice.",
)
_HTML = [to_html(text) for text in TEXTS]


def write_many(
    db: Database, deliberation_id: int, number: int, people: list[Actor], deepest: int = 6
) -> list[int]:
    """Add this many comments by these people, with replies and reactions; the ids in order.

    A quarter begins threads; the rest answers what was written lately, as people do. A third of
    all has reactions. The same call makes the same discussion.
    """
    rolls = random.Random(number)  # noqa: S311 - the same discussion every time.
    with db.writing() as tx:
        first = (tx.scalar(sa.select(sa.func.max(Comment.id))) or 0) + 1
        start = now(tx) - timedelta(days=1)
        rows: list[dict[str, Any]] = []
        for place in range(number):
            lately = [row for row in rows[-200:] if row["depth"] < deepest]
            parent = rolls.choice(lately) if lately and rolls.random() > ROOT_SHARE else None
            author = rolls.choice(people)
            assert author.affiliation is not None
            text = rolls.randrange(len(TEXTS))
            rows.append(
                {
                    "id": first + place,
                    "deliberation_id": deliberation_id,
                    "parent_id": parent["id"] if parent else None,
                    "anchor": Anchor.SUBJECT,
                    "path": comment_path(parent["path"] if parent else None, first + place),
                    "depth": parent["depth"] + 1 if parent else 0,
                    "kind": rolls.choice(list(CommentKind)),
                    "body": TEXTS[text],
                    "body_html": _HTML[text],
                    "language": "en",
                    "author_id": author.id,
                    "group": author.affiliation.group,
                    "submission_key": str(uuid.UUID(int=rolls.getrandbits(128))),
                    "written_at": start + timedelta(seconds=place),
                }
            )
        reactions = _react(rolls, rows, people, now(tx))
        for table, values in ((Comment, rows), (CommentReaction, reactions)):
            for begin in range(0, len(values), BATCH):
                tx.execute(sa.insert(table), values[begin : begin + BATCH])
        if db.engine.dialect.name == "postgresql":
            tx.execute(sa.text("SELECT setval('comments_id_seq', :last)"), {"last": first + number})
        touch(tx, deliberation_id)
    return [row["id"] for row in rows]


def _react(
    rolls: random.Random, comments: list[dict[str, Any]], people: list[Actor], moment: datetime
) -> list[dict[str, Any]]:
    """Reactions to a share of the comments, which take up their counts."""
    reactions: list[dict[str, Any]] = []
    chosen = {row["id"] for row in rolls.sample(comments, int(len(comments) * REACTION_SHARE))}
    for row in comments:
        given = []
        for person in rolls.sample(people, min(4, len(people))) if row["id"] in chosen else ():
            assert person.affiliation is not None
            given.append(
                {
                    "comment_id": row["id"],
                    "person_id": person.id,
                    "reaction": rolls.choice(list(Reaction)),
                    "group": person.affiliation.group,
                    "reacted_at": moment,
                }
            )
        counts = Counter((each["reaction"], each["group"]) for each in given)
        row["reactions"], row["support"] = count_reactions(counts)
        reactions += given
    return reactions
