"""Texts in both languages, and those that every document needs. Pure."""

from typing import NamedTuple

from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import GIVEN, Tree


class Words(NamedTuple):
    """The same text in both languages."""

    pl: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in this language."""
        return self.pl if language == "pl" else self.en


class Say(NamedTuple):
    """Returns texts in the language of the document."""

    language: Language

    def __call__(self, words: Words) -> str:
        """The text in this language."""
        return words.in_language(self.language)


def user_text(text: str) -> Tree:
    """A text that people wrote, marked as such; None where it is empty."""
    return {GIVEN: text.strip()} if text.strip() else None


PAGE = Words("Strona", "Page")
OF = Words("z", "of")
NOTE = Words("Uwaga do druku", "A note on printing")
