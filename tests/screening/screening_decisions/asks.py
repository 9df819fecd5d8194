"""Requests to the decisions about screenings."""

from tests.screening.screenings.asks import path_of, prepare
from tests.support.asks import Ask, Asks

__all__ = ["ASKS", "prepare"]

ASKS: Asks = {
    "confirm_screening": lambda target: Ask(
        "POST", f"{path_of(target)}/confirm", {}, target["scored"], out_of_reach="screening-not-found"
    ),
    "confirm_screenings": lambda target: Ask(
        "POST",
        "/screenings:confirm",
        {"items": [{"id": target["scored"]["id"], "version": target["scored"]["version"]}]},
    ),
    "record_screening_consent": lambda target: Ask(
        "POST",
        f"{path_of(target)}/consent",
        {"consent_to_refer": True},
        target["scored"],
        out_of_reach="screening-not-found",
    ),
    "return_screening": lambda target: Ask(
        "POST",
        f"{path_of(target)}/return",
        {"reason": "brak strony"},
        target["scored"],
        out_of_reach="screening-not-found",
    ),
    "annul_screening": lambda target: Ask(
        "POST", f"{path_of(target)}/annul", {"reason": "pomyłka"}, target["scored"], out_of_reach="screening-not-found"
    ),
}
