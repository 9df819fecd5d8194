"""The format of numbers in a language. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

from services.screening.instruments.rules.decimals import exact, half_up

Language = Literal["pl", "en"]
LOCALES: Mapping[Language, Mapping[str, Any]] = {
    # Vega requires all of these members; `currency` is empty because no number
    # here is money.
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
"""The value of `config.locale` in a Vega-Lite document, so that its numbers look as in the text."""


def written(value: float | None, language: Language) -> str:
    """A number with up to two decimals, rounded half up; in Polish with a decimal comma.

    >>> [written(each, "pl") for each in (1.5, 22.0, 1.005, None)]
    ['1,5', '22', '1,01', '–']
    """
    if value is None:
        return "–"
    text = f"{half_up(exact(value), 2):.2f}".rstrip("0").removesuffix(".")
    return text.replace(".", ",") if language == "pl" else text
