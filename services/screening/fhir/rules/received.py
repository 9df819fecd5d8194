"""A FHIR R4 QuestionnaireResponse as the facts of a screening. Pure; what is wrong is named by where it stands."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from services.screening.fhir.rules.extensions import (
    EXTENSIONS,
    NO_ANSWER,
    NONE_CHOSEN,
    REQUIRED,
    SOURCE,
    URL_OF,
)
from services.screening.fhir.rules.questionnaires import (
    NO_ANSWERS,
    named,
    options_system,
)
from services.screening.instruments.rules.ages import completed_months
from services.screening.instruments.rules.answers import Leaf
from services.screening.instruments.rules.items import ItemType
from services.screening.instruments.rules.plans import FormPlan
from services.screening.screening_imports.rules.cells import last_day

Given = Mapping[str, Any]
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
"""Where in the resource stands what a screening calls so; all else stands in an extension."""


class Misread(Exception):
    """Something in the resource cannot be read: where it stands and a code, never the value."""


class Received(NamedTuple):
    """The facts of a screening and where each stands; or what is wrong, and the extensions that are missing."""

    facts: dict[str, Any]
    places: dict[str, str]
    faults: list[tuple[str, str]]
    missing: list[str]


def received(given: Given, form: FormPlan, civil_time: tzinfo) -> Received:
    """What a resource says. Of a response in progress the day and the child's age are said when it is submitted."""
    instrument, form_code, number = named(given["questionnaire"])
    told = Received(
        {
            "instrument_code": instrument,
            "instrument_version": number,
            "form_code": form_code,
            "subject_ref": given["subject"]["identifier"]["value"],
        },
        dict(PLACES),
        [],
        [],
    )
    if "identifier" in given:
        told.facts["source"] = given["identifier"]["system"].removeprefix(SOURCE)
        told.facts["external_id"] = given["identifier"]["value"]
    is_completed = given["status"] == "completed"
    submission = _read_extensions(
        told, given.get("extension", []), is_completed=is_completed
    )
    if is_completed:
        _read_submission(told, submission, given.get("authored"), civil_time)
    _read_items(told, given.get("item", []), instrument, form)
    return told


def _read_extensions(
    told: Received, extensions: list[Given], *, is_completed: bool
) -> dict[str, Any]:
    """Facts by extension; those that only a submission has are answered."""
    submission: dict[str, Any] = {}
    for place, extension in enumerate(extensions):
        at, known = f"/extension/{place}", EXTENSIONS.get(extension["url"])
        if known is None:
            told.faults.append((f"{at}/url", "unknown"))
            continue
        pointer = (
            f"/submission/{known.field}"
            if known.is_of_submission
            else f"/{known.field}"
        )
        facts = submission if known.is_of_submission else told.facts
        if known.field in facts:
            told.faults.append((at, "repeated"))
        elif extension.keys() != {"url", known.member}:
            told.faults.append((at, "wrong_type"))
        elif known.is_of_submission and not is_completed:
            told.faults.append((at, "not_allowed"))
        else:
            told.places[pointer] = f"{at}/{known.member}"
            facts[known.field] = extension[known.member]
    told.missing.extend(sorted(URL_OF[field] for field in REQUIRED - told.facts.keys()))
    return submission


def _read_submission(
    told: Received, submission: dict[str, Any], authored: str | None, civil_time: tzinfo
) -> None:
    try:
        on = _civil_day(authored, civil_time)
        if "birth_month" in submission or "age_months" in submission:
            submission["born_on"] = _born_on(told, submission, on)
    except Misread as fault:
        told.faults.append(fault.args[0])
        return
    if "born_on" not in submission:
        told.missing.append(URL_OF["born_on"])
    told.facts["submission"] = submission | {"administered_on": on}


def _civil_day(authored: str | None, civil_time: tzinfo) -> date:
    """The day as written, or the civil day of an instant."""
    if authored is None:
        raise Misread(("/authored", "missing"))
    try:
        if "T" in authored:
            return datetime.fromisoformat(authored).astimezone(civil_time).date()
        return date.fromisoformat(authored)
    except (ValueError, OverflowError):
        raise Misread(("/authored", "wrong_format")) from None


def _born_on(told: Received, submission: dict[str, Any], on: date) -> date:
    """A day of the month that makes the child as old as is said: only month and age are kept of it."""
    if "born_on" in submission:
        raise Misread((told.places["/submission/born_on"], "not_allowed"))
    month, months = (
        submission.pop("birth_month", None),
        submission.pop("age_months", None),
    )
    if month is None or months is None:
        told.missing.append(URL_OF["birth_month" if month is None else "age_months"])
        return on
    at = told.places["/submission/born_on"] = told.places["/submission/birth_month"]
    if len(month) != len("2024-03"):
        raise Misread((at, "wrong_format"))
    first = date.fromisoformat(f"{month}-01")
    highest, lowest = completed_months(first, on), completed_months(last_day(first), on)
    if not lowest <= months <= highest:
        raise Misread(
            (
                told.places["/submission/age_months"],
                "too_large" if months > highest else "too_small",
            )
        )
    return first if months == highest else last_day(first)


def _read_items(
    told: Received, items: list[Given], instrument: str, form: FormPlan
) -> None:
    leaves = {leaf.code: leaf for leaf in form.leaves}
    answers: dict[str, Any] = {}
    for at, group, item in _flat(
        told, items, {leaf.item for leaf in form.leaves} - leaves.keys()
    ):
        try:
            leaf = leaves.get(item["linkId"])
            if leaf is None or group != (None if leaf.item == leaf.code else leaf.item):
                raise Misread((f"{at}/linkId", "unknown"))
            if leaf.code in answers:
                raise Misread((f"{at}/linkId", "repeated"))
            answers[leaf.code] = _answer(leaf, item, instrument, at)
            told.places[f"/answers/{leaf.code}"] = at
        except Misread as fault:
            told.faults.append(fault.args[0])
    told.facts["answers"] = {
        code: answer for code, answer in answers.items() if answer is not None
    }


def _flat(
    told: Received, items: list[Given], groups: set[str]
) -> Iterator[tuple[str, str | None, Given]]:
    """Every item that may be answered, with its place and the group that it stands in."""
    for number, item in enumerate(items):
        at, is_group = f"/item/{number}", item["linkId"] in groups
        for wrong in ("answer", "extension") if is_group else ("item",):
            if wrong in item:
                told.faults.append((f"{at}/{wrong}", "not_allowed"))
        if not is_group:
            yield at, None, item
        for row, inner in enumerate(item.get("item", []) if is_group else []):
            yield f"{at}/item/{row}", item["linkId"], inner


def _answer(leaf: Leaf, item: Given, instrument: str, at: str) -> Any:
    """The answer to an item; None when it has none."""
    given = item.get("answer", [])
    if "extension" in item:
        return _no_answer(
            leaf, item["extension"], f"{at}/extension", has_answer=bool(given)
        )
    member = member_of(leaf)
    for number, one in enumerate(given):
        if one.keys() != {member}:
            raise Misread((f"{at}/answer/{number}", "wrong_type"))
    if member == "valueCoding":
        return _chosen(leaf, given, instrument, f"{at}/answer")
    if len(given) > 1:
        raise Misread((f"{at}/answer/1", "repeated"))
    value = given[0][member] if given else None
    return value.isoformat() if isinstance(value, date) else value


def member_of(leaf: Leaf) -> str:
    """What holds the answer to an item of this kind."""
    if leaf.type == ItemType.NUMBER:
        return "valueInteger" if leaf.is_whole else "valueDecimal"
    return {ItemType.DATE: "valueDate", ItemType.TEXT: "valueString"}.get(
        leaf.type, "valueCoding"
    )


def _no_answer(
    leaf: Leaf, extensions: list[Given], at: str, *, has_answer: bool
) -> str | list[str]:
    code = extensions[0].get("valueCode")
    if has_answer or len(extensions) > 1:
        raise Misread((at, "not_allowed"))
    if extensions[0]["url"] != NO_ANSWER:
        raise Misread((f"{at}/0/url", "unknown"))
    if extensions[0].keys() != {"url", "valueCode"}:
        raise Misread((f"{at}/0", "wrong_type"))
    if code == NONE_CHOSEN and leaf.type == ItemType.MULTI_SELECT:
        return []
    if code not in leaf.no_answers:
        raise Misread((f"{at}/0/valueCode", "not_listed"))
    return str(code)


def _chosen(
    leaf: Leaf, given: list[Given], instrument: str, at: str
) -> str | list[str] | None:
    """The codes that were chosen, each of the item's own code system; or why none was."""
    codes = [one["valueCoding"]["code"] for one in given]
    known = {
        options_system(instrument, leaf.code): leaf.known.keys(),
        NO_ANSWERS: leaf.no_answers,
    }
    for number, one in enumerate(given):
        coding = f"{at}/{number}/valueCoding"
        if one["valueCoding"]["system"] not in known:
            raise Misread((f"{coding}/system", "not_listed"))
        if one["valueCoding"]["code"] not in known[one["valueCoding"]["system"]]:
            raise Misread((f"{coding}/code", "not_listed"))
    refuses = any(one["valueCoding"]["system"] == NO_ANSWERS for one in given)
    if len(codes) > 1 and (refuses or leaf.type != ItemType.MULTI_SELECT):
        raise Misread((f"{at}/1", "repeated"))
    if leaf.type == ItemType.MULTI_SELECT and codes and not refuses:
        return codes
    return codes[0] if codes else None
