"""Claims about which files are meant when somebody names a folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deliberate.cli.folders import find_pages

Maker = Callable[..., None]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maker:
    """Makes empty files, with the folders they stand in, where the test works."""
    monkeypatch.chdir(tmp_path)

    def touch(*names: str) -> None:
        for name in names:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).touch()

    return touch


def test_pages_of_a_folder_are_found_in_the_order_of_their_names(make: Maker) -> None:
    """Ensure folders below count, and files that are no text or web page do not."""
    make("in/b.txt", "in/a.HTML", "in/c.htm", "in/c.pdf", "in/txt", "in/z/2.txt", "in/y/1.txt")

    assert find_pages(["in"]) == ["in/a.HTML", "in/b.txt", "in/c.htm", "in/y/1.txt", "in/z/2.txt"]


def test_hidden_files_and_folders_are_left_out(make: Maker) -> None:
    """Ensure what editors and file systems keep for themselves is no page."""
    make("in/.a.txt", "in/.git/b.txt", "in/._c.html", "in/d.txt")

    assert find_pages(["in"]) == ["in/d.txt"]


def test_what_a_browser_saved_beside_a_page_is_left_out(make: Maker) -> None:
    """Ensure frames and advertisements of a saved page are not taken for pages."""
    make("in/a.html", "in/a_files/frame.html", "in/my_files/b.html")

    assert find_pages(["in"]) == ["in/a.html", "in/my_files/b.html"]


def test_a_named_file_is_taken_whatever_it_is_called(make: Maker) -> None:
    """Ensure whoever names a file means it, and learns when it is not there."""
    make(".hidden", "page.pdf")

    assert find_pages([".hidden", "page.pdf", "missing"]) == [".hidden", "page.pdf", "missing"]


def test_each_file_is_taken_once(make: Maker) -> None:
    """Ensure a file is not read twice when it is named, stands in a folder, or is linked."""
    make("in/a.txt", "in/b.txt")
    Path("in/c.txt").symlink_to("b.txt")

    assert find_pages(["in/b.txt", "in", "./in"]) == ["in/b.txt", "in/a.txt"]


def test_folders_that_link_in_circles_end(make: Maker) -> None:
    """Ensure a link to a folder above is not walked into, nor one that leads nowhere."""
    make("in/deep/a.txt")
    Path("in/deep/up").symlink_to("..")
    Path("in/self.txt").symlink_to("self.txt")
    Path("in/gone.txt").symlink_to("nothing")
    Path("in/device.txt").symlink_to("/dev/zero")

    assert find_pages(["in"]) == ["in/deep/a.txt"]


def test_a_folder_without_pages_stands_for_itself(make: Maker) -> None:
    """Ensure whoever named it learns that nothing was found there."""
    make("in/picture.png")

    assert find_pages(["in"]) == ["in"]
