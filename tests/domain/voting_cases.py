"""The public voting cases: ballots with confirmed results, with options as small numbers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from deliberate.domain.tally import Ballot, Pairwise, Profile, combine, count_profile, profile_of

FOLDER = Path(__file__).parent.parent / "cases" / "voting"


@dataclass(frozen=True)
class Case:
    """One case file. Option ids are the places of the options in the file."""

    name: str
    names: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    expect: Mapping[str, Any]

    @property
    def options(self) -> tuple[int, ...]:
        """The option ids."""
        return tuple(range(len(self.names)))

    def tiers(self, listed: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], ...]:
        """Tiers of names as tiers of ids."""
        return tuple(tuple(sorted(self.names.index(name) for name in tier)) for tier in listed)

    def ids(self, listed: Sequence[str]) -> set[int]:
        """Names as a set of ids."""
        return {self.names.index(name) for name in listed}

    def ballots(self) -> list[Ballot]:
        """One stratum per distinct weight; a whole number is a number of ballots."""
        return [
            Ballot(str(row["weight"]), self.tiers(row["ranking"]))
            if isinstance(row["weight"], str)
            else Ballot("1", self.tiers(row["ranking"]), row["weight"])
            for row in self.rows
        ]

    def profile(self) -> Profile:
        """The ballots in arrays."""
        return profile_of(self.ballots(), self.options)

    def weights(self) -> dict[str, Fraction]:
        """The weight of each stratum of `ballots`."""
        return {ballot.stratum: Fraction(ballot.stratum) for ballot in self.ballots()}

    def pairwise(self) -> Pairwise:
        """The pairwise count of the case."""
        return combine(count_profile(self.profile()), self.weights(), self.options)


def read(name: str) -> Case:
    """The case of that name."""
    data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return Case(data["name"], tuple(data["options"]), tuple(data["ballots"]), data["expect"])


def names_with(*keys: str) -> list[str]:
    """The names of the cases that expect something under any of the keys."""
    found = sorted(path.stem for path in FOLDER.glob("*.json"))
    return [name for name in found if set(keys) & set(read(name).expect)]
