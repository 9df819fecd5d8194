"""Requests that move a case. Most are refused for what the case lacks: who may ask is what is tried here."""

from collections.abc import Callable

from tests.casework.cases import asks as cases
from tests.casework.cases.asks import prepare as prepare
from tests.support.asks import Ask, Asks, Target

VERBS = {
    "consent_to_case": "consent",
    "assess_case": "assess",
    "consult_team": "consult-team",
    "agree_plan": "agree-plan",
    "start_case": "start",
    "review_case": "review",
    "resume_case": "resume",
    "close_case": "close",
    "reopen_case": "reopen",
    "withdraw_case": "withdraw",
}


def _ask(verb: str) -> Callable[[Target], Ask]:
    lacks = {"consent": "case-not-ready", "withdraw": ""}.get(verb, "state-conflict")
    return lambda target: Ask(
        "POST",
        f"{cases.path(target)}/{verb}",
        {"reason": "x"},
        target["case"],
        out_of_reach="case-not-found",
        lacks=lacks,
    )


ASKS: Asks = {name: _ask(verb) for name, verb in VERBS.items()} | {
    "get_timeline": lambda target: Ask(
        "GET", f"{cases.path(target)}/timeline", out_of_reach="case-not-found", related=cases.related(target)
    )
}
