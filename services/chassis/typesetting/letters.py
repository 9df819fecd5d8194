"""Text in the letters of a typeface. Pure."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from json import dumps
from typing import TypeAlias

from services.chassis.ground.problems import Language
from services.chassis.typesetting.spoken import NBSP

Tree: TypeAlias = "str | int | bool | Sequence[Tree] | Mapping[str, Tree] | None"
"""A value of JSON."""
Change = Callable[[str], str]
GIVEN = "given"
"""The key of a text that people wrote:
its language is theirs, whatever the document's is.
"""
TARGET = "to"
"""The key of an address, which is not printed."""
REPLACEMENT = "□"
BREAK = "\N{ZERO WIDTH SPACE}"
# A longer word could run over the edge of a narrow column.
LONGEST_UNBROKEN = 24
_INVISIBLE = {"Cc", "Cf"}
LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
# Polish typesetting leaves no such word at the end of a line.
_ONE_LETTER_WORD = re.compile(r"(?<!\w)([aiouwz]) (?=\S)", re.IGNORECASE)
_UNBROKEN = re.compile(rf"[^\s-]{{{LONGEST_UNBROKEN}}}(?=[^\s-])")


class Letters(dict[int, str]):
    """The printed form of each code point, for `str.translate`;
    computed when it is first met.
    """

    def __init__(self, drawn: Collection[int]) -> None:
        # The only two controls that have an effect on paper.
        super().__init__({ord("\n"): "\n", ord("\t"): " "})
        self.drawn = drawn

    def __missing__(self, code: int) -> str:
        """The letter itself, nothing for an invisible one, or a box."""
        letter = chr(code)
        category = unicodedata.category(letter)
        glyph = letter if code in self.drawn else REPLACEMENT
        if category in _INVISIBLE:
            glyph = ""
        # A blank that the typeface lacks is a blank all the same.
        elif category == "Zs" and glyph == REPLACEMENT:
            glyph = " "
        self[code] = glyph
        return glyph


def drawable(text: str, letters: Letters) -> str:
    """The text composed (NFC), with a box for every letter that the typeface lacks.

    Characters without a picture are left out: controls, marks of direction, joiners.
    """
    lines = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    return lines.translate(letters)


def unbroken(text: str, language: Language) -> str:
    """The text with no line end after one-letter words,
    and with possible ones in endless words.
    """
    if language == "pl":
        text = _ONE_LETTER_WORD.sub(rf"\1{NBSP}", text)
    return _UNBROKEN.sub(rf"\g<0>{BREAK}", text)


def set_ready(text: str, letters: Letters, language: Language) -> str:
    """The text for typesetting: in letters that can be drawn, with line ends."""
    return unbroken(drawable(text, letters), language)


def each_text(tree: Tree, change: Change, ways: Mapping[str, Change]) -> Tree:
    """The same tree with every text changed;
    those below a key of `ways` by its own function.
    """
    if isinstance(tree, str):
        return change(tree)
    if isinstance(tree, dict):
        return {
            key: each_text(part, ways.get(key, change), ways)
            for key, part in tree.items()
        }
    if isinstance(tree, list | tuple):
        return [each_text(part, change, ways) for part in tree]
    return tree


def boxes(tree: Tree) -> int:
    """The number of boxes in the texts of a tree."""
    return dumps(tree, ensure_ascii=False).count(REPLACEMENT)
