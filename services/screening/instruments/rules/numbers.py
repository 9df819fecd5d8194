"""How numbers are written in a language. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

Language = Literal["pl", "en"]
LOCALES: Mapping[Language, Mapping[str, Any]] = {
    # The members that Vega asks for: a number here is no money.
    "pl": {
        "number": {
            "decimal": ",",
            "thousands": "\u00a0",
            "grouping": [3],
            "currency": ["", ""],
        }
    },
    "en": {},
}
"""What a Vega-Lite document has in `config.locale`: a picture counts as its text does."""


def written(value: float | None, language: Language) -> str:
    """A number with up to two decimals, in Polish after a comma.

    >>> [written(each, "pl") for each in (1.5, 22.0, None)]
    ['1,5', '22', '–']
    """
    text = "–" if value is None else f"{round(value, 2):g}"
    return text.replace(".", ",") if language == "pl" else text
