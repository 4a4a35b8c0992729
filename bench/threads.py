"""How the pages of a discussion grow: 20,000 comments beside 200 and 2,000, on both databases.

The three discussions lie in one database and are asked in turns within one run, so that noise
hits all alike and only ratios matter. Every page is asked for by somebody who is signed in, and
nothing is kept in memory between requests: this is the dearest way to ask. `--quick` takes fewer
rounds. Ends with 1 when a bound is broken.
"""

import io
import statistics
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402
from flask import Flask  # noqa: E402
from flask.testing import FlaskClient  # noqa: E402

from deliberate.actions.people import start_sign_in  # noqa: E402
from deliberate.app import create_app  # noqa: E402
from deliberate.cli.support import log_to_stderr  # noqa: E402
from deliberate.domain.people import Actor, StakeholderGroup  # noqa: E402
from deliberate.domain.threads import STEP_WIDTH  # noqa: E402
from deliberate.settings import Settings  # noqa: E402
from deliberate.storage.comments import Comment  # noqa: E402
from deliberate.storage.database import Database  # noqa: E402
from deliberate.storage.places import ROOTS_A_PAGE  # noqa: E402
from deliberate.web.login import TOKEN  # noqa: E402
from deliberate.web.take_part.kept import Memory  # noqa: E402
from tests import factories  # noqa: E402
from tests.support.pages import parse  # noqa: E402
from tests.support.queries import recorded  # noqa: E402
from tests.support.scratch import analyse, both_databases  # noqa: E402
from tests.support.threads import write_many  # noqa: E402

SIZES = (200, 2_000, 20_000)
PEOPLE = 50
REPLIES = 40
"""Of the longest thread, so many are asked for."""
ROUNDS, POSTS = 60, 60
QUICK_ROUNDS, QUICK_POSTS = 20, 15
QUERIES_BOUND = 8
RATIO_BOUNDS = {
    "first page": 1.5,
    "deep permalink": 1.5,
    "more threads": 1.5,
    "more replies": 1.5,
    "a comment posted": 1.5,
}
"""How many times as long 20,000 comments may take as 200."""
POSTING = "a comment posted"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass
class Measured:
    """Seconds of one act by the size of the discussion, in rounds, and the most queries it sent."""

    seconds: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    queries: int = 0

    def ratio(self) -> float:
        """How many times as long the largest takes as the smallest, in the median of rounds."""
        pairs = zip(self.seconds[SIZES[0]], self.seconds[SIZES[-1]], strict=True)
        return statistics.median(large / small for small, large in pairs)


def fill(db: Database) -> tuple[dict[int, int], list[Actor]]:
    """Discussions of each size: their ids, and the people who wrote them."""
    groups = StakeholderGroup.registrable()
    people = [factories.make_person(db, groups[n % len(groups)]) for n in range(PEOPLE)]
    ids = {}
    for number, size in enumerate(SIZES):
        page = factories.PAGE.replace("#77", f"#{number}")
        session = factories.make_session(db, page=page)
        ids[size] = factories.make_deliberation(db, session).id
        write_many(db, ids[size], size, people)
    analyse(db)
    return ids, people


def browser_of(app: Flask, db: Database, person: Actor) -> FlaskClient:
    """A browser in which this person is signed in."""
    client = app.test_client()
    with db.writing() as tx:
        token = start_sign_in(tx, person.id or 0)
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


def addresses(db: Database, deliberation_id: int) -> dict[str, tuple[str, dict[str, str]]]:
    """What is asked for, late in the discussion, and always so that equally much is shown."""
    path = f"/deliberations/{deliberation_id}"
    own = sa.select(Comment.id).where(Comment.deliberation_id == deliberation_id)
    root_of = sa.cast(sa.func.substr(Comment.path, 1, STEP_WIDTH), sa.Integer)
    with db.reading() as reader:
        roots = reader.scalars(own.where(Comment.depth == 0).order_by(Comment.id)).all()
        full = len(roots) // ROOTS_A_PAGE * ROOTS_A_PAGE
        last_page = root_of.in_(roots[full - ROOTS_A_PAGE : full])
        deep = reader.scalar(own.where(last_page).order_by(Comment.depth.desc(), Comment.id))
        by_root = own.with_only_columns(root_of).group_by(root_of)
        longest = reader.scalar(by_root.order_by(sa.func.count().desc()).limit(1))
        under = reader.scalars(own.where(root_of == longest).order_by(Comment.path)).all()
    return {
        "first page": (path, {}),
        "deep permalink": (f"{path}?around={deep}", {}),
        "more threads": (f"{path}?after={roots[-ROOTS_A_PAGE - 1]}", PART),
        "more replies": (f"{path}?thread={longest}&after={under[-REPLIES - 1]}", PART),
    }


def timed(db: Database, act: Callable[[], int], expected: int) -> tuple[float, int]:
    """Seconds that a request takes, and how many queries it sends; it must have this status."""
    with recorded(db) as queries:
        begun = time.perf_counter()
        status = act()
        taken = time.perf_counter() - begun
    if status != expected:
        raise SystemExit(f"answered {status} instead of {expected}")
    return taken, len(queries)


def measure(db: Database, rounds: int, posts: int) -> dict[str, Measured]:
    """Every act on every discussion in turns: first all that reads, then posting."""
    ids, people = fill(db)
    app = create_app(Settings(database_url=db.engine.url.render_as_string(False)), db=db)
    reader = browser_of(app, db, people[0])
    asked = {size: addresses(db, ids[size]) for size in SIZES}
    found: dict[str, Measured] = defaultdict(Measured)

    def read(path: str, headers: dict[str, str]) -> int:
        app.extensions["deliberate.take_part"] = Memory()
        return reader.get(path, headers=headers).status_code

    for number in range(rounds + 2):
        for size in SIZES:
            for name, (path, headers) in asked[size].items():
                taken, queries = timed(db, lambda p=path, h=headers: read(p, h), 200)  # type: ignore[misc]
                if number >= 2:
                    found[name].seconds[size].append(taken)
                    found[name].queries = max(found[name].queries, queries)
    _post(app, db, people, ids, posts, found[POSTING])
    return found


def _post(
    app: Flask,
    db: Database,
    people: Sequence[Actor],
    ids: dict[int, int],
    posts: int,
    found: Measured,
) -> None:
    """Comments by everybody in turns: nobody may write many in a short time."""
    writers = []
    for person in people:
        client = browser_of(app, db, person)
        path = f"/deliberations/{ids[SIZES[0]]}"
        fields = parse(client.get(path).text).form(f"{path}/comments").fields
        writers.append((client, {**fields, "body": ["Two towns have done so since."]}))
    turns = cycle(writers)
    for _ in range(posts):
        for size in SIZES:
            client, fields = next(turns)
            form = {**fields, "submission_key": str(uuid.uuid4())}
            path = f"/deliberations/{ids[size]}/comments"
            taken, queries = timed(
                db,
                lambda c=client, p=path, f=form: c.post(p, data=f).status_code,  # type: ignore[misc]
                303,
            )
            found.seconds[size].append(taken)
            found.queries = max(found.queries, queries)


def report(name: str, found: dict[str, Measured]) -> bool:
    """Print the figures of one database; whether all bounds hold."""
    print(name)
    is_kept = True
    for act, measured in found.items():
        for size in SIZES:
            cuts = statistics.quantiles(measured.seconds[size], n=100)
            p50, p99 = cuts[49] * 1000, cuts[98] * 1000
            print(f"  {act:17} {size:6}   p50 {p50:7.1f} ms   p99 {p99:7.1f} ms")
        ratio, bound = measured.ratio(), RATIO_BOUNDS[act]
        is_page = act != POSTING
        print(
            f"  {act}: ratio {ratio:.2f} (bound {bound}), {measured.queries} queries"
            f"{f' (bound {QUERIES_BOUND})' if is_page else ''}"
        )
        is_kept &= ratio <= bound and (not is_page or measured.queries <= QUERIES_BOUND)
    return is_kept


def main() -> int:
    """Measure and print; 1 when a bound is broken."""
    quick = "--quick" in sys.argv[1:]
    rounds, posts = (QUICK_ROUNDS, QUICK_POSTS) if quick else (ROUNDS, POSTS)
    print(f"Discussions of {', '.join(f'{size:,}' for size in SIZES)} comments, {rounds} rounds")
    # Log lines are written as ever, but on no terminal.
    with redirect_stderr(io.StringIO()):
        log_to_stderr("text")
        with both_databases() as found:
            kept = [report(name, measure(db, rounds, posts)) for name, db in found.items()]
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
