"""The answers to items as columns: the values, and the reasons for missing answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.screening.instruments.rules.answers import (
    GIVEN,
    NOT_ASKED,
    Cell,
    Leaf,
    leaves_of,
    read_cell,
)
from services.screening.instruments.rules.decimals import as_number
from services.screening.instruments.rules.definitions import Form
from services.screening.instruments.rules.items import (
    Item,
    ItemType,
    NoAnswer,
    Option,
    Words,
)
from services.screening.instruments.rules.plans import FormPlan, compile_plan
from services.screening.instruments.rules.scoring import read_answers
from services.screening.study_exports.rules.columns import Measure, Variable, name_of
from services.screening.study_runs.rules.sample import Row, Sample

NOT_EXPORTED = {ItemType.TEXT, ItemType.DATE}
"""Free text and dates may identify a person."""
_SCALES = {ItemType.NUMBER, ItemType.MULTI_SELECT}
BLANK = "blank"
_WHY = {
    BLANK: "brak odpowiedzi / no answer",
    "not_asked": "nie pytano / not asked",
    NoAnswer.NOT_OBSERVED.value: "nie zaobserwowano / not observed",
    NoAnswer.REFUSED.value: "odmowa odpowiedzi / refused",
}
"""The reasons for a missing answer, in the order of their codes: the first has the lowest."""
_QUALIFIERS = {
    "8": "nieokreślone / not specified",
    "9": "nie dotyczy / not applicable",
}
# Codes for a missing answer are below all values, with room for every option
# without a value.
_ROOM = 70


def text_of(words: Words | None) -> str:
    """A text in all of its languages; empty without any."""
    return " / ".join(text for text in (words.pl, words.en) if text) if words else ""


def item_variables(sample: Sample, rows: Sequence[Row]) -> list[Variable]:
    """The answers to every closed item of these rows' forms."""
    plans = compile_plan(sample.definition).forms
    cells = [_cells(plans[row["form"]], row["answers"]) for row in rows]
    item_codes = {code for form in forms_of(sample, rows) for code in form.items}
    variables = []
    # In the order of the definition, which is that of the questions on paper.
    for item in sample.definition.items:
        if item.code in item_codes and item.type not in NOT_EXPORTED:
            for number, leaf in enumerate(leaves_of(item)):
                keying = _keying(sample, leaf.code)
                answers = [of_row.get(leaf.code) for of_row in cells]
                label = _label(item, number, leaf, keying)
                variables += _variables(item, leaf, label, answers, keying)
    return variables


def forms_of(sample: Sample, rows: Sequence[Row]) -> list[Form]:
    """The forms of these rows."""
    form_codes = {row["form"] for row in rows}
    return [form for form in sample.definition.forms if form.code in form_codes]


def _cells(form: FormPlan, answers: Mapping[str, Any]) -> dict[str, Cell | str]:
    """A cell for each leaf of the form, or the reason why there is no answer."""
    form_cells, _ = read_answers(form, answers)
    cells: dict[str, Cell | str] = {}
    for leaf, cell in zip(form.leaves, form_cells, strict=True):
        answer = answers.get(leaf.code)
        if cell.state == NOT_ASKED:
            cells[leaf.code] = "not_asked"
        elif isinstance(answer, str) and answer in leaf.no_answers:
            cells[leaf.code] = answer
        else:
            # Read again from the answer: scoring turns an option without a
            # value into "unknown".
            cell_or_fault = BLANK if answer is None else read_cell(leaf, answer)
            cells[leaf.code] = (
                cell_or_fault if isinstance(cell_or_fault, Cell) else BLANK
            )
    return cells


def _keying(sample: Sample, code: str) -> str:
    """The scales that an item counts in, and in which it is reversed or weighted."""
    parts = []
    for scale in sample.definition.scales:
        for part in scale.items:
            if part.item == code:
                facts = ["reversed"] if part.is_reversed else []
                facts += [f"weight {part.weight:g}"] if part.weight != 1 else []
                parts.append(
                    f"{scale.code} ({', '.join(facts)})" if facts else scale.code
                )
    return "; ".join(parts)


def _label(item: Item, number: int, leaf: Leaf, keying: str) -> str:
    texts = [text_of(item.text)]
    if item.rows:
        texts.append(text_of(item.rows[number].text))
    # At the beginning, because labels are cut: the values are the answers
    # before the reversal.
    reverse = "[odwrócona / reversed]" if "reversed" in keying else ""
    head = " ".join(part for part in (leaf.code, reverse) if part)
    return ": ".join(part for part in (head, *texts) if part)


def _variables(
    item: Item,
    leaf: Leaf,
    label: str,
    answers: Sequence[Cell | str | None],
    keying: str,
) -> list[Variable]:
    meanings, by_bits = _values_of(item, leaf)
    lowest = min(
        [
            *meanings,
            leaf.minimum or 0,
            *(_value(answer, by_bits) or 0 for answer in answers),
        ],
        default=0,
    )
    codes, why = _codes(item, leaf, lowest)
    values = [_coded(answer, by_bits, codes) for answer in answers]
    distinct_values = {*values}
    missing = {code: text for code, text in why.items() if code in distinct_values}
    name, measure = name_of(leaf.code), _measure(item, meanings, by_bits)
    first = Variable(name, label, meanings, values, measure, missing, leaf.code, keying)
    if item.type != ItemType.MULTI_SELECT:
        return [first]
    return [first, *(_option(first, leaf, option, answers) for option in item.options)]


def _values_of(item: Item, leaf: Leaf) -> tuple[dict[float, str], dict[int, float]]:
    """The meanings of an item's values, and numbers for its options if none has a value."""
    labels = {
        option.code: text_of(option.label) or option.code for option in item.options
    }
    labels_by_value: dict[float, list[str]] = {}
    for code, cell in leaf.option_cells.items():
        if cell.value is not None:
            labels_by_value.setdefault(float(cell.value), []).append(
                labels.get(code, code)
            )
    # Options with the same value are one answer for the score: the meaning names
    # all of them.
    meanings = {value: " | ".join(texts) for value, texts in labels_by_value.items()}
    if meanings or item.type == ItemType.MULTI_SELECT:
        return (meanings if item.type != ItemType.MULTI_SELECT else {}), {}
    # No option has a value: their numbers distinguish the options.
    numbers = {
        cell.bits: float(n) for n, cell in enumerate(leaf.option_cells.values(), 1)
    }
    texts = [labels.get(code, code) for code in leaf.option_cells]
    return dict(zip(numbers.values(), texts, strict=True)), numbers


def _codes(
    item: Item, leaf: Leaf, lowest: float
) -> tuple[dict[Any, float], dict[float, str]]:
    """The code of each reason and of each option without a value, and the meaning of each code."""
    # Round numbers below all possible answers, as is usual in data archives.
    lowest_code, room = -99.0, -99.0 + _ROOM
    while lowest <= room:
        lowest_code = lowest_code * 10 - 9
        room = lowest_code + _ROOM
    codes: dict[Any, float] = {}
    why: dict[float, str] = {}
    options = {option.code: option for option in item.options}
    unscored = [code for code, cell in leaf.option_cells.items() if cell.value is None]
    for place, reason in enumerate((*_WHY, *unscored)):
        code = lowest_code + place
        key = leaf.option_cells[reason].bits if place >= len(_WHY) else reason
        option = options.get(reason)
        text = text_of(option.label) if option else _QUALIFIERS.get(reason, "")
        codes[key] = code
        why[code] = _WHY.get(reason) or text or reason
    return codes, why


def _value(answer: Cell | str | None, by_bits: Mapping[int, float]) -> float | None:
    if not isinstance(answer, Cell) or answer.state != GIVEN:
        return None
    return by_bits.get(answer.bits, as_number(answer.value))


def _coded(
    answer: Cell | str | None, by_bits: Mapping[int, float], codes: Mapping[Any, float]
) -> float:
    """The value of an answer, or the code of the reason why there is none."""
    value = _value(answer, by_bits)
    if value is not None:
        return value
    if isinstance(answer, Cell):
        return codes.get(answer.bits, codes[BLANK])
    # The form of the row does not have the item.
    return codes["not_asked" if answer is None else answer]


def _measure(
    item: Item, meanings: Mapping[float, str], by_bits: Mapping[int, float]
) -> Measure:
    if item.type in _SCALES:
        return Measure.SCALE
    return Measure.NOMINAL if by_bits or len(meanings) <= 2 else Measure.ORDINAL


def _option(
    whole: Variable, leaf: Leaf, option: Option, answers: Sequence[Cell | str | None]
) -> Variable:
    """Whether this option was chosen: the sum of the chosen values does not show which
    ones were.
    """
    bits = leaf.option_cells[option.code].bits
    values = [
        float(bool(answer.bits & bits)) if isinstance(answer, Cell) else value
        for answer, value in zip(answers, whole.values, strict=True)
    ]
    text = text_of(option.label) or option.code
    return whole._replace(
        name=f"{whole.name}_{name_of(option.code)}".replace("+", "p"),
        label=f"{leaf.code}.{option.code}: {text}",
        meanings={0.0: "nie / no", 1.0: "tak / yes"},
        values=values,
        measure=Measure.NOMINAL,
        code=f"{leaf.code}.{option.code}",
        keying="",
    )
