"""What a document says, made ready to be set on pages. Pure."""

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
    said: Mapping[str, Tree], language: Language, written_in: Language, letters: Letters
) -> Tree:
    """Everything that the pages say, in the letters that the face has, and whether it has them all.

    People wrote in the language `written_in`, whatever the document's is.
    """
    say = Say(language)
    whole: Tree = {
        **said,
        "language": language,
        "written_in": written_in,
        "page": [say(words.PAGE), say(words.OF)],
    }
    shown = partial(drawable, letters=letters)
    given = partial(set_ready, letters=letters, language=written_in)
    # What stands on no line needs no help with its ends.
    ways: dict[str, Change] = {GIVEN: given, TARGET: str, "title": shown, "alt": shown}
    own = partial(set_ready, letters=letters, language=language)
    ready = each_text(whole, own, ways)
    return {"said": ready, "is_lossless": boxes(ready) == boxes(whole)}


def note(say: Say, replaced: Words) -> Tree:
    """What stands at the end of a document in which letters were replaced by boxes."""
    return {"heading": say(words.NOTE), "text": say(replaced)}
