"""A screening as a FHIR R4 QuestionnaireResponse, and its scores as Observations.

The subject stays a pseudonym.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from services.screening.fhir.rules.extensions import (
    NO_ANSWER,
    NONE_CHOSEN,
    SOURCE,
    SUBJECT,
    extensions_of,
)
from services.screening.fhir_questionnaires.rules.conditions import NO_ANSWERS
from services.screening.fhir_questionnaires.rules.questionnaires import (
    canonical,
    member_of,
    options_system,
)
from services.screening.instruments.rules.answers import Leaf, read_cell
from services.screening.instruments.rules.items import ItemType
from services.screening.instruments.rules.plans import FormPlan, Plan
from services.screening.instruments.rules.scoring import Result, ScaleResult

_RESPONSE_STATUS = {"draft": "in-progress", "annulled": "entered-in-error"}
# A result that a person has confirmed is final; one that is only
# computed is preliminary.
_OBSERVATION_STATUS = {"confirmed": "final", "annulled": "cancelled"}
_PLAIN = {ItemType.NUMBER, ItemType.DATE, ItemType.TEXT}
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
# Part of every score: a diagnostic purpose could make the software a medical device
# (Regulation (EU) 2017/745, annex VIII, rule 11). In both languages, because an
# Observation may be read anywhere.
CAVEAT = (
    "To badanie przesiewowe, a nie diagnoza. / This is a screening, not a diagnosis."
)


class Screened(NamedTuple):
    """The content of a screening's resources."""

    id: str
    subject_ref: str
    state: str
    instrument: str
    number: int
    form: str
    administered_on: date | None
    recorded_at: datetime
    answers: Mapping[str, Any]
    facts: Mapping[str, Any] = {}
    """The facts for the extensions and the identifier, by column."""


def _subject(screened: Screened) -> dict[str, Any]:
    return {"identifier": {"system": SUBJECT, "value": screened.subject_ref}}


def _when(screened: Screened) -> str:
    # A draft has no day of screening yet.
    return (screened.administered_on or screened.recorded_at).isoformat()


def response_of(screened: Screened, form: FormPlan) -> dict[str, Any]:
    """The QuestionnaireResponse of a screening: codes and figures, no text of items.

    Free text is left out.
    """
    items: list[dict[str, Any]] = []
    for leaf in form.leaves:
        answer = _answer(leaf, screened)
        if not answer:
            continue
        answered = {"linkId": leaf.code, **answer}
        if leaf.code == leaf.item:
            items.append(answered)
        elif items and items[-1]["linkId"] == leaf.item:
            items[-1]["item"].append(answered)
        else:
            items.append({"linkId": leaf.item, "item": [answered]})
    extensions = extensions_of(screened.facts)
    return {
        "resourceType": "QuestionnaireResponse",
        "id": screened.id,
        **({"extension": extensions} if extensions else {}),
        **_identifier(screened.facts),
        "questionnaire": canonical(screened.instrument, screened.number, screened.form),
        "status": _RESPONSE_STATUS.get(screened.state, "completed"),
        "subject": _subject(screened),
        "authored": _when(screened),
        **({"item": items} if items else {}),
    }


def _identifier(facts: Mapping[str, Any]) -> dict[str, Any]:
    if facts.get("source") is None:
        return {}
    system = f"{SOURCE}{facts['source']}"
    return {"identifier": {"system": system, "value": facts["external_id"]}}


def _answer(leaf: Leaf, screened: Screened) -> dict[str, Any]:
    """The members of an item that hold its answer; empty without an answer.

    The reason for a missing answer is an extension if the kind of the item has no code
    for it. Answers of a draft that its form does not accept are left out.
    """
    answer = screened.answers.get(leaf.code)
    if answer is None or isinstance(read_cell(leaf, answer), str):
        return {}
    if leaf.type in _PLAIN and answer in leaf.no_answers:
        return {"extension": [{"url": NO_ANSWER, "valueCode": answer}]}
    # Free text may name people.
    if leaf.type == ItemType.TEXT:
        return {}
    if leaf.type in _PLAIN:
        return {"answer": [{member_of(leaf): answer}]}
    if answer == []:
        return {"extension": [{"url": NO_ANSWER, "valueCode": NONE_CHOSEN}]}
    codes = answer if isinstance(answer, list) else [answer]
    return {"answer": [_coded(leaf, str(code), screened) for code in codes]}


def _coded(leaf: Leaf, code: str, screened: Screened) -> dict[str, Any]:
    is_option = code not in leaf.no_answers
    options = options_system(screened.instrument, leaf.code)
    system = options if is_option else NO_ANSWERS
    return {"valueCoding": {"system": system, "code": code}}


def observation_of(
    screened: Screened, plan: Plan, result: Result, number: int
) -> dict[str, Any]:
    """The Observation of one scale of a result: preliminary until a person has confirmed it."""
    scale = result.scales[number]
    label = plan.scales[scale.code]
    system = f"urn:splot:instrument:{screened.instrument}:scales"
    return {
        "resourceType": "Observation",
        "id": f"{screened.id}.{number}",
        "status": _OBSERVATION_STATUS.get(screened.state, "preliminary"),
        "category": [{"coding": [{"system": _CATEGORY, "code": "survey"}]}],
        "code": {
            "coding": [{"system": system, "code": scale.code, "display": label.pl}],
            "text": label.pl,
        },
        "subject": _subject(screened),
        "effectiveDateTime": _when(screened),
        **_value(scale),
        **_interpretation(scale, system),
        "note": [{"text": CAVEAT}],
        "derivedFrom": [{"reference": f"QuestionnaireResponse/{screened.id}"}],
        **_components(scale, result.norm_set),
    }


def _value(scale: ScaleResult) -> dict[str, Any]:
    if scale.raw is not None:
        return {
            "valueQuantity": {
                "value": scale.raw,
                # A score has no unit: in UCUM braces mark an annotation.
                "unit": "{score}",
                "system": "http://unitsofmeasure.org",
                "code": "{score}",
            }
        }
    unknown = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
    return {"dataAbsentReason": {"coding": [{"system": unknown, "code": "unknown"}]}}


def _interpretation(scale: ScaleResult, system: str) -> dict[str, Any]:
    if scale.outcome is None:
        return {}
    codings = [{"system": "urn:splot:outcome", "code": str(scale.outcome)}]
    if scale.band is not None:
        codings.append({"system": f"{system}:{scale.code}:bands", "code": scale.band})
    return {"interpretation": [{"coding": codings}]}


def _components(scale: ScaleResult, norm_set: str | None) -> dict[str, Any]:
    """A component for each norm score, with the name of the score as its code."""
    scores = scale.norms._asdict() if scale.norms else {}
    components = [
        {
            "code": {
                "coding": [{"system": "urn:splot:norm-score", "code": name}],
                "text": f"{name} ({norm_set})",
            },
            "valueQuantity": {"value": value},
        }
        for name, value in scores.items()
        if value is not None
    ]
    return {"component": components} if components else {}
