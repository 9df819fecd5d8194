"""What rows of two registers say together."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.register_reports.rules.facts import EntityKind, Reconciliation, Register
from services.registry.register_statistics.rules.statistics import (
    LINES,
    Known,
    counted,
    reconciled,
    rounded_percent,
    table,
)

OBTAINED = {(2013, "voivode"): "complete"}
_KEYS = st.tuples(st.sampled_from([2012, 2013]), st.sampled_from([*Register]), st.sampled_from("abcdefgh"))
_ROWS = st.dictionaries(_KEYS, st.tuples(st.booleans(), st.booleans())).map(
    lambda found: [
        Known(year, str(register), key, registered, has_report and register is Register.CAS)
        for (year, register, key), (registered, has_report) in found.items()
    ]
)


@given(_ROWS, st.randoms(use_true_random=False))
def test_the_three_classes_make_line_one_and_the_order_of_rows_does_not_matter(rows: list[Known], random: Any) -> None:
    counts = counted(rows, OBTAINED)
    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert counted(shuffled, OBTAINED) == counts
    years = [2012, 2013]
    whole = table(EntityKind.KIS, years, rows, OBTAINED, [])
    assert table(EntityKind.KIS, years, shuffled, OBTAINED, []) == whole
    cells = {line["line"]: line["cells"] for line in whole["lines"]}
    for year, found in counts.items():
        assert found.both + found.cas_only + found.voivode_only == int(cells["1"][str(year)]["value"])
        standing = {row.entity_key for row in rows if row.year == year and (row.registered or row.register == "cas")}
        assert found.total <= len(standing)


@given(_ROWS)
def test_a_number_has_a_value_and_nothing_else_has_one(rows: list[Known]) -> None:
    whole = table(EntityKind.CIS, [2011, 2012, 2013], rows, OBTAINED, [])
    cells = [cell for line in whole["lines"] for cell in line["cells"].values()]
    assert all((cell["status"] == "number") == (cell["value"] is not None) for cell in cells)
    assert [line["cells"]["2011"]["status"] for line in whole["lines"]] == ["no_data"] * len(LINES)


@pytest.mark.parametrize(
    ("rows", "standing"),
    [
        ([("cas", True)], Reconciliation.BOTH),
        ([("cas", False)], Reconciliation.CAS_ONLY),
        ([("voivode", True)], Reconciliation.VOIVODE_ONLY),
        ([("voivode", False)], None),
        ([("cas", True), ("voivode", True)], Reconciliation.BOTH),
        ([("cas", False), ("voivode", True)], Reconciliation.BOTH),
        ([("cas", True), ("voivode", False)], Reconciliation.CAS_ONLY),
        ([], None),
    ],
)
def test_a_voivodes_own_row_goes_before_what_the_central_register_says(
    rows: list[tuple[str, bool]], standing: Reconciliation | None
) -> None:
    known = [Known(2013, register, "a", registered, False) for register, registered in rows]
    assert reconciled(known, voivodes_are_complete=False) == standing
    # A complete list of the voivodes that does not hold it speaks against the central register.
    against = Reconciliation.CAS_ONLY if rows == [("cas", True)] else standing
    assert reconciled(known, voivodes_are_complete=True) == against


@pytest.mark.parametrize(
    ("part", "whole", "places", "text"),
    [
        (156, 220, 0, "71"),
        (156, 187, 1, "83.4"),
        (98, 122, 1, "80.3"),
        (1, 200, 0, "1"),
        (1, 8, 0, "13"),
        (0, 5, 0, "0"),
    ],
)
def test_percents_are_rounded_half_up(part: int, whole: int, places: int, text: str) -> None:
    assert rounded_percent(part, whole, places) == text
