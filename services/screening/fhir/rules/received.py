"""A FHIR R4 QuestionnaireResponse as the facts of a screening.

A fault has the place of a value in the resource, never the value.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from services.screening.fhir.rules.extensions import (
    EXTENSIONS,
    REQUIRED,
    SOURCE,
    URL_OF,
    Extension,
)
from services.screening.fhir.rules.received_answers import Json, Misread, read_answer
from services.screening.fhir_questionnaires.rules.questionnaires import read_canonical
from services.screening.instruments.rules.ages import completed_months
from services.screening.instruments.rules.plans import FormPlan
from services.screening.screening_imports.rules.cells import last_day

PLACES: Mapping[str, str] = {
    "/instrument_code": "/questionnaire",
    "/instrument_version": "/questionnaire",
    "/form_code": "/questionnaire",
    "/subject_ref": "/subject/identifier/value",
    "/source": "/identifier/system",
    "/external_id": "/identifier/value",
    "/submission/administered_on": "/authored",
    "/answers": "/item",
}
"""The place in the resource of each pointer into a screening.

All other facts are in extensions.
"""


class Received(NamedTuple):
    """The facts of a screening, the place of each in the resource, and the faults.

    `faults` are places with codes, `missing` the URLs of missing extensions.
    """

    facts: dict[str, Any]
    places: dict[str, str]
    faults: list[tuple[str, str]]
    missing: list[str]


def received(resource: Json, form: FormPlan, civil_time: tzinfo) -> Received:
    """The facts in a resource.

    A response in progress has neither the day of screening nor the child's age: they
    come with its submission.
    """
    instrument, form_code, number = read_canonical(resource["questionnaire"])
    facts = {
        "instrument_code": instrument,
        "instrument_version": number,
        "form_code": form_code,
        "subject_ref": resource["subject"]["identifier"]["value"],
    }
    if "identifier" in resource:
        identifier = resource["identifier"]
        facts["source"] = identifier["system"].removeprefix(SOURCE)
        facts["external_id"] = identifier["value"]
    # A copy of PLACES: the places of this resource's extensions and items are
    # added to it.
    response = Received(facts, dict(PLACES), [], [])
    submission = _read_extensions(response, resource)
    if _is_completed(resource):
        _read_submission(response, submission, resource.get("authored"), civil_time)
    _read_items(response, resource.get("item", []), instrument, form)
    return response


def _is_completed(resource: Json) -> bool:
    return bool(resource["status"] == "completed")


def _read_extensions(response: Received, resource: Json) -> dict[str, Any]:
    """Add the facts of the extensions to the response; return those that belong to a submission."""
    submission: dict[str, Any] = {}
    for number, extension in enumerate(resource.get("extension", [])):
        place, extension_type = f"/extension/{number}", EXTENSIONS.get(extension["url"])
        if extension_type is None:
            response.faults.append((f"{place}/url", "unknown"))
            continue
        facts = submission if extension_type.is_of_submission else response.facts
        fault = _fault_of(extension_type, extension, facts)
        if extension_type.is_of_submission and not _is_completed(resource):
            # A draft has no column for these: the day of birth is not stored, not even
            # for a short time.
            fault = fault or "not_allowed"
        if fault is not None:
            response.faults.append((place, fault))
            continue
        pointer = f"/{extension_type.field}"
        if extension_type.is_of_submission:
            pointer = f"/submission/{extension_type.field}"
        response.places[pointer] = f"{place}/{extension_type.member}"
        facts[extension_type.field] = extension[extension_type.member]
    missing = REQUIRED - response.facts.keys()
    response.missing.extend(sorted(URL_OF[field] for field in missing))
    return submission


def _fault_of(
    extension_type: Extension, extension: Json, facts: Mapping[str, Any]
) -> str | None:
    if extension_type.field in facts:
        return "repeated"
    return None if extension.keys() == {"url", extension_type.member} else "wrong_type"


def _read_submission(
    response: Received,
    submission: dict[str, Any],
    authored: str | None,
    civil_time: tzinfo,
) -> None:
    """Add the day of the screening and the day of birth to the response."""
    try:
        on = _civil_day(authored, civil_time)
        if "birth_month" in submission or "age_months" in submission:
            submission["born_on"] = _born_on(response, submission, on)
    except Misread as fault:
        response.faults.append((fault.place, fault.code))
        return
    if "born_on" not in submission:
        response.missing.append(URL_OF["born_on"])
    response.facts["submission"] = submission | {"administered_on": on}


def _civil_day(authored: str | None, civil_time: tzinfo) -> date:
    """The day in `authored`, or the civil day of the instant there."""
    if authored is None:
        raise Misread("/authored", "missing")
    try:
        if "T" in authored:
            return datetime.fromisoformat(authored).astimezone(civil_time).date()
        return date.fromisoformat(authored)
    except (ValueError, OverflowError):
        raise Misread("/authored", "wrong_format") from None


def _born_on(response: Received, submission: dict[str, Any], on: date) -> date:
    """A day of birth in this month that gives this age; only the month and the age are stored."""
    places = response.places
    if "born_on" in submission:
        raise Misread(places["/submission/born_on"], "not_allowed")
    month = submission.pop("birth_month", None)
    months = submission.pop("age_months", None)
    if month is None or months is None:
        field = "birth_month" if month is None else "age_months"
        response.missing.append(URL_OF[field])
        # Any day will do: the resource is refused because an extension is missing.
        return on
    # Later errors about the day of birth must point to the month that was sent.
    place = places["/submission/born_on"] = places["/submission/birth_month"]
    if len(month) != len("2024-03"):
        raise Misread(place, "wrong_format")
    first = date.fromisoformat(f"{month}-01")
    last = last_day(first)
    highest, lowest = completed_months(first, on), completed_months(last, on)
    if not lowest <= months <= highest:
        code = "too_large" if months > highest else "too_small"
        raise Misread(places["/submission/age_months"], code)
    # Within one month ages differ by at most one, so one end of the month has the age.
    return first if months == highest else last


class _Item(NamedTuple):
    """An item that can have an answer, with its place and its group (None outside of a group)."""

    place: str
    group: str | None
    content: Json


def _read_items(
    response: Received, items: list[Json], instrument: str, form: FormPlan
) -> None:
    leaves = {leaf.code: leaf for leaf in form.leaves}
    groups = {leaf.item for leaf in form.leaves} - leaves.keys()
    answers: dict[str, Any] = {}
    for place, group, item in _answerable_items(response, items, groups):
        try:
            leaf = leaves.get(item["linkId"])
            if leaf is None or group != (None if leaf.item == leaf.code else leaf.item):
                raise Misread(f"{place}/linkId", "unknown")
            if leaf.code in answers:
                raise Misread(f"{place}/linkId", "repeated")
            answers[leaf.code] = read_answer(leaf, item, instrument, place)
            response.places[f"/answers/{leaf.code}"] = place
        except Misread as fault:
            response.faults.append((fault.place, fault.code))
    # FHIR allows an item without an answer: it counts as not answered.
    response.facts["answers"] = {
        code: answer for code, answer in answers.items() if answer is not None
    }


def _answerable_items(
    response: Received, items: list[Json], groups: set[str]
) -> Iterator[_Item]:
    """Every item that can have an answer.

    A member that a group or a single item may not have is added to the faults.
    """
    for number, item in enumerate(items):
        place, is_group = f"/item/{number}", item["linkId"] in groups
        for member in ("answer", "extension") if is_group else ("item",):
            if member in item:
                response.faults.append((f"{place}/{member}", "not_allowed"))
        # FHIR nests the rows of a matrix in a group; screenings store only the rows.
        if not is_group:
            yield _Item(place, None, item)
            continue
        for row, inner in enumerate(item.get("item", [])):
            yield _Item(f"{place}/item/{row}", item["linkId"], inner)
