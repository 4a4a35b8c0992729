"""How fast files of ballots are read and written, format by format.

100,000 ballots over ten options, with ties and with options left out, are the same for every
format that can hold them. Seconds are those of the processor, the median of three rounds.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from deliberate.domain.ballot_files import BallotFile, BallotLine  # noqa: E402
from deliberate.interchange import FORMATS, read, write  # noqa: E402
from deliberate.interchange.features import features  # noqa: E402

BALLOTS, OPTIONS, ROUNDS = 100_000, 10, 3


def ballot(chance: random.Random) -> BallotLine:
    """A ballot that ranks some options, the first two of them tied now and then."""
    order = chance.sample(range(OPTIONS), chance.randint(1, OPTIONS))
    tiers = [(option,) for option in order]
    if len(order) > 1 and chance.random() < 0.3:
        return BallotLine(Fraction(1), (tuple(sorted(order[:2])), *tiers[2:]))
    return BallotLine(Fraction(1), tuple(tiers))


def seconds(act: Callable[[], object]) -> float:
    """The median time the processor takes."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        act()
        times.append(time.process_time() - start)
    return statistics.median(times)


def main() -> None:
    """Print a row for each format."""
    chance = random.Random(5)  # noqa: S311
    options = tuple(f"Option {number}" for number in range(1, OPTIONS + 1))
    file = BallotFile(options, tuple(ballot(chance) for _ in range(BALLOTS)))
    print(f"{BALLOTS} ballots, {OPTIONS} options: seconds")
    print(f"{'format':8}{'MB':>8}{'read':>8}{'write':>8}")
    for extension, each in FORMATS.items():
        if not features(file) <= each.holds:
            continue
        data = write(file, extension)
        reading = seconds(partial(read, data, f"x.{extension}"))
        writing = seconds(partial(write, file, extension))
        print(f"{extension:8}{len(data) / 1e6:8.1f}{reading:8.2f}{writing:8.2f}")


if __name__ == "__main__":
    main()
