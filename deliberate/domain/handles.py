"""How a name is typed after an at sign: its letters and digits, joined by hyphens.

"Ada Lovelace" is mentioned as `@ada-lovelace`, "علي حسن" as `@علي-حسن`: nothing has to be looked
up, no key is needed that a phone hides, and every script works. Who is meant is decided among
the participants of one discussion only.
"""

import unicodedata
from itertools import groupby


def to_handle(name: str) -> str:
    """The handle of a name, or of what was typed for one; empty where nothing is left.

    Capitals, accents and compatible forms of letters make no difference (Unicode NFKD and case
    folding), so that a plain keyboard is enough.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    spelled = "".join(sign for sign in folded if unicodedata.category(sign) != "Mn")
    words = ("".join(part) for kept, part in groupby(spelled, _stays) if kept)
    return "-".join(words)


def _stays(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"
