"""One library counts one file of rankings once, and says how long it took: for `bench/tally.py`.

Runs in an environment of its own, because the libraries are large and the product needs none of
them. Prints JSON: seconds of the processor for building the library's profile and counting it, the
memory that took on top of the rankings, and the options ranked first.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Orders = list[list[int]]
Count = Callable[[Orders], list[int]]


def with_pref_voting(method: str) -> Count:
    """Its class for strict rankings, which is its fastest; it is compiled before it is timed."""
    from pref_voting.iterative_methods import instant_runoff  # noqa: PLC0415
    from pref_voting.margin_based_methods import beat_path  # noqa: PLC0415
    from pref_voting.profiles import Profile  # noqa: PLC0415

    rule = beat_path if method == "schulze" else instant_runoff

    def count(orders: Orders) -> list[int]:
        return [int(option) for option in rule(Profile(orders))]

    count([[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 1, 2]])
    return count


def with_votelib(method: str) -> Count:
    """Its exact evaluators; run-offs stop with an error where options are level."""
    from votelib.convert import RankedToCondorcetVotes  # noqa: PLC0415
    from votelib.evaluate.condorcet import Schulze  # noqa: PLC0415
    from votelib.evaluate.sequential import TransferableVoteSelector  # noqa: PLC0415

    def schulze(votes: dict[tuple[int, ...], int]) -> Any:
        return Schulze().evaluate(RankedToCondorcetVotes().convert(votes), 1)

    def runoff(votes: dict[tuple[int, ...], int]) -> Any:
        return TransferableVoteSelector(quota_function=None).evaluate(votes, 1)

    rule = schulze if method == "schulze" else runoff

    def count(orders: Orders) -> list[int]:
        return list(rule({tuple(order): 1 for order in orders}))

    return count


COUNTS = {"pref_voting": with_pref_voting, "votelib": with_votelib}


def peak() -> int:
    """The most memory this process has had, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(library: str, method: str, path: str) -> None:
    """Count and print."""
    count = COUNTS[library](method)
    orders: Orders = np.load(path).tolist()
    before, begun = peak(), time.process_time()
    try:
        first = count(orders)
    except RuntimeError as error:  # votelib says so where options are level.
        print(json.dumps({"error": f"does not count this: {error or 'options are level'}"}))
        return
    seconds = time.process_time() - begun
    memory = (peak() - before) / 1024
    print(json.dumps({"seconds": seconds, "megabytes": memory, "first": first}))


if __name__ == "__main__":
    main(*sys.argv[1:])
