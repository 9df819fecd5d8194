"""Which characters a text may hold: in a request, and in a cell of a file."""

import re
import unicodedata

# Control, invisible, direction-changing, private and unassigned characters.
_REFUSED = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
# No language of our users needs more on a letter; a stack would cover other lines.
MOST_MARKS = 4
# From here on there are marks that combine with a letter.
_MAY_COMBINE = re.compile("[\u0300-\U0010ffff]")


def plain_text(text: str) -> str | None:
    """The text in NFC; None for a character that is not allowed, or a stack of marks."""
    # Most texts: nothing in them can be wrong or written in two ways.
    if text.isascii() and text.isprintable():
        return text
    # Equal names become equal texts, on whatever keyboard they were typed.
    text = unicodedata.normalize("NFC", text)
    if text.isprintable() and not _MAY_COMBINE.search(text):
        return text
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in _REFUSED and character != "\n":
            return None
        marks = marks + 1 if category.startswith("M") else 0
        if marks > MOST_MARKS:
            return None
    return text
