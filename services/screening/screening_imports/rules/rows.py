"""Rows of a file, many at once: read, matched with forms and scored column by column.

This runs in the parser's process, which has no database connection.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

from services.chassis.transfer.files import Row, RowProblem
from services.screening.instruments.rules.ages import completed_months
from services.screening.instruments.rules.answers import (
    AnswerProblem,
    answers_from_cells,
    pointer_to,
    unknown_answers,
)
from services.screening.instruments.rules.columns import coded_answers
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.norms import (
    NormDocument,
    Norms,
    compile_norms,
)
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.plans import Plan, compile_plan
from services.screening.instruments.rules.scoring import Result, bands_text, json_texts
from services.screening.instruments.rules.vectors import Scorer
from services.screening.screening_imports.rules import cells
from services.screening.screening_imports.rules.columns import answer_columns, plain
from services.screening.screening_imports.rules.facts import READERS, Facts, read_facts
from services.screening.screenings.rules.states import State
from services.screening.screenings.rules.subjects import (
    Age,
    age_on,
    chosen_form,
    contradictions,
)
from services.screening.screenings.rules.submissions import NOTHING_ANSWERED

# In the order of the values from `_stored_rows`: they are copied without names.
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
    "bands": "jsonb",
}
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# Plain texts: for tens of thousands of rows the members of an enum cost more.
_SCORED, _SUBMITTED = State.SCORED.value, State.SUBMITTED.value


class Readable(NamedTuple):
    """A valid row: its index among the rows, its facts, its age and its form."""

    number: int
    facts: Facts
    birth_month: date
    age_months: int
    form: str

    @property
    def child(self) -> Child:
        """The child as scoring needs it: age, sex and informant."""
        return Child(self.age_months, self.facts.sex, self.facts.informant)


Judged = tuple[Any, ...] | list[RowProblem]
"""The stored values of a row in the order of STAGING, or its problems."""


class Judge:
    """The rule of one import, made from the instrument's plan, the norms in force and the day."""

    def __init__(self, plan: Plan, norms: Norms | None, today: date) -> None:
        self.plan, self.today = plan, today
        self.scorers = {code: Scorer(plan, code, norms) for code in plan.forms}
        # Cached: tens of thousands of rows have few distinct ages and informants.
        self.form_of = cache(partial(chosen_form, plan))

    def __call__(self, row: Row) -> Judged:
        """Judge one row."""
        return self.many([row])[0]

    def many(self, rows: Sequence[Row]) -> list[Judged]:
        """Judge each of many rows, in their order."""
        facts, problems = read_facts(rows)
        judgements: list[Any] = [
            problems.get(number) or self._readable(number, row_facts)
            for number, row_facts in enumerate(facts)
        ]
        by_form: dict[str, list[Readable]] = {}
        for readable in judgements:
            if isinstance(readable, Readable):
                by_form.setdefault(readable.form, []).append(readable)
        for code, of_form in by_form.items():
            own_rows = [rows[readable.number] for readable in of_form]
            results, answers = self._score_form(code, of_form, own_rows)
            stored_rows = _stored_rows(of_form, results, answers)
            for readable, columns in zip(of_form, stored_rows, strict=True):
                judgements[readable.number] = columns
        return judgements

    def _score_form(
        self, code: str, of_form: Sequence[Readable], rows: Sequence[Row]
    ) -> tuple[list[Result], list[str]]:
        """The results of rows of one form, and their answers as JSON."""
        scorer = self.scorers[code]
        children = [readable.child for readable in of_form]
        form = scorer.form
        if not any(readable.facts.answers for readable in of_form):
            # Every answer has a column of its own: each distinct cell is read once.
            leaves = {leaf.code: leaf for leaf in form.leaves}
            columns, others, texts, unstorable = answer_columns(
                leaves, rows, READERS.keys()
            )
            problems_by_row = {
                number: unknown_answers(form.positions, cells_of_row)
                for number, cells_of_row in others.items()
            }
            _add_unstorable(problems_by_row, unstorable)
            return scorer.score(columns, problems_by_row, children), texts
        answers, unstorable = [], {}
        for number, (readable, row) in enumerate(zip(of_form, rows, strict=True)):
            items = {name: row[name] for name in row if name not in READERS}
            plain_cells = {name: plain(text) for name, text in items.items()}
            unstorable[number] = [
                name for name, text in plain_cells.items() if text is None
            ]
            texts_of_items = {name: text or "" for name, text in plain_cells.items()}
            item_answers = answers_from_cells(form.leaves, texts_of_items)
            # A separate column takes precedence over the object of all answers.
            answers.append({**(readable.facts.answers or {}), **item_answers})
        columns, unknown = coded_answers(form, answers)
        problems_by_row = {number: [*problems] for number, problems in unknown.items()}
        _add_unstorable(problems_by_row, unstorable)
        return scorer.score(columns, problems_by_row, children), [*map(_json, answers)]

    def _readable(self, number: int, facts: Facts) -> Readable | list[RowProblem]:
        age = self._age(facts)
        if not isinstance(age, Age):
            return age
        form = self.form_of(facts.form_code, age.months, facts.informant)
        if isinstance(form, str):
            return Readable(number, facts, *age, form)
        name, code = form
        return [RowProblem(f"/{name}", code)]

    def _age(self, facts: Facts) -> Age | list[RowProblem]:
        """The age from the exact day of birth, or as given by the source with the month of birth.

        The day of birth is used here only and is not passed on.
        """
        day, month, months = facts.born_on, facts.birth_month, facts.age_months
        born_on = day or month
        if born_on is None or (day is None and months is None):
            return [RowProblem("/born_on", "missing")]
        wrong = contradictions(born_on, facts.administered_on, self.today)
        if wrong:
            return [RowProblem(f"/{name}", code) for name, code in wrong]
        is_corrected = self.plan.is_corrected_for_prematurity
        if day is None and month is not None and months is not None:
            return _stated_age(month, months, facts, is_corrected=is_corrected)
        return age_on(
            born_on,
            facts.administered_on,
            facts.gestation_weeks,
            is_corrected=is_corrected,
        )


def _add_unstorable(
    problems_by_row: dict[int, list[AnswerProblem]], unstorable: Mapping[int, list[str]]
) -> None:
    for number, names in unstorable.items():
        for name in names:
            problem = AnswerProblem(pointer_to(name), "not_allowed_character")
            problems_by_row.setdefault(number, []).append(problem)


def _stated_age(
    month: date, months: int, facts: Facts, *, is_corrected: bool
) -> Age | list[RowProblem]:
    """The age given by the source, if a child born in that month can have it on that day.

    An age that is corrected for prematurity may be lower.
    """
    highest = completed_months(month, facts.administered_on)
    lowest = completed_months(cells.last_day(month), facts.administered_on)
    if months > highest:
        return [RowProblem("/age_months", "too_large")]
    if months < lowest and not is_corrected:
        return [RowProblem("/age_months", "too_small")]
    return Age(month, months)


def _stored_rows(
    of_form: Sequence[Readable], results: Sequence[Result], answers: Sequence[str]
) -> Iterator[Judged]:
    """The stored values of rows of one form, or the problems of each row.

    `answers` are JSON texts.
    """
    texts = json_texts(results)
    for (_, facts, birth_month, age_months, form), result, text, own_answers in zip(
        of_form, results, texts, answers, strict=True
    ):
        problems = result.problems or _of_empty(own_answers)
        if problems:
            yield [RowProblem(problem.pointer, problem.code) for problem in problems]
            continue
        has_scales = bool(result.scales)
        yield (
            facts.external_id,
            facts.subject_ref,
            birth_month.isoformat(),
            age_months,
            facts.sex,
            facts.county_terc,
            facts.institution_id,
            facts.implementer,
            form,
            facts.informant,
            facts.administered_on.isoformat(),
            facts.consent_to_refer,
            _SCORED if has_scales else _SUBMITTED,
            own_answers,
            text if has_scales else None,
            result.outcome.value if has_scales else None,
            bands_text(result),
        )


def _of_empty(answers: str) -> list[AnswerProblem]:
    """The problem of a form without any answer; empty otherwise."""
    return [AnswerProblem("/answers", NOTHING_ANSWERED)] if answers == "{}" else []


def judge_of(context: Mapping[str, Any]) -> Judge:
    """The rule that is made from a job's context.

    The context has the `definition` of the version, `norms` (or None) with their
    `label`, and the civil day `today`.
    """
    plan = compile_plan(Definition.model_validate(context["definition"]))
    norms = context["norms"]
    compiled = (
        None
        if norms is None
        else compile_norms(NormDocument.model_validate(norms), context["label"])
    )
    return Judge(plan, compiled, date.fromisoformat(context["today"]))


def columns_of(plan: Plan) -> dict[str, str]:
    """The columns of a file that are read: the facts, and items whose codes are no
    names of facts.
    """
    items = {
        leaf.code for form in plan.forms.values() for leaf in form.leaves
    } - READERS.keys()
    return {name: name for name in (*READERS, *sorted(items))}
