"""The content of a document, prepared for typesetting. Pure."""

from collections.abc import Mapping
from functools import partial

from services.casework.paper.rules import words
from services.casework.paper.rules.words import Say, Words
from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import (
    GIVEN,
    TARGET,
    Change,
    Letters,
    Tree,
    boxes,
    drawable,
    each_text,
    set_ready,
)


def page_view(
    content: Mapping[str, Tree],
    language: Language,
    written_in: Language,
    letters: Letters,
) -> Tree:
    """The data for the template: all texts with characters that the font has, and
    whether the font has all of them.

    Texts of people are in the language `written_in`,
    which may differ from the document's.
    """
    say = Say(language)
    data: Tree = {
        **content,
        "language": language,
        "written_in": written_in,
        "page": [say(words.PAGE), say(words.OF)],
    }
    make_drawable = partial(drawable, letters=letters)
    set_user_text = partial(set_ready, letters=letters, language=written_in)
    # Titles and alternative texts are not broken into lines,
    # so they need no line preparation.
    ways: dict[str, Change] = {
        GIVEN: set_user_text,
        TARGET: str,
        "title": make_drawable,
        "alt": make_drawable,
    }
    set_text = partial(set_ready, letters=letters, language=language)
    texts = each_text(data, set_text, ways)
    return {"said": texts, "is_lossless": boxes(texts) == boxes(data)}


def note(say: Say, replaced: Words) -> Tree:
    """The note at the end of a document in which characters were replaced by boxes."""
    return {"heading": say(words.NOTE), "text": say(replaced)}
