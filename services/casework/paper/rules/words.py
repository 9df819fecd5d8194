"""Words in both languages, and those that every document needs. Pure."""

from typing import NamedTuple

from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import GIVEN, Tree


class Words(NamedTuple):
    """The same in both languages."""

    pl: str
    en: str

    def said(self, language: Language) -> str:
        """The one of this language."""
        return self.pl if language == "pl" else self.en


class Say(NamedTuple):
    """Says words in the language of the document."""

    language: Language

    def __call__(self, said: Words) -> str:
        """The words in this language."""
        return said.said(self.language)


def given(text: str) -> Tree:
    """A text that people wrote; None for nothing."""
    return {GIVEN: text.strip()} if text.strip() else None


PAGE = Words("Strona", "Page")
OF = Words("z", "of")
NOTE = Words("Uwaga do druku", "A note on printing")
