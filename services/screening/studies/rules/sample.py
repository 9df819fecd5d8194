"""From the screenings of a study to columns: who was screened, how each item scored, what each scale came to."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

from services.screening.instruments.rules.answers import Leaf, leaves_of, read_cell
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
Row = Mapping[str, Any]


class Task(NamedTuple):
    """What a study asks of its data.

    `counties` are listed whether or not there are children; `told` is what was told of a county before.
    """

    kind: str
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
    told: Mapping[str, Sequence[Mapping[str, Any]]] = {}


class ScoredItem(NamedTuple):
    """An item of a scale: its leaf, what its answers count, and the ends of that."""

    leaf: Leaf
    part: ScaleItem
    threshold: float | None
    lowest: float
    highest: float

    def points(self, value: float) -> float:
        """What a value of the item's counts in the scale."""
        return _points(self.leaf, self.part, self.threshold, value)


class Sample(NamedTuple):
    """The screenings of a study, one row each, by day; `rows` of its form are the first of each child."""

    task: Task
    definition: Definition
    items: list[ScoredItem]
    rows: list[Row]
    others: list[Row]

    @property
    def risk_sign(self) -> int:
        """1 where a higher figure is the worse one, −1 where a lower one is."""
        return (
            1
            if scale_called(self.definition, self.task.scale).better == Better.LOWER
            else -1
        )

    @property
    def scored(self) -> tuple[list[str], Numbers, Numbers]:
        """The items' codes, and the lowest and the highest that each can count."""
        codes = [item.leaf.code for item in self.items]
        return (
            codes,
            np.array([item.lowest for item in self.items]),
            np.array([item.highest for item in self.items]),
        )


def scale_called(definition: Definition, code: str) -> Scale:
    """The scale with this code."""
    return next(scale for scale in definition.scales if scale.code == code)


def items_of(definition: Definition, form: str, code: str) -> list[ScoredItem]:
    """The scored items of a scale that a form asks, those of the scales within it included, each once."""
    asked = {
        item for found in definition.forms if found.code == form for item in found.items
    }
    leaves = {
        leaf.code: leaf
        for item in definition.items
        if item.code in asked
        for leaf in leaves_of(item)
    }
    found: dict[str, ScoredItem] = {}
    for scale in _with_parts(definition, code):
        threshold = (
            scale.threshold if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE else None
        )
        for part in scale.items:
            leaf = leaves.get(part.item)
            if leaf is not None and part.item not in found:
                ends = [_points(leaf, part, threshold, end) for end in _ends(leaf)]
                if ends and min(ends) < max(ends):
                    found[part.item] = ScoredItem(
                        leaf, part, threshold, min(ends), max(ends)
                    )
    return [*found.values()]


def _with_parts(definition: Definition, code: str) -> Iterable[Scale]:
    scale = scale_called(definition, code)
    yield scale
    for part in scale.scales:
        yield from _with_parts(definition, part)


def _ends(leaf: Leaf) -> list[float]:
    values = [cell.value for cell in leaf.known.values() if cell.value is not None]
    limits = [limit for limit in (leaf.minimum, leaf.maximum) if limit is not None]
    return values or (limits if len(limits) == 2 else [])


def _points(
    leaf: Leaf, part: ScaleItem, threshold: float | None, value: float
) -> float:
    facing = leaf.mirror - value if part.is_reversed else value
    return part.weight * (facing if threshold is None else float(facing >= threshold))


def item_scores(sample: Sample) -> Numbers:
    """Persons × items; NaN where there is no answer that scores. What was not asked has the value that it then has."""
    plan = compile_plan(sample.definition).forms[sample.task.form]
    places = [plan.positions[item.leaf.code] for item in sample.items]
    if any(plan.asked_when[place][0] is not None for place in places):
        cells = [read_answers(plan, row["answers"])[0] for row in sample.rows]
        values = [[row[place].value for row in cells] for place in places]
        columns = [
            [_or_nan(item, value) for value in column]
            for item, column in zip(sample.items, values, strict=True)
        ]
    else:
        answers = [row["answers"] for row in sample.rows]
        columns = [_column(item, answers) for item in sample.items]
    return np.array(columns, float).T if columns else np.empty((len(sample.rows), 0))


def _or_nan(item: ScoredItem, value: float | None) -> float:
    return math.nan if value is None else item.points(value)


def _column(item: ScoredItem, answers: Sequence[Row]) -> list[float]:
    """Answers repeat: each is read once."""
    code = item.leaf.code
    given = [of_child.get(code) for of_child in answers]
    if item.leaf.type == ItemType.MULTI_SELECT:
        return [_scored(item, answer) for answer in given]
    known = {answer: _scored(item, answer) for answer in set(given)}
    return [known[answer] for answer in given]


def _scored(item: ScoredItem, answer: Any) -> float:
    cell = read_cell(item.leaf, answer)
    return _or_nan(item, None if isinstance(cell, str) else cell.value)


def figure(row: Row, scale: str) -> Mapping[str, Any]:
    """What a screening's result says of a scale; nothing where it says nothing."""
    result = row["result"] or {}
    found: Mapping[str, Any] = next(
        (one for one in result.get("scales", ()) if one["code"] == scale), {}
    )
    return found


def raw_scores(rows: Sequence[Row], scale: str) -> Numbers:
    """The raw figure of a scale, NaN where there is none."""
    found = [figure(row, scale).get("raw") for row in rows]
    return np.array([math.nan if raw is None else raw for raw in found], float)


def read_sample(stream: BinaryIO) -> Sample:
    """A task in the first line, a screening in each line after it, ordered by day."""
    task = Task(**json.loads(stream.readline()))
    definition = Definition.model_validate(task.definition)
    rows: list[Row] = [from_json(line, cache_strings="all") for line in stream]
    first: dict[str, Row] = {}
    others: list[Row] = []
    for row in rows:
        if row["form"] == task.form and row["subject"] not in first:
            first[row["subject"]] = row
        else:
            others.append(row)
    return Sample(
        task,
        definition,
        items_of(definition, task.form, task.scale),
        [*first.values()],
        others,
    )
