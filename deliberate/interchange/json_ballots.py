"""The product's own format: a JSON object with options and ballots.

`{"name": "...", "options": ["A", "B"], "ballots": [{"ranking": [["A"], ["B"]], "weight": 3}]}`.
A ballot has one or more of `ranking` (tiers, best first), `approve` (a list), `scores` (an
object) and `choice` (a name, or null for an abstention), and may have `weight` (a whole number
or "p/q"; 1 if left out) and `group`. The file may have `seats` and `withdrawn` (a list).
Other keys of the file are left alone; a ballot must not have any.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from itertools import chain
from typing import Any

from deliberate.domain.ballot_files import BallotFile, BallotLine
from deliberate.domain.weighting import exact
from deliberate.interchange import text
from deliberate.interchange.json_text import Literal, members
from deliberate.interchange.problems import Malformed, Problems

ANSWERS = ("ranking", "approve", "scores", "choice")
KEYS = frozenset({*ANSWERS, "weight", "group"})


def read(content: str) -> BallotFile:
    """The ballots of a file. Raises `Unreadable`."""
    entries, ballots = members(content, listed="ballots")
    problems = Problems()
    if "ballots" not in entries:
        problems.add(0, "there is no list of “ballots”")
    names = problems.each([(0, entries.get("options", []))], _names)
    problems.stop_if_any()
    options = text.options(names[0])
    ballot = _Ballot(options)
    withdrawn = problems.each([(0, entries.get("withdrawn", []))], ballot.options)
    seats = problems.each([(0, entries.get("seats"))], _seats)
    lines = problems.each(ballots, ballot.read)
    problems.stop_if_any()
    title = text.title(str(entries.get("name", "")))
    return BallotFile(options, tuple(lines), title, seats[0], frozenset(withdrawn[0]))


def write(file: BallotFile) -> str:
    """The file as JSON, one ballot a line."""
    names = file.options
    members = {
        "name": file.title,
        "options": list(names),
        **({} if file.seats is None else {"seats": file.seats}),
        **({"withdrawn": [names[at] for at in sorted(file.withdrawn)]} if file.withdrawn else {}),
    }
    head = "".join(f" {_dump(key)}: {_dump(value)},\n" for key, value in members.items())
    ballots = ",\n".join(f"  {_dump(_entry(ballot, names))}" for ballot in file.ballots)
    return f'{{\n{head} "ballots": [\n{ballots}\n ]\n}}\n'


class _Ballot:
    """Reads ballots that name these options."""

    def __init__(self, options: tuple[str, ...]) -> None:
        self.names = options
        self.places = {name: place for place, name in enumerate(options)}

    def read(self, entry: Any) -> BallotLine:
        """The ballot of one object. Raises `Malformed`."""
        if not isinstance(entry, dict):
            raise Malformed("a ballot is an object")
        unknown = sorted(entry.keys() - KEYS)
        if unknown:
            raise Malformed(f"a ballot has no {text.quoted(unknown[0])}")
        if not entry.keys() & set(ANSWERS):
            raise Malformed("the ballot has no ranking, approve, scores or choice")
        group = entry.get("group")
        return BallotLine(
            weight=text.weight(_number(entry.get("weight", "1"))),
            ranking=self._ranking(entry["ranking"]) if "ranking" in entry else None,
            approved=tuple(sorted(self.options(entry["approve"]))) if "approve" in entry else None,
            scores=self._scores(entry["scores"]) if "scores" in entry else None,
            choice=self._choice(entry["choice"]) if "choice" in entry else None,
            group=None if group is None else text.name(_text(group), "group"),
        )

    def options(self, listed: Any) -> tuple[int, ...]:
        """The options of a list of names, each there once. Raises `Malformed`."""
        if not isinstance(listed, list):
            raise Malformed("options are given as a list of names")
        options = tuple(self._option(name) for name in listed)
        text.once(options, self.names)
        return options

    def _option(self, name: Any) -> int:
        place = self.places.get(_text(name))
        if place is None:
            raise Malformed(f"{text.quoted(name)} is not among the options")
        return place

    def _ranking(self, tiers: Any) -> tuple[tuple[int, ...], ...]:
        if not isinstance(tiers, list) or not all(isinstance(tier, list) for tier in tiers):
            raise Malformed("a ranking is a list of lists of names")
        if not all(tiers):
            raise Malformed("a tier of the ranking is empty")
        ranking = tuple(tuple(sorted(map(self._option, tier))) for tier in tiers)
        text.once(list(chain.from_iterable(ranking)), self.names)
        return ranking

    def _scores(self, scores: Any) -> tuple[tuple[int, Fraction], ...]:
        if not isinstance(scores, dict):
            raise Malformed("scores are an object of names and numbers")
        given = {self._option(name): text.rational(_number(scores[name])) for name in scores}
        return tuple(sorted(given.items()))

    def _choice(self, name: Any) -> tuple[int, ...]:
        return () if name is None else (self._option(name),)


def _names(listed: Any) -> list[str]:
    """The names of the options. Raises `Malformed`."""
    if not isinstance(listed, list):
        raise Malformed("“options” is no list of names")
    return [text.name(_text(name)) for name in listed]


def _text(value: Any) -> str:
    """A value that must be text. Raises `Malformed`."""
    if type(value) is not str:
        raise Malformed(f"{text.quoted(str(value))} where a name is expected")
    return value


def _number(value: Any) -> str:
    """A number as it is written, in quotation marks or without. Raises `Malformed`."""
    if not isinstance(value, str):
        raise Malformed(f"{text.quoted(str(value))} where a number is expected")
    return str(value)


def _seats(value: Any) -> int | None:
    """The number of seats, if the file tells one. Raises `Malformed`."""
    if value is not None and not isinstance(value, Literal):
        raise Malformed("“seats” is no number")
    return None if value is None else text.whole(value)


def _entry(ballot: BallotLine, names: tuple[str, ...]) -> Mapping[str, object]:
    """A ballot as an object."""
    entry: dict[str, object] = {}
    if ballot.ranking is not None:
        entry["ranking"] = [[names[option] for option in tier] for tier in ballot.ranking]
    if ballot.approved is not None:
        entry["approve"] = [names[option] for option in ballot.approved]
    if ballot.scores is not None:
        entry["scores"] = {names[option]: exact(score) for option, score in ballot.scores}
    if ballot.choice is not None:
        entry["choice"] = names[ballot.choice[0]] if ballot.choice else None
    if ballot.group is not None:
        entry["group"] = ballot.group
    return {**entry, "weight": exact(ballot.weight)}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
