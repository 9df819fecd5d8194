"""The answers of a FHIR R4 QuestionnaireResponse, each by the kind of its item."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.screening.fhir.rules.extensions import NO_ANSWER, NONE_CHOSEN
from services.screening.fhir_questionnaires.rules.conditions import NO_ANSWERS
from services.screening.fhir_questionnaires.rules.questionnaires import (
    member_of,
    options_system,
)
from services.screening.instruments.rules.answers import Leaf
from services.screening.instruments.rules.items import ItemType

Json = Mapping[str, Any]
"""A resource, or a part of one."""


class Misread(Exception):
    """A part of the resource cannot be read: its place and a code, never its value."""

    def __init__(self, place: str, code: str) -> None:
        self.place, self.code = place, code
        super().__init__(place, code)


def read_answer(leaf: Leaf, item: Json, instrument: str, place: str) -> Any:
    """The answer to an item as screenings store it; None without an answer."""
    answers = item.get("answer", [])
    if "extension" in item:
        if answers:
            raise Misread(f"{place}/extension", "not_allowed")
        return _no_answer(leaf, item["extension"], f"{place}/extension")
    member = member_of(leaf)
    for number, answer in enumerate(answers):
        if answer.keys() != {member}:
            raise Misread(f"{place}/answer/{number}", "wrong_type")
    if member == "valueCoding":
        codings = [answer[member] for answer in answers]
        return _chosen_codes(leaf, codings, instrument, f"{place}/answer")
    if len(answers) > 1:
        raise Misread(f"{place}/answer/1", "repeated")
    # Answers are stored as JSON, which has no dates.
    value = answers[0][member] if answers else None
    return value.isoformat() if isinstance(value, date) else value


def _no_answer(leaf: Leaf, extensions: list[Json], place: str) -> str | list[str]:
    """The reason why there is no answer; [] for an empty selection, which is an answer."""
    if len(extensions) > 1:
        raise Misread(place, "not_allowed")
    extension = extensions[0]
    if extension["url"] != NO_ANSWER:
        raise Misread(f"{place}/0/url", "unknown")
    if extension.keys() != {"url", "valueCode"}:
        raise Misread(f"{place}/0", "wrong_type")
    code = extension["valueCode"]
    if code == NONE_CHOSEN and leaf.type == ItemType.MULTI_SELECT:
        return []
    if code not in leaf.no_answers:
        raise Misread(f"{place}/0/valueCode", "not_listed")
    return str(code)


def _chosen_codes(
    leaf: Leaf, codings: list[Json], instrument: str, place: str
) -> str | list[str] | None:
    """The chosen codes of the item's own code system, or the reason why there is no answer."""
    codes_by_system = {
        options_system(instrument, leaf.code): leaf.option_cells.keys(),
        NO_ANSWERS: leaf.no_answers,
    }
    for number, coding in enumerate(codings):
        at = f"{place}/{number}/valueCoding"
        if coding["system"] not in codes_by_system:
            raise Misread(f"{at}/system", "not_listed")
        if coding["code"] not in codes_by_system[coding["system"]]:
            raise Misread(f"{at}/code", "not_listed")
    codes = [coding["code"] for coding in codings]
    # A reason for no answer excludes any other code, and a single choice has
    # one code only.
    takes_several = leaf.type == ItemType.MULTI_SELECT
    is_refusal = any(coding["system"] == NO_ANSWERS for coding in codings)
    if len(codes) > 1 and (is_refusal or not takes_several):
        raise Misread(f"{place}/1", "repeated")
    if takes_several and codes and not is_refusal:
        return codes
    return codes[0] if codes else None
