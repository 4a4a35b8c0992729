"""Where one person ends and the next begins, and what is nobody's name."""

import pytest

from deliberate.importing import read_page

HEAD = "IGF 2020 WS #1 Quiet Networks\n\n"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Moon, Bo Stone, Cy Brook", ["Ada Moon", "Bo Stone", "Cy Brook"]),
        ("Ada Moon, Bo Stone, and Cy Brook", ["Ada Moon", "Bo Stone", "Cy Brook"]),
        ("Ada Moon and Bo Stone", ["Ada Moon", "Bo Stone"]),
        ("Ada Moon, Rolls Royce", ["Ada Moon"]),
        ("Ada Moon, Senior Adviser, Rolls Royce", ["Ada Moon"]),
        ("Ada Moon, Slow Tides, Private Sector", ["Ada Moon"]),
        ("Ada Moon, Slow Tides, Asia Pacific", ["Ada Moon"]),
        ("Ada Moon, Slow Tides, North America", ["Ada Moon"]),
        ("Ada Moon, Mast Union, Bo Stone", ["Ada Moon"]),
        ("Ada Moon, Slow Tides, and Bo Stone, Quick Rivers", ["Ada Moon", "Bo Stone"]),
        ("Ada Moon, Slow Tides, Havland\nBo Stone, Quick Rivers, Fens", ["Ada Moon", "Bo Stone"]),
        ("Name, Organization, Stakeholder Group\nAda Moon, Slow Tides, Government", ["Ada Moon"]),
        ("Ada Moon\nNorth America", ["Ada Moon"]),
        ("Ada Moon\nGovernment\nAfrican Group\nBo Stone", ["Ada Moon", "Bo Stone"]),
    ],
)  # fmt: skip
def test_a_field_names_as_many_people_as_it_says(line: str, names: list[str]) -> None:
    """Ensure lists of names are parted, and posts, bodies and regions are nobody's names."""
    page = read_page(f"{HEAD}Speakers\n{line}\n\nDescription\nWords.")

    assert [one.name for one in page.speakers] == names
