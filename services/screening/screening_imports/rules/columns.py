"""The answers of a file's rows, one column for each item; each distinct cell is read once."""

import json
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from services.chassis.tabular.characters import plain_text
from services.chassis.transfer.files import Row
from services.screening.instruments.rules.answers import Leaf, answer_from_cell
from services.screening.instruments.rules.columns import Coded

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class AnswerColumns(NamedTuple):
    """Answers by leaf, other cells by index of the row, and each row's answers as JSON.

    `unstorable` holds, by index of the row, the leaves whose cells
    have forbidden characters.
    """

    columns: Mapping[str, Coded]
    others: Mapping[int, Mapping[str, str]]
    texts: list[str]
    unstorable: Mapping[int, list[str]]


def texts_of(rows: Sequence[Row], name: str) -> list[str]:
    """A column of these rows; a row without this column gives an empty text."""
    try:
        return [*map(itemgetter(name), rows)]
    except KeyError:
        return [row.get(name, "") for row in rows]


def answer_columns(
    leaves: Mapping[str, Leaf], rows: Sequence[Row], facts: Collection[str]
) -> AnswerColumns:
    """The answers in all columns but those of the facts.

    The members of a JSON text have the order that PostgreSQL stores, shorter names
    first, so that it need not sort them.
    """
    columns: dict[str, Coded] = {}
    others: dict[int, dict[str, str]] = {}
    unstorable: dict[int, list[str]] = {}
    members = []
    names = {*chain.from_iterable(rows)} - {*facts}
    for name in sorted(names, key=lambda name: (len(name), name)):
        texts = texts_of(rows, name)
        if name in leaves:
            columns[name], parts, bad = _read_column(leaves[name], texts)
            members.append(parts)
            for number, text in enumerate(texts if bad else ()):
                if text in bad:
                    unstorable.setdefault(number, []).append(name)
            continue
        for number, text in enumerate(texts):
            if text.strip():
                others.setdefault(number, {})[name] = text
    # Without any column of answers `zip` gives no rows at all.
    objects = [f"{{{''.join(parts)[:-1]}}}" for parts in zip(*members, strict=True)]
    answers = objects or ["{}"] * len(rows)
    return AnswerColumns(columns, others, answers, unstorable)


def plain(text: str) -> str | None:
    """A cell as the API stores a text: trimmed and in NFC; None if it has forbidden characters."""
    # Excel on Windows ends a line in a cell with two characters, a request with one.
    return plain_text(text.strip().replace("\r\n", "\n"))


class _Places(dict[str, int]):
    """A dict that gives each new text the next number."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


def _read_column(leaf: Leaf, texts: Sequence[str]) -> tuple[Coded, list[str], set[str]]:
    """The answers in a column, and each as a JSON member with a comma, or an empty text.

    The third value are the cells with forbidden characters.
    """
    places_by_text = _Places()
    places = np.fromiter(map(places_by_text.__getitem__, texts), np.intp, len(texts))
    plain_texts = [plain(text) for text in places_by_text]
    bad = {
        text
        for text, result in zip(places_by_text, plain_texts, strict=True)
        if result is None
    }
    values = [answer_from_cell(leaf, text or "") for text in plain_texts]
    name = _json(leaf.code)
    members = ["" if value is None else f"{name}:{_json(value)}," for value in values]
    return Coded(values, places), np.array(members, object)[places].tolist(), bad
