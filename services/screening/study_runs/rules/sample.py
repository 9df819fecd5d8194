"""The screenings of a study as columns: children, scores of items, results of scales."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

from services.screening.instruments.rules.answers import Leaf, leaves_of, read_cell
from services.screening.instruments.rules.decimals import (
    Exact,
    exact,
    exact_or_none,
)
from services.screening.instruments.rules.definitions import (
    Better,
    Definition,
    Scale,
    ScaleItem,
    ScaleKind,
)
from services.screening.instruments.rules.items import ItemType
from services.screening.instruments.rules.plans import compile_plan
from services.screening.instruments.rules.scoring import read_answers

Numbers = NDArray[np.float64]
Answers = Mapping[str, Any]


class Row(TypedDict):
    """One screening as the database writes it.

    `on` is a day by ISO 8601, `age` is in completed months.
    """

    subject: str
    form: str
    informant: str
    on: str
    county: str
    sex: str
    age: int
    answers: Answers
    result: Mapping[str, Any] | None
    outcome: str | None
    criterion: str | None
    institution: NotRequired[str | None]


class Task(NamedTuple):
    """The parameters of a study's computation, or of an export of it.

    `counties` are listed with or without children. `published` are the numbers of each
    county that were published before, by runs and by the campaign; `population` is the
    number of children of each county that the campaign published.
    """

    instrument: str
    definition: dict[str, Any]
    form: str
    scale: str
    minimum_n: int
    dif_by: list[str]
    prevalences: list[float]
    group_size: int = 0
    seed: int = 0
    small_cell: int = 5
    edges: Sequence[int] = ()
    population: Mapping[str, int | None] = {}
    counties: Sequence[str] = ()
    published: Mapping[str, Sequence[Mapping[str, Any]]] = {}


class ScoredItem(NamedTuple):
    """An item of a scale: its leaf, how its answers score, and the limits of its score.

    The limits are NaN for answers without limits.
    """

    leaf: Leaf
    part: ScaleItem
    threshold: Exact | None
    lowest: float
    highest: float

    def score(self, value: Exact) -> float:
        """The score of a value of the item in the scale."""
        return _score(self.leaf, self.part, self.threshold, value)


class ItemRanges(NamedTuple):
    """The items' codes, and the lowest and the highest score of each."""

    codes: list[str]
    lowest: Numbers
    highest: Numbers


class Sample(NamedTuple):
    """The screenings of a study, by day.

    `rows` are the first screenings of each child with the study's form,
    `others` the rest.
    """

    task: Task
    definition: Definition
    items: list[ScoredItem]
    rows: list[Row]
    others: list[Row]

    @property
    def risk_sign(self) -> int:
        """1 if a higher raw score is worse, −1 if a lower one is."""
        better = scale_called(self.definition, self.task.scale).better
        return 1 if better == Better.LOWER else -1

    @property
    def ranges(self) -> ItemRanges:
        """The ranges of the items' scores."""
        return ItemRanges(
            [item.leaf.code for item in self.items],
            np.array([item.lowest for item in self.items]),
            np.array([item.highest for item in self.items]),
        )


def scale_called(definition: Definition, code: str) -> Scale:
    """The scale with this code."""
    return next(scale for scale in definition.scales if scale.code == code)


def scored_items(definition: Definition, form: str, code: str) -> list[ScoredItem]:
    """The items of a scale, and of the scales within it, that a form asks; each once.

    Items whose answers all have the same score are left out.
    """
    leaves = _leaves_of_form(definition, form)
    items: dict[str, ScoredItem] = {}
    for scale in _with_parts(definition, code):
        counts = scale.kind == ScaleKind.COUNT_AT_OR_ABOVE
        threshold = exact_or_none(scale.threshold) if counts else None
        for part in scale.items:
            leaf = leaves.get(part.item)
            # Only once, even if two parts of the scale have the item: twice it would
            # correlate with itself.
            if leaf is not None and part.item not in items:
                limits = _limits(leaf, part, threshold)
                if limits is not None:
                    items[part.item] = ScoredItem(leaf, part, threshold, *limits)
    return [*items.values()]


def _leaves_of_form(definition: Definition, form: str) -> dict[str, Leaf]:
    codes = {
        item
        for each_form in definition.forms
        if each_form.code == form
        for item in each_form.items
    }
    items = [item for item in definition.items if item.code in codes]
    return {leaf.code: leaf for item in items for leaf in leaves_of(item)}


def _with_parts(definition: Definition, code: str) -> Iterator[Scale]:
    scale = scale_called(definition, code)
    yield scale
    for part in scale.scales:
        yield from _with_parts(definition, part)


def _limits(
    leaf: Leaf, part: ScaleItem, threshold: Exact | None
) -> tuple[float, float] | None:
    """The lowest and the highest score of an item; None if all scores are the same."""
    low, high = leaf.ends
    if low is None or high is None:
        # A choice without any option that has a value never scores.
        if leaf.type != ItemType.NUMBER:
            return None
        return (math.nan, math.nan) if threshold is None else (0.0, part.weight)
    first, second = (_score(leaf, part, threshold, end) for end in (low, high))
    return None if first == second else (min(first, second), max(first, second))


def _score(leaf: Leaf, part: ScaleItem, threshold: Exact | None, value: Exact) -> float:
    directed_value = leaf.mirror - value if part.is_reversed else value
    if threshold is not None:
        directed_value = int(directed_value >= threshold)
    return float(exact(part.weight) * directed_value)


def item_scores(sample: Sample) -> Numbers:
    """The scores, persons × items; NaN without a score.

    An item that was not asked has the score of its default value.
    """
    plan = compile_plan(sample.definition).forms[sample.task.form]
    positions = [plan.positions[item.leaf.code] for item in sample.items]
    # Whether such an item was asked depends on the child's other answers: the form is
    # read child by child.
    if any(plan.asked_when[position][0] is not None for position in positions):
        cells = [read_answers(plan, row["answers"])[0] for row in sample.rows]
        columns = [
            [_score_or_nan(item, row[position].value) for row in cells]
            for item, position in zip(sample.items, positions, strict=True)
        ]
    else:
        answers = [row["answers"] for row in sample.rows]
        columns = [_column(item, answers) for item in sample.items]
    return np.array(columns, float).T if columns else np.empty((len(sample.rows), 0))


def _score_or_nan(item: ScoredItem, value: Exact | None) -> float:
    return math.nan if value is None else item.score(value)


def _column(item: ScoredItem, answers: Sequence[Answers]) -> list[float]:
    """The scores of an item.

    There are few distinct answers, so each is read once for all children who gave it.
    """
    code = item.leaf.code
    column = [of_child.get(code) for of_child in answers]
    # Such an answer is a list, which cannot be in a set or be a key.
    if item.leaf.type == ItemType.MULTI_SELECT:
        return [_read_score(item, answer) for answer in column]
    scores = {answer: _read_score(item, answer) for answer in set(column)}
    return [scores[answer] for answer in column]


def _read_score(item: ScoredItem, answer: Any) -> float:
    cell = read_cell(item.leaf, answer)
    return _score_or_nan(item, None if isinstance(cell, str) else cell.value)


def scale_result(row: Row, scale: str) -> Mapping[str, Any]:
    """The result of one scale of a screening, with `raw`, `band` and `outcome`.

    Empty if the screening has no result for the scale.
    """
    scales: Iterable[Mapping[str, Any]] = (row["result"] or {}).get("scales", ())
    return next((result for result in scales if result["code"] == scale), {})


def raw_scores(rows: Sequence[Row], scale: str) -> Numbers:
    """The raw scores of a scale; NaN without one."""
    scores = [scale_result(row, scale).get("raw") for row in rows]
    return tied([math.nan if raw is None else raw for raw in scores])


def tied(scores: Sequence[float] | Numbers) -> Numbers:
    """Scores rounded to 9 decimals, so that scores that should be equal are equal.

    Binary sums of decimals, which older results hold, differ in their last digits.
    """
    return np.round(np.asarray(scores, float), 9)


def read_sample(stream: BinaryIO) -> Sample:
    """A task in the first line, a screening in each line after it, ordered by day."""
    task = Task(**json.loads(stream.readline()))
    definition = Definition.model_validate(task.definition)
    # Codes repeat in every line: each is cached once, so that tens of thousands of
    # screenings fit into memory.
    rows: list[Row] = [from_json(line, cache_strings="all") for line in stream]
    first: dict[str, Row] = {}
    others: list[Row] = []
    for row in rows:
        if row["form"] == task.form and row["subject"] not in first:
            first[row["subject"]] = row
        else:
            others.append(row)
    items = scored_items(definition, task.form, task.scale)
    return Sample(task, definition, items, [*first.values()], others)
