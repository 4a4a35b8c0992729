"""How fast 100,000 different ballots are counted under eight schemes, beside two libraries.

Rankings of 50 and of 100 options in five groups, with three options in a cycle at the top so that
no short cut helps. Beside the product's own count stand pref_voting and votelib, the two libraries
that take weights and ties, each in the environment that `make bench` makes and given one count
without weights; and the bound of reading every rank once. Times are medians of processor seconds,
so that other work on the machine counts little; a library counts once, and is stopped when its time
is up. `--quick` counts a tenth of the ballots. Ends with 1 when a bound is broken.
"""

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import numpy.typing as npt  # noqa: E402
import sqlalchemy as sa  # noqa: E402

from deliberate.domain.tally import (  # noqa: E402
    Profile,
    combine,
    count_profile,
    profile_of_bytes,
    schulze,
)
from deliberate.domain.tally.instant_runoff import instant_runoff  # noqa: E402
from deliberate.storage.ballots import Ballot, list_answers  # noqa: E402
from deliberate.storage.database import Database  # noqa: E402
from tests import factories  # noqa: E402
from tests.support.scratch import analyse, both_databases  # noqa: E402

BALLOTS, QUICK_BALLOTS = 100_000, 10_000
GROUPS, SCHEMES, REPEATS = 5, 8, 9
TIME_LIMIT = 60
"""Seconds that a library may take."""
TIMES_FASTER, SCHEMES_COST, STORED_SECONDS = 250, 1.3, 1.0
PYTHON = ROOT / ".bench-venv" / "bin" / "python"
LIBRARIES = ("pref_voting", "votelib")

Weights = Mapping[int, Fraction]
Matrix = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Electorate:
    """Ballots as they are stored, their groups, and eight weightings of these."""

    ranks: Matrix
    group_of: npt.NDArray[np.int64]
    schemes: list[Weights]

    @property
    def options(self) -> range:
        """The options, by number."""
        return range(self.ranks.shape[1])

    def profile(self) -> Profile:
        """The ballots as every method counts them."""
        return profile_of_bytes(self.ranks.tobytes(), self.options, self.group_of, range(GROUPS))


def gather(ballots: int, options: int) -> Electorate:
    """The same electorate every time; a third each puts 0 1 2, 1 2 0 and 2 0 1 at the top."""
    rolls = np.random.default_rng(7)
    chances = rolls.random((ballots, options))
    turn = rolls.integers(0, 3, ballots)
    chances[:, :3] = (np.arange(3)[None, :] - turn[:, None]) % 3 / 10 + chances[:, :3] / 2
    ranks = chances.argsort(axis=1).argsort(axis=1).astype(np.uint8) + np.uint8(1)
    group_of = rolls.choice(GROUPS, ballots, p=[0.02, 0.3, 0.5, 0.17, 0.01])
    sizes = np.bincount(group_of, minlength=GROUPS).tolist()
    shares = [[1] * GROUPS, *rolls.integers(1, 20, (SCHEMES - 2, GROUPS)).tolist()]
    equal = dict.fromkeys(range(GROUPS), Fraction(1))
    others = [{g: Fraction(own[g], sizes[g]) for g in range(GROUPS)} for own in shares]
    return Electorate(ranks, group_of, [equal, *others])


def by_schulze(profile: Profile, schemes: list[Weights]) -> list[tuple[int, ...]]:
    """The first options under each scheme; ballots are read once."""
    strata = count_profile(profile)
    return [schulze(combine(strata, each, profile.options)).tiers[0] for each in schemes]


def by_runoff(profile: Profile, schemes: list[Weights]) -> list[tuple[int, ...]]:
    """The same by instant run-off, which goes its own way under each scheme."""
    return [(instant_runoff(profile, each).first,) for each in schemes]


def seconds(work: Callable[[], object]) -> float:
    """The median of processor seconds, after one go that does not count."""
    return statistics.median([_once(work) for _ in range(REPEATS + 1)][1:])


def in_turns(work: Callable[[], object], more: Callable[[], object]) -> tuple[float, float]:
    """The median of processor seconds of some work, and how many times as long more of it takes.

    The two are done in turns, and the ratio is the median of the turns': what else the machine does
    touches both alike.
    """
    taken = [(_once(work), _once(more)) for _ in range(REPEATS + 1)][1:]
    ratios = [longer / short for short, longer in taken]
    return statistics.median(short for short, _ in taken), statistics.median(ratios)


def _once(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def megabytes(work: Callable[[], object]) -> float:
    """The most memory that work needs beside what was there before."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def read_once(ranks: Matrix) -> float:
    """Seconds for the least that every count has to do: adding up all ranks, eight at a time."""
    words = np.frombuffer(ranks.tobytes(), dtype=np.uint64)
    return seconds(lambda: np.bitwise_or.reduce(words))


def ask(library: str, method: str, path: Path) -> dict[str, Any]:
    """What a library says in its own environment: seconds and memory, or why not."""
    script = ROOT / "bench" / "libraries" / "tally.py"
    command = [str(PYTHON), str(script), library, method, str(path)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=TIME_LIMIT
        )
    except subprocess.TimeoutExpired:
        return {"seconds": float(TIME_LIMIT), "error": "not done after"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compare(electorate: Electorate, method: str, own: float, first: tuple[int, ...]) -> float:
    """Print what the libraries take; how many times as long the faster one took as the product."""
    orders = electorate.ranks.argsort(axis=1)
    fastest = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.npy"
        np.save(path, orders)
        for library in LIBRARIES:
            said = ask(library, method, path)
            taken = said.get("seconds")
            if taken is None:
                print(f"    {library:12} {said['error']}")
                continue
            fastest = min(fastest, taken / own)
            words = said.get("error", "")
            memory = f"{said['megabytes']:6.0f} MB" if "megabytes" in said else ""
            print(f"    {library:12} {words} {taken:8.2f} s  {taken / own:6.0f} times  {memory}")
            if not words and not set(said["first"]) <= set(first):
                raise SystemExit(f"{library} ranks {said['first']} first, and not {first}")
    return fastest


def measure(electorate: Electorate, method: str) -> tuple[float, float]:
    """Print one method; how many times as fast as a library, and what eight schemes cost."""
    count = by_schulze if method == "schulze" else by_runoff
    profile, schemes = electorate.profile(), electorate.schemes
    one, cost = in_turns(lambda: count(profile, schemes[:1]), lambda: count(profile, schemes))
    peak = megabytes(lambda: count(profile, schemes))
    print(f"  {method}")
    print(f"    one scheme   {one * 1000:8.1f} ms")
    print(f"    eight        {one * cost * 1000:8.1f} ms  {cost:6.2f} times  {peak:6.0f} MB")
    return compare(electorate, method, one, count(profile, schemes[:1])[0]), cost


def store(db: Database, electorate: Electorate) -> int:
    """Put the ballots into a poll, as they are once the link to their voters is gone; its id."""
    poll_id = factories.make_poll(db).id
    answers, groups = electorate.ranks, electorate.group_of.tolist()
    rows = [
        {"id": f"{n:08}", "poll_id": poll_id, "voter_key": str(n), "receipt": str(n)}
        | {"submission_key": str(n), "stratum": str(groups[n]), "answer": answers[n].tobytes()}
        for n in range(len(answers))
    ]
    with db.writing() as tx:
        tx.execute(sa.insert(Ballot), rows)
    analyse(db)
    return poll_id


def count_stored(db: Database, poll_id: int, electorate: Electorate) -> object:
    """Read the ballots and count them under every scheme by Schulze."""
    with db.reading() as session:
        answers = list_answers(session, poll_id)
    marks = b"".join(answer for _, answer in answers)
    group_of = [int(stratum) for stratum, _ in answers]
    profile = profile_of_bytes(marks, electorate.options, group_of, range(GROUPS))
    return by_schulze(profile, electorate.schemes)


def report_stored(electorate: Electorate) -> bool:
    """Measure from the database to eight outcomes, by the clock; whether the bound holds."""
    print("From the database, eight schemes by Schulze, 50 options")
    slowest = 0.0
    with both_databases() as found:
        for name, db in found.items():
            poll_id, taken = store(db, electorate), []
            for _ in range(REPEATS):
                begun = time.perf_counter()
                count_stored(db, poll_id, electorate)
                taken.append(time.perf_counter() - begun)
            slowest = max(slowest, statistics.median(taken))
            print(f"    {name:12} {statistics.median(taken) * 1000:8.1f} ms")
    return slowest < STORED_SECONDS


def report(ballots: int, options: int) -> bool:
    """Measure one size and print; whether the bounds hold."""
    electorate = gather(ballots, options)
    bound, arrays = read_once(electorate.ranks), seconds(electorate.profile)
    print(f"{ballots:,} ballots of {options} options")
    print(f"  every rank read once {bound * 1000:8.2f} ms")
    print(f"  arrays from bytes    {arrays * 1000:8.2f} ms")
    faster, cost = measure(electorate, "schulze")
    measure(electorate, "irv")
    kept = cost <= SCHEMES_COST
    if options == 50 and ballots == BALLOTS:
        kept = kept and faster >= TIMES_FASTER
    print(
        f"  bounds: a library takes {TIMES_FASTER} times as long (50 options), "
        f"eight schemes cost {SCHEMES_COST} of one: {'kept' if kept else 'BROKEN'}"
    )
    return kept


def main() -> int:
    """Measure and print; 1 when a bound is broken or the libraries are not there."""
    if not PYTHON.exists():
        print("The libraries are not installed: run `make bench`.")
        return 1
    ballots = QUICK_BALLOTS if "--quick" in sys.argv[1:] else BALLOTS
    with redirect_stderr(io.StringIO()):
        kept = [report_stored(gather(ballots, 50))]
        kept += [report(ballots, options) for options in (50, 100)]
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
