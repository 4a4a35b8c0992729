"""Functions run in processes of their own, all at the same moment, as races need them."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, TypeVar

R = TypeVar("R")

PATIENCE_SECONDS = 120
# Loaded once by the process that every other is forked from; forty would take a minute to load
# them each for itself.
PRELOADED = [
    f"tests.races.{path.stem}"
    for path in (Path(__file__).parent.parent / "races").glob("*.py")
    if not path.stem.startswith(("_", "test_"))
]
_barriers: list[Barrier] = []


def run_together(function: Callable[..., R], arguments: Sequence[tuple[Any, ...]]) -> list[R]:
    """Call `function` once for each tuple of arguments and return the results in that order.

    Every call has a new process, which shares nothing with this one, and all begin together.
    The function must be importable by its name. What a call raises is raised here.
    """
    fresh = multiprocessing.get_context("forkserver")
    fresh.set_forkserver_preload(PRELOADED)
    barrier = fresh.Barrier(len(arguments))
    with ProcessPoolExecutor(
        len(arguments), mp_context=fresh, initializer=_meet_at, initargs=(barrier,)
    ) as pool:
        calls = [pool.submit(_begin, function, each) for each in arguments]
        return [call.result(timeout=PATIENCE_SECONDS) for call in calls]


def _meet_at(barrier: Barrier) -> None:
    _barriers[:] = [barrier]


def _begin(function: Callable[..., R], arguments: tuple[Any, ...]) -> R:
    _barriers[0].wait(PATIENCE_SECONDS)
    return function(*arguments)
