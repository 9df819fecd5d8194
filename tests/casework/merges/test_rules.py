"""What two records share, and what may be done to a merge."""

from datetime import date
from typing import Any

import pytest

from services.casework.merges.rules import VERBS, MergeState, shared

ONE = {"given_name": "Zofia", "family_name": "Żółkiewska", "born_on": date(2023, 2, 28), "pesel": "23222899984"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["pesel", "given-family", "given-born", "family-born"]),
        ({"pesel": None, "family_name": "Zolkiewska"}, ["given-family", "given-born", "family-born"]),
        ({"pesel": None, "given_name": "Zofja"}, ["family-born"]),
        ({"pesel": None, "born_on": None}, ["given-family"]),
        ({"pesel": None, "born_on": date(2023, 2, 27), "given_name": "Zuzanna"}, []),
        ({"given_name": None, "family_name": None, "born_on": None}, ["pesel"]),
    ],
)
def test_two_records_share_a_number_or_pairs_of_facts(facts: dict[str, Any], expected: list[str]) -> None:
    assert shared(ONE, ONE | facts) == expected


def test_only_what_was_merged_can_be_undone() -> None:
    assert [state for state in MergeState if "undo" in VERBS[state]] == [MergeState.MERGED]
    assert VERBS[MergeState.UNDONE] == VERBS[MergeState.DECLINED] == []
