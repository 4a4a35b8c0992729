"""How the filtered portfolio grows: a page over 5,000 questions beside one over 100.

Both pages are asked of the whole application in turns within one run, so that only their ratio
matters and not the machine. The two databases differ in the number of questions alone.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402
from flask.testing import FlaskClient  # noqa: E402

from deliberate.app import create_app  # noqa: E402
from deliberate.cli.support import log_to_stderr  # noqa: E402
from deliberate.domain.classification import LabelKind  # noqa: E402
from deliberate.domain.forum import QuestionState  # noqa: E402
from deliberate.settings import Settings  # noqa: E402
from deliberate.storage.database import Database  # noqa: E402
from deliberate.storage.forum import PolicyQuestion  # noqa: E402
from deliberate.storage.labels import Label  # noqa: E402
from deliberate.storage.migrate import upgrade  # noqa: E402
from tests import factories  # noqa: E402

FEW, MANY = 100, 5_000
ROUNDS = 15
PATH = "/questions?tag=tag-3&stage=waiting&q=lanterns&sort=waiting"
RATIO_BOUND = 8.0
"""A page over fifty times as many questions takes at most eight times as long."""
STATES = list(QuestionState)


def fill(db: Database, number: int) -> None:
    """Questions in every state with two labels each."""
    session = factories.make_session(db)
    with db.writing() as tx:
        ids = range(1_000, 1_000 + number)
        tx.execute(
            sa.insert(PolicyQuestion),
            [
                {
                    "id": key, "session_id": session.id, "position": key,
                    "original": f"Why lanterns {key}?", "text": f"Why lanterns {key}?",
                    "state": STATES[key % len(STATES)], "version": 1,
                }
                for key in ids
            ],
        )  # fmt: skip
        tx.execute(
            sa.insert(Label),
            [
                {
                    "question_id": key, "kind": kind, "value": value, "is_from_session": False
                }
                for key in ids
                for kind, value in (
                    (LabelKind.TAG, f"tag-{key % 7}"), (LabelKind.GOAL, str(key % 17 + 1))
                )
            ],
        )  # fmt: skip


def make_client(folder: Path, number: int) -> FlaskClient:
    """The application over a fresh database with so many questions."""
    url = f"sqlite:///{folder / f'{number}.sqlite3'}"
    upgrade(url)
    db = Database(url)
    fill(db, number)
    return create_app(Settings(database_url=url), db=db).test_client()


def seconds(client: FlaskClient, path: str = PATH) -> float:
    """How long one answer takes."""
    begun = time.perf_counter()
    response = client.get(path)
    taken = time.perf_counter() - begun
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status}")
    return taken


def main() -> int:
    """Measure and print; 1 when the bound is missed."""
    log_to_stderr("text")
    with tempfile.TemporaryDirectory() as folder:
        few, many = (make_client(Path(folder), number) for number in (FEW, MANY))
        pairs = [(seconds(few), seconds(many)) for _ in range(ROUNDS + 2)][2:]
        table = seconds(many, "/questions.csv")
    small, large = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"filtered page over {FEW}: {small * 1000:.1f} ms, over {MANY}: {large * 1000:.1f} ms")
    print(f"ratio {ratio:.2f} (bound {RATIO_BOUND}); table of {MANY}: {table * 1000:.0f} ms")
    return int(ratio > RATIO_BOUND)


if __name__ == "__main__":
    raise SystemExit(main())
