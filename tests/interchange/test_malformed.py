"""Files that are not counted, because something in them is not clear; each says where and why."""

import pytest

from deliberate.interchange import Unreadable, read, text
from deliberate.interchange.problems import SHOWN

HEAD = (
    "# DATA TYPE: {}\n# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n"
)
TOI = HEAD.format("toi")


def json_with(ballot: str) -> str:
    """A file with this ballot on its second line."""
    return f'{{"options": ["A"], "ballots": [\n{ballot}]}}'


def blt_with(ballot: str) -> str:
    """A file with this ballot, or these withdrawn options, on its second line."""
    return f'2 1\n{ballot}\n0\n"A"\n"B"\n"Title"\n'


MALFORMED = {
    "toi": [
        (TOI + "1: 1,1\n", "line 5: “A” is there twice"),
        (TOI + "1: 1,{2,1}\n", "line 5: “A” is there twice"),
        (TOI + "1: 3\n", "line 5: “3” is the number of no option"),
        (TOI + "1: 0\n", "line 5: “0” is the number of no option"),
        (TOI + "1: {1,2\n", "line 5: “{1,2” is no order such as 1,{2,3}"),
        (TOI + "1: {},1\n", "line 5: “” is the number of no option"),
        (TOI + "1: 1,\n", "line 5: “” is the number of no option"),
        (TOI + "1: {1},\n", "line 5: “{1},” is no order such as 1,{2,3}"),
        (TOI + "1: ²\n", "line 5: “²” is the number of no option"),
        (TOI + "1,2\n", "line 5: a line of ballots is “number: order”"),
        (TOI + "0: 1\n", "line 5: the weight “0” is not greater than 0"),
        (TOI + "-1: 1\n", "line 5: “-1” is no number of ballots; fractions are for CSV and JSON"),
        (TOI + "1/2: 1\n", "line 5: “1/2” is no number of ballots; fractions are for CSV and JSON"),
        (TOI + "many: 1\n", "line 5: “many” is no number of ballots"),
        (TOI + f"{10**30}: 1\n", "line 5: a number has more than 18 digits"),
        (TOI + "# NUMBER VOTERS: 3\n2: 1\n", "line 5: there should be 3 voters, and there are 2"),
        (
            HEAD.format("soc") + "1: 1,2\n",
            "line 1: the data type is “soc”, and the file is read as toi",
        ),
        (
            "# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n",
            "the header must name the alternatives 1 to 2, each once",
        ),
        (
            f"# NUMBER ALTERNATIVES: {10**17}\n# ALTERNATIVE NAME 1: A\n",
            f"the header must name the alternatives 1 to {10**17}, each once",
        ),
        ("2\n1,A\n2,B\n", "There are no options."),
        (TOI.replace("2: B", "2: A"), "Two options are called “A”."),
        (TOI.replace("2: B", "2:"), "line 4: the option has no name"),
        (TOI.replace("2: B", "2: \x1b[31m"), "line 4: the name “�[31m” has a control character"),
    ],
    "soc": [
        (HEAD.format("soc") + "1: 1\n", "line 5: only 1 of 2 options are ranked"),
        (HEAD.format("soc") + "1: {1,2}\n", "line 5: .soc holds no ties; .toc and .toi do"),
    ],
    "abif": [
        ("1.5:A>B\n", "line 1: “1.5” is no number of ballots; fractions are for CSV and JSON"),
        ("2/3:A>B\n", "line 1: “2/3” is no number of ballots; fractions are for CSV and JSON"),
        ("1:A>B>A\n", "line 1: “A” is there twice"),
        ("1:A>>B\n", "line 1: “>B” is no preference"),
        ("1:A>\n", "line 1: nothing follows the last >"),
        ("1:A B\n", "line 1: “B” is no preference"),
        (
            "1:A,B>C\n",
            "line 1: commas are for options in no order, and > and = for options in order",
        ),
        ("1:A/x>B\n", "line 1: “x” is no whole number"),
        ("1:[A>B\n", "line 1: “[A>B” is no preference"),
        ('1:"\\x">B\n', 'line 1: “"\\x"” is not quoted as in JSON'),
        ("A>B\n", "line 1: this is neither ballots (3:A>B) nor an option (=A:[Full name])"),
        ("=A:[X]\n=A:[Y]\n1:A\n", "line 2: “A” is named twice"),
        ("=A:[X]\n=B:[X]\n1:A\n", "Two options are called “X”."),
        ("{title}\n1:A\n", "line 1: a line of metadata is {key: value}"),
        ("# nothing\n", "There are no options."),
    ],
    "blt": [
        (blt_with("1 1 2"), "line 2: a line of ballots ends with 0"),
        (blt_with("1 1 3 0"), "line 2: “3” is the number of no option"),
        (blt_with("1 1=1 0"), "line 2: “A” is there twice"),
        (blt_with("1 (1 2) 0"), "line 2: “(1” is the number of no option"),
        (
            blt_with("1.5 1 0"),
            "line 2: “1.5” is no number of ballots; fractions are for CSV and JSON",
        ),
        ('2 1\n-3\n1 1 0\n0\n"A"\n"B"\n"T"\n', "line 2: “3” is the number of no option"),
        ('2 1\n1 1 0\n0\n"A"\n', "there are 2 options and 1 names"),
        ('2 1\n1 1 0\n0\n"A"B"\n"C"\n"T"\n', 'line 4: “"A"B"” is no name in quotation marks'),
        ("2 1\n1 1 0\n", "A line with 0 alone must end the ballots."),
        (
            "two seats\n0\n",
            "line 1: the first line gives the number of options and the number of seats",
        ),
        ("99999 1\n0\n", "line 1: there are more than 1000 options"),
        ("", "A line with 0 alone must end the ballots."),
    ],
    "csv": [
        ("A,B\n1,x\n", "line 2: “x” is no whole number"),
        ("A,B\n0,1\n", "line 2: ranks begin with 1"),
        ("A,B\n1\n", "line 2: there are 1 cells in 2 columns"),
        ("A,B\n,\n", "line 2: an empty row; a blank ballot needs a weight"),
        ("A,weight\n1,\n", "line 2: “” is no number such as 3, 1/3 or 0.25"),
        ("A,weight\n1,1/0\n", "line 2: “1/0” divides by nothing"),
        ("A,weight\n1,-1\n", "line 2: the weight “-1” is not greater than 0"),
        ("A,weight\n1,1e9\n", "line 2: “1e9” is no number such as 3, 1/3 or 0.25"),
        ("A,A\n1,2\n", "line 1: two columns have the same name"),
        ("A,\n1,2\n", "line 1: the option has no name"),
        ("choice: A,choice: B\n1,1\n", "line 2: 2 options are chosen where one may be"),
        ("approve: A,approve: B\nyes,1\n", "line 2: “yes” where 1, 0 or nothing is expected"),
        ('A,B\n1,"2\n', "line 2: this row is no CSV: unexpected end of data"),
        ("", "The file is empty."),
        ("weight\n1\n", "There are no options."),
    ],
    "json": [
        (json_with('{"ranking": [["B"]]}'), "line 2: “B” is not among the options"),
        (json_with('{"ranking": [["A"], ["A"]]}'), "line 2: “A” is there twice"),
        (json_with('{"ranking": [[]]}'), "line 2: a tier of the ranking is empty"),
        (json_with('{"ranking": ["A"]}'), "line 2: a ranking is a list of lists of names"),
        (
            json_with('{"weight": 2}'),
            "line 2: the ballot has no ranking, approve, scores or choice",
        ),
        (json_with('{"rank": [["A"]]}'), "line 2: a ballot has no “rank”"),
        (json_with('{"choice": "A", "weight": 0}'), "line 2: the weight “0” is not greater than 0"),
        (
            json_with('{"choice": "A", "weight": NaN}'),
            "line 2: “NaN” is no number such as 3, 1/3 or 0.25",
        ),
        (
            json_with('{"choice": "A", "weight": 1e9}'),
            "line 2: “1e9” is no number such as 3, 1/3 or 0.25",
        ),
        (
            json_with('{"choice": "A", "choice": null}'),
            "line 2: this is no JSON for ballots: a key is there twice",
        ),
        (json_with("7"), "line 2: a ballot is an object"),
        ('{"options": ["A"],\n"ballots": [}', "line 2: this is no JSON: Expecting value"),
        ('{"options": ["A"]}', "there is no list of “ballots”"),
        ('{"options": [], "ballots": []}', "There are no options."),
        ('{"options": [1], "ballots": []}', "“1” where a name is expected"),
        (
            '{"options": ["A"], "ballots": []} x',
            "line 1: this is no JSON for ballots: something follows the end of the object",
        ),
        ("[" * 100_000, "line 1: this is no JSON for ballots: { is expected"),
        (
            '{"a": ' + "[" * 100_000,
            "line 1: this is no JSON for ballots: lists are nested too deeply",
        ),
    ],
}
CASES = [(extension, *case) for extension, cases in MALFORMED.items() for case in cases]


@pytest.mark.parametrize(("extension", "content", "message"), CASES)
def test_a_malformed_file_says_where_and_why(extension: str, content: str, message: str) -> None:
    """Ensure the refusal gives the line and the reason, and nothing is counted."""
    with pytest.raises(Unreadable) as refusal:
        read(content.encode(), "x." + extension)

    assert refusal.value.advice == message


def test_all_problems_are_told_at_once_up_to_a_limit() -> None:
    """Ensure a person can mend everything in one go, and a hopeless file stays short."""
    lines = "".join(f"1: {number}\n" for number in range(3, 33))

    with pytest.raises(Unreadable) as refusal:
        read((TOI + lines).encode(), "x.toi")

    assert [problem.line for problem in refusal.value.problems] == list(range(5, 5 + SHOWN))
    assert refusal.value.advice.splitlines()[-1] == "and 10 more problems"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            "A\n1\nGenève\n".encode("latin-1"),
            "line 3: byte 0xE8 is not UTF-8. Is the file in Latin-1? Save it as UTF-8.",
        ),
        ("A,B\n1,2\n".encode("utf-16"), "The file is in UTF-16. Save it as UTF-8."),
        (b"A,B\n1,\0\n", "line 2: zero bytes: this is no text."),
    ],
)
def test_other_encodings_are_told_plainly(data: bytes, message: str) -> None:
    """Ensure no encoding is guessed, because a wrong guess changes names."""
    with pytest.raises(Unreadable) as refusal:
        read(data, "x.csv")

    assert refusal.value.advice == message


def test_a_huge_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ensure the size is bounded."""
    monkeypatch.setattr(text, "MAX_BYTES", 10)

    with pytest.raises(Unreadable, match="cannot be read"):
        read(b"A,B\n1,2\n2,1\n", "x.csv")


HOSTILE = {
    "spaces in a header": ("x.toi", f"# {' ' * 200_000}x"),
    "spaces in metadata": ("x.abif", f"{{a: {' ' * 200_000}x"),
    "spaces before nothing": ("x.abif", f"1:A{' ' * 200_000}x y"),
    "one name of letters": ("x.abif", f"={'a' * 200_000}!"),
    "escapes": ("x.abif", f'="{chr(92) * 200_001}'),
    "empty lines": ("x", "\n" * 200_000 + "x"),
    "spaces alone": ("x", " " * 200_000 + "x"),
    "quotation marks": ("x.blt", f"1 1\n0\n{chr(34) * 200_001}"),
    "cells": ("x.csv", '"' * 200_001),
    "braces": ("x.json", '{"a": ' * 200_000),
}


@pytest.mark.parametrize(("name", "content"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_and_not_pondered(name: str, content: str) -> None:
    """Ensure no text makes reading take time that grows with the square of its length."""
    with pytest.raises(Unreadable):
        read(content.encode(), name)


@pytest.mark.parametrize("extension", ["abif", "csv"])
def test_too_many_options_are_refused(extension: str) -> None:
    """Ensure a file cannot ask for a square of a million options."""
    names = [f"o{number}" for number in range(1001)]
    content = "1:" + ">".join(names) if extension == "abif" else ",".join(names) + "\n"

    with pytest.raises(Unreadable) as refusal:
        read(content.encode(), "x." + extension)

    assert refusal.value.advice == "line 1: there are more than 1000 options"


def test_weights_without_a_common_denominator_of_sensible_size_are_refused() -> None:
    """Ensure a hostile file cannot make every sum a number of thousands of digits."""
    rows = "".join(f"1,1/{10**17 + number}\n" for number in range(40))

    with pytest.raises(Unreadable) as refusal:
        read(f"A,weight\n{rows}".encode(), "x.csv")

    assert refusal.value.advice == "The weights have no common denominator of a sensible size."


def test_more_ballots_than_can_be_counted_are_refused() -> None:
    """Ensure no sum of ballots can be too large for the integers that count them."""
    lines = f"{10**12}: 1\n" * 11

    with pytest.raises(Unreadable) as refusal:
        read((TOI + lines).encode(), "x.toi")

    assert refusal.value.advice == "There are more ballots than can be counted."
