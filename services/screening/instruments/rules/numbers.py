"""How numbers are written in a language. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

from services.screening.instruments.rules.decimals import exact, half_up

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
    """A number with up to two decimals, rounded half up, in Polish after a comma.

    >>> [written(each, "pl") for each in (1.5, 22.0, 1.005, None)]
    ['1,5', '22', '1,01', '–']
    """
    if value is None:
        return "–"
    text = f"{half_up(exact(value), 2):.2f}".rstrip("0").removesuffix(".")
    return text.replace(".", ",") if language == "pl" else text
