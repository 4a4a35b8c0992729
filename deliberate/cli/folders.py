"""Session pages in folders: which files are meant when somebody names a folder."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = (".txt", ".html", ".htm")
COMPANION = "_files"
"""How browsers end the name of the folder with what belongs to a saved page."""


def find_pages(paths: Iterable[str]) -> list[str]:
    """The files to read: those named, and the pages in the folders named, each once.

    A file that is named is taken whatever it is called. In a folder and all folders below it,
    files ending in .txt, .html or .htm are taken in the order of their names. Left out are hidden
    files and folders, what a browser saved beside a page, and links to other folders, so that a
    folder which links to itself ends. A folder without pages stands in the list itself, so that
    whoever named it learns of it.
    """
    found: dict[str, str] = {}
    for path in paths:
        pages = (list(_walk(path)) or [path]) if Path(path).is_dir() else [path]
        for page in pages:
            found.setdefault(os.path.realpath(page), page)
    return list(found.values())


def _walk(folder: str) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        pages = sorted(name for name in files if _is_page(parent, name))
        stems = {name.rpartition(".")[0] for name in pages}
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and not (name.endswith(COMPANION) and name.removesuffix(COMPANION) in stems)
        )
        yield from (os.path.join(parent, name) for name in pages)  # noqa: PTH118


def _is_page(parent: str, name: str) -> bool:
    """Whether a file of this name is read. Pipes and devices are not: they may never end."""
    return (
        name.lower().endswith(SUFFIXES)
        and not name.startswith(".")
        and Path(parent, name).is_file()
    )
