"""A FHIR R4 QuestionnaireResponse as the facts of a screening.

What is wrong is named by where it stands, never by its value.
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
"""Where in the resource stands what a screening calls so.

All else stands in an extension.
"""


class Received(NamedTuple):
    """The facts of a screening and where each stands.

    What is wrong, and what is missing.

    `faults` are places with codes, `missing` the addresses of extensions.
    """

    facts: dict[str, Any]
    places: dict[str, str]
    faults: list[tuple[str, str]]
    missing: list[str]


def received(resource: Json, form: FormPlan, civil_time: tzinfo) -> Received:
    """What a resource says.

    A response in progress does not say the day and the child's age: its submission
    does.
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
    # A copy: the places of this resource's extensions and items are added to it.
    response = Received(facts, dict(PLACES), [], [])
    submission = _read_extensions(response, resource)
    if _is_completed(resource):
        _read_submission(response, submission, resource.get("authored"), civil_time)
    _read_items(response, resource.get("item", []), instrument, form)
    return response


def _is_completed(resource: Json) -> bool:
    return bool(resource["status"] == "completed")


def _read_extensions(response: Received, resource: Json) -> dict[str, Any]:
    """Keep the facts by extension; those that only a submission has are returned."""
    submission: dict[str, Any] = {}
    for number, extension in enumerate(resource.get("extension", [])):
        place, known = f"/extension/{number}", EXTENSIONS.get(extension["url"])
        if known is None:
            response.faults.append((f"{place}/url", "unknown"))
            continue
        facts = submission if known.is_of_submission else response.facts
        fault = _fault_of(known, extension, facts)
        if known.is_of_submission and not _is_completed(resource):
            # A draft has no place for these: the day of birth is not stored, not even
            # for a while.
            fault = fault or "not_allowed"
        if fault is not None:
            response.faults.append((place, fault))
            continue
        pointer = f"/{known.field}"
        if known.is_of_submission:
            pointer = f"/submission/{known.field}"
        response.places[pointer] = f"{place}/{known.member}"
        facts[known.field] = extension[known.member]
    missing = REQUIRED - response.facts.keys()
    response.missing.extend(sorted(URL_OF[field] for field in missing))
    return submission


def _fault_of(
    known: Extension, extension: Json, facts: Mapping[str, Any]
) -> str | None:
    if known.field in facts:
        return "repeated"
    return None if extension.keys() == {"url", known.member} else "wrong_type"


def _read_submission(
    response: Received,
    submission: dict[str, Any],
    authored: str | None,
    civil_time: tzinfo,
) -> None:
    """Keep the day of the screening and the day of birth."""
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
    """The day as written, or the civil day of an instant."""
    if authored is None:
        raise Misread("/authored", "missing")
    try:
        if "T" in authored:
            return datetime.fromisoformat(authored).astimezone(civil_time).date()
        return date.fromisoformat(authored)
    except (ValueError, OverflowError):
        raise Misread("/authored", "wrong_format") from None


def _born_on(response: Received, submission: dict[str, Any], on: date) -> date:
    """A day of birth in this month that gives this age: only month and age are kept of it."""
    places = response.places
    if "born_on" in submission:
        raise Misread(places["/submission/born_on"], "not_allowed")
    month = submission.pop("birth_month", None)
    months = submission.pop("age_months", None)
    if month is None or months is None:
        field = "birth_month" if month is None else "age_months"
        response.missing.append(URL_OF[field])
        # Any day serves here: what is missing refuses the resource anyway.
        return on
    # What is found wrong with the day later on is wrong with the month that was sent.
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
    """An item that may be answered, its place, and the group that it stands in."""

    place: str
    group: str | None
    content: Json


def _read_items(
    response: Received, items: list[Json], instrument: str, form: FormPlan
) -> None:
    leaves = {leaf.code: leaf for leaf in form.leaves}
    groups = {leaf.item for leaf in form.leaves} - leaves.keys()
    answers: dict[str, Any] = {}
    for place, group, item in _flat(response, items, groups):
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
    # FHIR lets an item be sent without an answer: it counts as not answered.
    response.facts["answers"] = {
        code: answer for code, answer in answers.items() if answer is not None
    }


def _flat(response: Received, items: list[Json], groups: set[str]) -> Iterator[_Item]:
    """Every item that may be answered.

    What a group or a single item may not have is a fault.
    """
    for number, item in enumerate(items):
        place, is_group = f"/item/{number}", item["linkId"] in groups
        for member in ("answer", "extension") if is_group else ("item",):
            if member in item:
                response.faults.append((f"{place}/{member}", "not_allowed"))
        # FHIR repeats the group around the rows of a matrix; screenings keep the rows alone.
        if not is_group:
            yield _Item(place, None, item)
            continue
        for row, inner in enumerate(item.get("item", [])):
            yield _Item(f"{place}/item/{row}", item["linkId"], inner)
