"""What is written can be read again, in every format, and nothing of it is lost."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.domain.ballot_files import BallotFile, BallotLine, merge_alike
from deliberate.interchange import FORMATS, Format, Unwritable, read, write
from deliberate.interchange.features import features
from tests.domain.voting_cases import FOLDER
from tests.interchange.strategies import files

EVERY_FORMAT = pytest.mark.parametrize("target", FORMATS.values(), ids=lambda each: each.extension)


def ballots(file: BallotFile) -> Counter[BallotLine]:
    """The ballots as they are counted: in no order, alike ones together."""
    return Counter(merge_alike(file.ballots))


@EVERY_FORMAT
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_written_file_holds_the_same_ballots(target: Format, data: st.DataObject) -> None:
    """Ensure options, ballots, weights and groups come back, recognised with or without a name."""
    file = data.draw(files(target))

    written = write(file, target.extension)

    for name in ("x." + target.extension, "no extension"):
        again = read(written, name)
        assert again.options == file.options
        assert again.withdrawn == file.withdrawn
        assert ballots(again) == ballots(file)


@pytest.mark.parametrize("extension", ["toi", "abif", "blt", "json"])
def test_title_and_seats_are_kept_where_there_is_a_place(extension: str) -> None:
    """Ensure the poll's name and its seats are not lost on the way."""
    file = BallotFile(("A", "B"), (BallotLine(ranking=((0,),)),), "Where: “to” meet #1?", 2)

    again = read(write(file, extension), "x." + extension)

    assert (again.title, again.seats) == (file.title, file.seats)


@EVERY_FORMAT
def test_public_cases_are_held_or_refused(target: Format) -> None:
    """Ensure a format takes every case it can hold, and none of the others."""
    for path in sorted(FOLDER.glob("*.json"))[::7]:
        file = replace(read(path.read_bytes(), path.name), title="")
        try:
            again = read(write(file, target.extension), "x." + target.extension)
        except Unwritable:
            assert not features(file) <= target.holds
        else:
            assert (again.options, ballots(again)) == (file.options, ballots(file))
