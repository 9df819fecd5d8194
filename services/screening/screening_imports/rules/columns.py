"""The answers of a file's rows, one column an item; each different cell is read once."""

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
    """Answers by leaf; other cells by number of row; each row's answers as JSON.

    `unstorable`: the leaves whose cells hold what no text may hold, by number of row.
    """

    columns: Mapping[str, Coded]
    others: Mapping[int, Mapping[str, str]]
    texts: list[str]
    unstorable: Mapping[int, list[str]]


def texts_of(rows: Sequence[Row], name: str) -> list[str]:
    """A column of these rows; a row without it has an empty cell there."""
    try:
        return [*map(itemgetter(name), rows)]
    except KeyError:
        return [row.get(name, "") for row in rows]


def answer_columns(
    leaves: Mapping[str, Leaf], rows: Sequence[Row], facts: Collection[str]
) -> AnswerColumns:
    """The answers in the columns that are no facts.

    The members of a JSON text are in the order in which PostgreSQL keeps them, shorter
    names first, and need no sorting there.
    """
    columns: dict[str, Coded] = {}
    others: dict[int, dict[str, str]] = {}
    unstorable: dict[int, list[str]] = {}
    members = []
    names = {*chain.from_iterable(rows)} - {*facts}
    for name in sorted(names, key=lambda name: (len(name), name)):
        texts = texts_of(rows, name)
        if name in leaves:
            columns[name], parts, bad = _read(leaves[name], texts)
            members.append(parts)
            for number, text in enumerate(texts if bad else ()):
                if text in bad:
                    unstorable.setdefault(number, []).append(name)
            continue
        for number, text in enumerate(texts):
            if text.strip():
                others.setdefault(number, {})[name] = text
    # Without a column of answers the zip has no rows at all.
    objects = [f"{{{''.join(parts)[:-1]}}}" for parts in zip(*members, strict=True)]
    answers = objects or ["{}"] * len(rows)
    return AnswerColumns(columns, others, answers, unstorable)


def plain(text: str) -> str | None:
    """A cell as the API keeps a text: without spaces around it, in NFC; None if it may not."""
    # Excel on Windows ends the lines of a cell by two characters, and a request by one.
    return plain_text(text.strip().replace("\r\n", "\n"))


class _Places(dict[str, int]):
    """Each different text gets the next number."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


def _read(leaf: Leaf, texts: Sequence[str]) -> tuple[Coded, list[str], set[str]]:
    """The answers in a column, and each as a member of a JSON object with its comma, or empty.

    Beside them the cells that hold what no text may hold.
    """
    different = _Places()
    places = np.fromiter(map(different.__getitem__, texts), np.intp, len(texts))
    kept = [plain(text) for text in different]
    bad = {text for text, read in zip(different, kept, strict=True) if read is None}
    values = [answer_from_cell(leaf, text or "") for text in kept]
    name = _json(leaf.code)
    members = ["" if value is None else f"{name}:{_json(value)}," for value in values]
    return Coded(values, places), np.array(members, object)[places].tolist(), bad
