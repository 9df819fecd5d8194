"""A file's rows, many at once: facts read, forms found, answers scored by column. Runs where no database is."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from services.chassis.files import Row, RowProblem
from services.screening.instruments.rules.ages import completed_months
from services.screening.instruments.rules.answers import answers_from_cells
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.norms import NormDocument, Norms, compile_norms
from services.screening.instruments.rules.plans import Plan, compile_plan
from services.screening.instruments.rules.scoring import Result
from services.screening.instruments.rules.vectors import score_many
from services.screening.screening_imports.rules import cells
from services.screening.screenings.rules.states import State
from services.screening.screenings.rules.subjects import age_on, chosen_form, contradictions

STAGING: Mapping[str, str] = {
    "external_id": "text",
    "subject_ref": "uuid",
    "birth_month": "date",
    "age_months": "integer",
    "sex": "text",
    "county_terc": "text",
    "institution_id": "uuid",
    "implementer": "text",
    "form_code": "text",
    "informant": "text",
    "administered_on": "date",
    "has_consent": "boolean",
    "state": "text",
    "answers": "jsonb",
    "result": "jsonb",
    "outcome": "text",
}
READERS: Mapping[str, Callable[[str], Any]] = {
    "external_id": cells.line,
    "subject_ref": cells.identifier,
    "born_on": cells.day,
    "birth_month": cells.month,
    "age_months": cells.count,
    "gestation_weeks": cells.weeks,
    "sex": cells.sex,
    "county_terc": cells.county,
    "institution_id": cells.identifier,
    "implementer": cells.line,
    "form_code": cells.line,
    "informant": cells.informant,
    "administered_on": cells.day,
    "consent_to_refer": cells.flag,
    "answers": cells.answers,
}
REQUIRED = ("external_id", "subject_ref", "sex", "county_terc", "informant", "administered_on")
_OPTIONAL_CELLS = {"sex"}
_UNKNOWN_SEX = "unknown"


class Known(NamedTuple):
    """A row that could be read: what it says, and its form."""

    facts: dict[str, Any]
    birth_month: date
    age_months: int
    form: str
    answers: dict[str, Any]


class Judge:
    """The rule of one import: the instrument's plan, the norms in force and the day, given once."""

    def __init__(self, plan: Plan, norms: Norms | None, today: date) -> None:
        self.plan, self.norms, self.today = plan, norms, today
        self.items = {leaf.code: leaf for form in plan.forms.values() for leaf in form.leaves}

    def __call__(self, row: Row) -> tuple[Any, ...] | list[RowProblem]:
        """One row."""
        return self.many([row])[0]

    def many(self, rows: Sequence[Row]) -> list[tuple[Any, ...] | list[RowProblem]]:
        """What is stored of each row, in the order of STAGING, or what is wrong with it."""
        read = [self._read(row) for row in rows]
        judged: list[Any] = list(read)
        by_form: dict[str, list[int]] = {}
        for number, known in enumerate(read):
            if isinstance(known, Known):
                by_form.setdefault(known.form, []).append(number)
        for form, numbers in by_form.items():
            some = [known for number in numbers if isinstance(known := read[number], Known)]
            for number, known, result in zip(numbers, some, self._scored(form, some), strict=True):
                judged[number] = self._stored(known, result)
        return judged

    def _scored(self, form: str, rows: Sequence[Known]) -> list[Result]:
        return score_many(
            self.plan,
            form,
            [row.answers for row in rows],
            [row.age_months for row in rows],
            [row.facts["sex"] for row in rows],
            [row.facts["informant"] for row in rows],
            self.norms,
        )

    def _read(self, row: Row) -> Known | list[RowProblem]:
        facts, wrong = _facts(row)
        if wrong:
            return wrong
        age = self._age(facts)
        if not isinstance(age, tuple):
            return age
        form = chosen_form(self.plan, facts["form_code"], age[1], facts["informant"])
        if not isinstance(form, str):
            return [RowProblem(f"/{form[0]}", form[1])]
        own = {name: text for name, text in row.items() if name not in READERS}
        answered = answers_from_cells(self.plan.forms[form].leaves, own)
        return Known(facts, *age, form, {**(facts["answers"] or {}), **answered})

    def _age(self, facts: Mapping[str, Any]) -> tuple[date, int] | list[RowProblem]:
        """The month of birth and the age: by the exact day, which goes no further, or as the source tells them."""
        born_on, on = facts["born_on"], facts["administered_on"]
        month, months = facts["birth_month"], facts["age_months"]
        if born_on is None and (month is None or months is None):
            return [RowProblem("/born_on", "missing")]
        wrong = contradictions(born_on or month, on, self.today)
        if wrong:
            return [RowProblem(f"/{name}", code) for name, code in wrong]
        corrected = self.plan.is_corrected_for_prematurity
        if born_on is None:
            highest, lowest = completed_months(month, on), completed_months(cells.last_day(month), on)
            if months > highest or (months < lowest and not corrected):
                return [RowProblem("/age_months", "too_large" if months > highest else "too_small")]
            return month, months
        return tuple(age_on(born_on, on, facts["gestation_weeks"], is_corrected=corrected))  # type: ignore[return-value]

    def _stored(self, known: Known, result: Result) -> tuple[Any, ...] | list[RowProblem]:
        if result.problems:
            return [RowProblem(problem.pointer, problem.code) for problem in result.problems]
        facts, has_scales = known.facts, bool(result.scales)
        return (
            facts["external_id"],
            facts["subject_ref"],
            known.birth_month.isoformat(),
            known.age_months,
            facts["sex"],
            facts["county_terc"],
            facts["institution_id"],
            facts["implementer"],
            known.form,
            facts["informant"],
            facts["administered_on"].isoformat(),
            facts["consent_to_refer"],
            str(State.SCORED if has_scales else State.SUBMITTED),
            _json(known.answers),
            _json(result.as_json()) if has_scales else None,
            str(result.outcome) if has_scales else None,
        )


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _facts(row: Row) -> tuple[dict[str, Any], list[RowProblem]]:
    facts: dict[str, Any] = {}
    wrong = []
    for name, reader in READERS.items():
        cell = row.get(name, "").strip()
        if not cell:
            facts[name] = _UNKNOWN_SEX if name == "sex" else None
            if name in REQUIRED and name not in _OPTIONAL_CELLS:
                wrong.append(RowProblem(f"/{name}", "missing"))
            continue
        try:
            facts[name] = reader(cell)
        except cells.CellError as error:
            wrong.append(RowProblem(f"/{name}", str(error)))
    return facts, wrong


def judge_of(context: Mapping[str, Any]) -> Judge:
    """The rule that a job's context makes: `definition`, `norms` with their `label`, and the civil `today`."""
    plan = compile_plan(Definition.model_validate(context["definition"]))
    norms = context["norms"]
    compiled = None if norms is None else compile_norms(NormDocument.model_validate(norms), context["label"])
    return Judge(plan, compiled, date.fromisoformat(context["today"]))


def columns_of(plan: Plan) -> dict[str, str]:
    """Which columns of a file are read: ours, and one for each item that is not called like one of ours."""
    items = {leaf.code for form in plan.forms.values() for leaf in form.leaves} - READERS.keys()
    return {name: name for name in (*READERS, *sorted(items))}
