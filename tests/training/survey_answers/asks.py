"""Requests to answers of surveys."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.surveys import asks as surveys

_GIVEN = {"answers": {"pace": "right", "usefulness": 4}}


async def prepare(target: Target, make: Make) -> None:
    """A survey that is open, or closed for whoever reads its results."""
    await surveys.prepare(target, make)
    at = surveys.path(target)
    survey = await make(f"{at}/open", {}, target["survey"])
    if target.is_for("read_survey_results"):
        survey = await make(f"{at}/close", {}, survey)
    target.made["survey"] = survey


ASKS: Asks = {
    "answer_survey": lambda target: Ask("POST", f"{surveys.path(target)}/answer", _GIVEN),
    "close_survey": lambda target: Ask("POST", f"{surveys.path(target)}/close", {}, target["survey"]),
    "read_survey_results": asks_to_read(lambda target: f"{surveys.path(target)}/results"),
}
