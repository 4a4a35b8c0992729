"""ABIF, the aggregated ballot information format: `27: A/5 > B/3 = C`.

A line gives a number of ballots and options in order of preference, with whole-number scores if
they were asked. `=` between options is a tie, and commas stand between scored options that are
in no order. Lines such as `=A:[Full name]` name the options, `{title: "..."}` the poll, and `#`
begins a comment. Source: the ABIF project's draft grammar 0.31 (electorama/abif, July 2025).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from deliberate.domain.ballot_files import BallotFile, BallotLine
from deliberate.interchange import text
from deliberate.interchange.problems import Malformed, Problems, Unwritable

NAME = r'\[[^\]]+\]|"(?:[^"\\]|\\.)*"|[\w.-]+'
COMMENT = r"\s*(?:#.*)?"
OPTION = re.compile(rf"=?\s*({NAME})\s*:\s*({NAME}){COMMENT}")
END = re.compile(rf"{COMMENT}$")
PREFERENCE = re.compile(rf"\s*({NAME})\s*(?:/\s*([^\s>=,#]+))?\s*([>=,]?)")
KEY = r'(?:"([^"]*)"|(\w+))'
VALUE = r'("(?:[^"\\]|\\.)*+"|[^}"]*+)'
METADATA = re.compile(rf"\{{\s*+(?:{KEY}\s*+:\s*+{VALUE}\s*+)?\}}{COMMENT}")
SEPARATORS = (">", "=", ",")
BARE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

Item = tuple[int, Fraction | None, str]
"""An option, its score, and the separator that follows it, or nothing at the end."""


def read(content: str) -> BallotFile:
    """The ballots of a file. Raises `Unreadable`."""
    problems = Problems()
    poll = _Poll()
    lines = [(number, line) for number, line in text.numbered(content) if line[0] != "#"]
    ballots = [entry for entry in lines if entry[1][0] in "0123456789+-."]
    others = [entry for entry in lines if entry[1][0] not in "0123456789+-."]
    # Options first, wherever they are named: a ballot may use a token before its line.
    problems.each(others, poll.option_or_metadata)
    counted = problems.each(ballots, poll.ballot)
    problems.stop_if_any()
    return BallotFile(text.options(poll.names), tuple(counted), poll.title, poll.seats)


def write(file: BallotFile) -> str:
    """The file in ABIF. Raises `Unwritable` for scores that have no place in it."""
    is_bare = all(BARE.fullmatch(name) for name in file.options)
    tokens = file.options if is_bare else [f"c{at}" for at in range(1, len(file.options) + 1)]
    lines = []
    if file.title:
        lines.append(f'{{"title": {_quote(file.title)}}}')
    if file.seats is not None:
        lines.append(f'{{"seats": {file.seats}}}')
    for token, name in zip(tokens, file.options, strict=True):
        lines.append(f"={token}:{_quote(name) if ']' in name else f'[{name}]'}")
    lines += [f"{ballot.weight}:{_preferences(ballot, tokens)}" for ballot in file.ballots]
    return "\n".join(lines) + "\n"


class _Poll:
    """What the lines have told so far."""

    def __init__(self) -> None:
        self.title = ""
        self.seats: int | None = None
        self.names: list[str] = []
        self.places: dict[str, int] = {}

    def option_or_metadata(self, line: str) -> None:
        """Take up a line such as `=A:[Full name]` or `{title: "..."}`."""
        if line.startswith("{"):
            self._metadata(line)
            return
        found = OPTION.fullmatch(line)
        if not found:
            raise Malformed("this is neither ballots (3:A>B) nor an option (=A:[Full name])")
        token, name = _unquote(found[1]), text.name(_unquote(found[2]))
        if token in self.places:
            raise Malformed(f"{text.quoted(token)} is named twice")
        self.places[token] = self._add(name)

    def _metadata(self, line: str) -> None:
        """Take up title and seats; the other keys do not change the ballots."""
        found = METADATA.fullmatch(line)
        if not found:
            raise Malformed("a line of metadata is {key: value}")
        key, value = found[1] or found[2], (found[3] or "").strip()
        if key == "title":
            self.title = text.title(_unquote(value))
        elif key == "seats":
            self.seats = text.whole(value)

    def ballot(self, line: str) -> BallotLine:
        """The ballots of a line."""
        number, colon, preferences = line.partition(":")
        if not colon:
            raise Malformed("a line of ballots is “number:preferences”")
        weight = text.count(number.strip())
        items = list(self._items(preferences))
        separators = {separator for _, _, separator in items[:-1]}
        if "," in separators and len(separators) > 1:
            raise Malformed("commas are for options in no order, and > and = for options in order")
        text.once([option for option, _, _ in items], self.names)
        scores = tuple(sorted((at, score) for at, score, _ in items if score is not None)) or None
        if separators == {","} and scores:
            return BallotLine(weight, scores=scores)
        return BallotLine(weight, _tiers(items), scores=scores)

    def _items(self, preferences: str) -> Iterator[Item]:
        """Each option of a ballot with its score, if any, and what separates it from the next."""
        at, separator, end = 0, "first", text.MAX_OPTIONS
        while not END.match(preferences, at):
            found = PREFERENCE.match(preferences, at)
            if not found or not separator:
                raise Malformed(f"{text.quoted(preferences[at:].strip())} is no preference")
            score = None if found[2] is None else Fraction(text.whole(found[2]))
            separator, at, end = found[3], found.end(), end - 1
            yield self._place(_unquote(found[1])), score, separator
            if not end:
                raise Malformed(f"there are more than {text.MAX_OPTIONS} options")
        if separator in SEPARATORS:
            raise Malformed(f"nothing follows the last {separator}")

    def _place(self, token: str) -> int:
        """The number of an option, by its token or full name; a new one names itself."""
        if token not in self.places:
            name = text.name(token)
            self.places[token] = self.names.index(name) if name in self.names else self._add(name)
        return self.places[token]

    def _add(self, name: str) -> int:
        """The number of a new option."""
        if len(self.names) == text.MAX_OPTIONS:
            raise Malformed(f"there are more than {text.MAX_OPTIONS} options")
        self.names.append(name)
        return len(self.names) - 1


def _tiers(items: list[Item]) -> tuple[tuple[int, ...], ...]:
    """The options of a ballot in tiers; only > begins a new one."""
    tiers: list[list[int]] = [[]]
    for option, _, separator in items:
        tiers[-1].append(option)
        if separator == ">":
            tiers.append([])
    return tuple(tuple(sorted(tier)) for tier in tiers if tier)


def _unquote(token: str) -> str:
    """The text of a token without its brackets or quotation marks."""
    if token.startswith("["):
        return token[1:-1].strip()
    if not token.startswith('"'):
        return token
    try:
        return str(json.loads(token)).strip()
    except ValueError as error:
        raise Malformed(f"{text.quoted(token)} is not quoted as in JSON") from error


def _quote(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _preferences(ballot: BallotLine, tokens: Sequence[str]) -> str:
    """What one ballot says, as ABIF writes it."""
    scores = dict(ballot.scores or ())
    _check(ballot, scores, len(tokens))

    def item(option: int) -> str:
        return f"{tokens[option]}/{scores[option]}" if option in scores else tokens[option]

    if ballot.ranking is None:
        return ",".join(item(option) for option in range(len(tokens)))
    return ">".join("=".join(item(option) for option in tier) for tier in ballot.ranking)


def _check(ballot: BallotLine, scores: Mapping[int, Fraction], options: int) -> None:
    """Raise `Unwritable` for scores that ABIF would lose or take for something else."""
    reason = ""
    if any(score.denominator > 1 or score < 0 for score in scores.values()):
        reason = "scores that are no whole numbers from 0"
    elif ballot.ranking is None and (not scores or options == 1):
        reason = "ballots for scores that score nothing, or of a single option"
    elif ballot.ranking is not None and not scores.keys() <= set(ballot.ranked):
        reason = "scores of options that the same ballot does not rank"
    elif ballot.ranking is not None and ballot.scores == ():
        reason = "rankings that were asked for scores and give none"
    if reason:
        raise Unwritable(f"ABIF cannot hold {reason}.", "JSON can.")
