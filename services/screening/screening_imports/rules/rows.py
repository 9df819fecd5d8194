"""A file's rows, many at once: facts read, forms found, answers scored by column. Runs where no database is."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

from services.chassis.files import Row, RowProblem
from services.screening.instruments.rules.ages import completed_months
from services.screening.instruments.rules.answers import (
    answers_from_cells,
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
from services.screening.screening_imports.rules.columns import answer_columns, texts_of
from services.screening.screenings.rules.states import State
from services.screening.screenings.rules.subjects import (
    age_on,
    chosen_form,
    contradictions,
)

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
REQUIRED = (
    "external_id",
    "subject_ref",
    "sex",
    "county_terc",
    "informant",
    "administered_on",
)
_UNKNOWN_SEX = "unknown"


class Facts(NamedTuple):
    """What a row says beside its answers, in the order of READERS; None where it says nothing."""

    external_id: str
    subject_ref: str
    born_on: date | None
    birth_month: date | None
    age_months: int | None
    gestation_weeks: int | None
    sex: str
    county_terc: str
    institution_id: str | None
    implementer: str | None
    form_code: str | None
    informant: str
    administered_on: date
    consent_to_refer: bool | None
    answers: dict[str, Any] | None


class Known(NamedTuple):
    """A row that could be read: where it stands, what it says, and its form."""

    number: int
    facts: Facts
    birth_month: date
    age_months: int
    form: str

    @property
    def child(self) -> Child:
        """Whose answers they are, as scoring asks."""
        return Child(self.age_months, self.facts.sex, self.facts.informant)


Judged = tuple[Any, ...] | list[RowProblem]


class Judge:
    """The rule of one import: the instrument's plan, the norms in force and the day, given once."""

    def __init__(self, plan: Plan, norms: Norms | None, today: date) -> None:
        self.plan, self.today = plan, today
        self.scorers = {code: Scorer(plan, code, norms) for code in plan.forms}
        self.form_of = cache(partial(chosen_form, plan))

    def __call__(self, row: Row) -> Judged:
        """One row."""
        return self.many([row])[0]

    def many(self, rows: Sequence[Row]) -> list[Judged]:
        """What is stored of each row, in the order of STAGING, or what is wrong with it."""
        facts, wrong = _facts(rows)
        judged: list[Any] = [
            wrong.get(number) or self._known(number, one)
            for number, one in enumerate(facts)
        ]
        by_form: dict[str, list[Known]] = {}
        for known in judged:
            if isinstance(known, Known):
                by_form.setdefault(known.form, []).append(known)
        for code, some in by_form.items():
            results, answers = self._scored(
                code, some, [rows[known.number] for known in some]
            )
            for known, stored in zip(
                some, _stored(some, results, answers), strict=True
            ):
                judged[known.number] = stored
        return judged

    def _scored(
        self, code: str, some: Sequence[Known], rows: Sequence[Row]
    ) -> tuple[list[Result], list[str]]:
        """The results of rows of one form, and their answers as JSON."""
        scorer, children = self.scorers[code], [known.child for known in some]
        form = scorer.form
        leaves = {leaf.code: leaf for leaf in form.leaves}
        if not any(known.facts.answers for known in some):
            given, texts = answer_columns(leaves, rows, READERS.keys())
            unknown = {
                number: unknown_answers(form.positions, found)
                for number, found in given.strange.items()
            }
            return scorer.score(given.columns, unknown, children), texts
        cells = [
            {name: text for name, text in row.items() if name not in READERS}
            for row in rows
        ]
        answers = [
            {**(known.facts.answers or {}), **answers_from_cells(form.leaves, own)}
            for known, own in zip(some, cells, strict=True)
        ]
        return scorer.score(*coded_answers(form, answers), children), [
            _json(one) for one in answers
        ]

    def _known(self, number: int, facts: Facts) -> Known | list[RowProblem]:
        age = self._age(facts)
        if not isinstance(age, tuple):
            return age
        form = self.form_of(facts.form_code, age[1], facts.informant)
        return (
            Known(number, facts, *age, form)
            if isinstance(form, str)
            else [RowProblem(f"/{form[0]}", form[1])]
        )

    def _age(self, facts: Facts) -> tuple[date, int] | list[RowProblem]:
        """The month of birth and the age: by the exact day, which goes no further, or as the source tells them."""
        on, month, months = facts.administered_on, facts.birth_month, facts.age_months
        born = facts.born_on or month
        if born is None or (facts.born_on is None and months is None):
            return [RowProblem("/born_on", "missing")]
        wrong = contradictions(born, on, self.today)
        if wrong:
            return [RowProblem(f"/{name}", code) for name, code in wrong]
        corrected = self.plan.is_corrected_for_prematurity
        if facts.born_on is None and month is not None and months is not None:
            highest, lowest = (
                completed_months(month, on),
                completed_months(cells.last_day(month), on),
            )
            if months > highest or (months < lowest and not corrected):
                return [
                    RowProblem(
                        "/age_months", "too_large" if months > highest else "too_small"
                    )
                ]
            return month, months
        return age_on(born, on, facts.gestation_weeks, is_corrected=corrected)


def _stored(
    some: Sequence[Known], results: Sequence[Result], answers: Sequence[str]
) -> Iterator[Judged]:
    for (_, facts, birth_month, age_months, form), result, told, text in zip(
        some, results, json_texts(results), answers, strict=True
    ):
        if result.problems:
            yield [
                RowProblem(problem.pointer, problem.code) for problem in result.problems
            ]
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
            text,
            told if has_scales else None,
            result.outcome.value if has_scales else None,
            bands_text(result),
        )


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SCORED, _SUBMITTED = State.SCORED.value, State.SUBMITTED.value


def _facts(rows: Sequence[Row]) -> tuple[list[Facts], dict[int, list[RowProblem]]]:
    """The facts of every row, column by column, each different cell read once; and what is wrong with whose."""
    wrong: dict[int, list[RowProblem]] = {}
    columns = []
    for name, reader in READERS.items():
        texts = texts_of(rows, name)
        known: dict[str, Any] = {}
        faults: dict[str, RowProblem] = {}
        for text in {*texts}:
            try:
                known[text] = _fact(name, reader, text.strip())
            except cells.CellError as error:
                faults[text] = RowProblem(f"/{name}", str(error))
        for number, text in enumerate(texts if faults else ()):
            if text in faults:
                wrong.setdefault(number, []).append(faults[text])
        columns.append(map(known.get, texts))
    return [*map(Facts._make, zip(*columns, strict=True))], wrong


def _fact(name: str, reader: Callable[[str], Any], cell: str) -> Any:
    if cell:
        return reader(cell)
    if name == "sex":
        return _UNKNOWN_SEX
    if name in REQUIRED:
        raise cells.CellError("missing")
    return None


def judge_of(context: Mapping[str, Any]) -> Judge:
    """The rule that a job's context makes: `definition`, `norms` with their `label`, and the civil `today`."""
    plan = compile_plan(Definition.model_validate(context["definition"]))
    norms = context["norms"]
    compiled = (
        None
        if norms is None
        else compile_norms(NormDocument.model_validate(norms), context["label"])
    )
    return Judge(plan, compiled, date.fromisoformat(context["today"]))


def institution_of(row: Row) -> Judged:
    """The institution that a row names. Without one, or with what cannot be read, there is nothing to ask about."""
    cell = (row.get("institution_id") or "").strip()
    try:
        return (cells.identifier(cell),) if cell else []
    except cells.CellError:
        return []


def columns_of(plan: Plan) -> dict[str, str]:
    """Which columns of a file are read: ours, and one for each item that is not called like one of ours."""
    items = {
        leaf.code for form in plan.forms.values() for leaf in form.leaves
    } - READERS.keys()
    return {name: name for name in (*READERS, *sorted(items))}
