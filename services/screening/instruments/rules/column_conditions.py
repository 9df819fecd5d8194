"""Conditions on columns of answers: `conditions.truth` for many children at once."""

import math
from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from services.screening.instruments.rules.answers import NOT_ASKED, UNKNOWN
from services.screening.instruments.rules.columns import Column
from services.screening.instruments.rules.conditions import All, Either, Node, Not, Test
from services.screening.instruments.rules.outcomes import Truth

Truths = NDArray[np.int8]
# As int8: with a plain integer or a member of an enumeration numpy would
# widen the arrays.
_FALSE, _UNKNOWN, _TRUE = (np.int8(truth) for truth in Truth)


def truths(node: Node, columns: Sequence[Column]) -> Truths:
    """The `Truth` of a condition for each child."""
    match node:
        case Test():
            return _truths_of_test(node, columns[node.position])
        case All():
            return reduce(np.minimum, [truths(part, columns) for part in node.parts])
        case Either():
            return reduce(np.maximum, [truths(part, columns) for part in node.parts])
        case Not():
            return _TRUE - truths(node.part, columns)


def _truths_of_test(test: Test, column: Column) -> Truths:
    result: Truths = np.full(len(column.states), _TRUE)
    if test.bits is not None:
        is_unscored = column.bits & test.unscored_bits
        otherwise = np.where(is_unscored, _UNKNOWN, _FALSE)
        result = np.where(column.bits & test.bits, result, otherwise)
    if test.low is not None or test.high is not None:
        is_within = column.has_value.copy()
        # The edges in the unit of the column: there every value is a whole number.
        if test.low is not None:
            is_within &= column.values >= math.ceil(test.low * column.unit)
        if test.high is not None:
            is_within &= column.values <= math.floor(test.high * column.unit)
        without_value = np.minimum(result, _UNKNOWN)
        with_value = np.where(is_within, result, _FALSE)
        result = np.where(column.has_value, with_value, without_value)
    result = np.where(column.states == UNKNOWN, _UNKNOWN, result)
    # Last, to override all of the above: a question that was not asked may have a value
    # (its default), and still every test of it is false.
    return np.where(column.states == NOT_ASKED, _FALSE, result)
