"""Gaps and overlaps of norms, against a child-by-child count."""

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.screening.instruments.rules.bands import fits, leaves_gap, overlapping
from services.screening.instruments.rules.definitions import Form
from services.screening.instruments.rules.norms import NormTable
from services.screening.instruments.rules.outcomes import Informant, Sex
from tests.screening.instruments.published import words

AGES = st.none() | st.integers(0, 12)
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "age_from": AGES,
    "age_to": AGES,
    "sex": st.sampled_from([None, "female", "male"]),
    "informant": st.sampled_from([None, "parent", "teacher"]),
}
TABLES = st.lists(
    st.fixed_dictionaries(FACTS).map(lambda facts: NormTable.model_validate({"scale": "S", **facts})),
    max_size=5,
)
FORM = Form.model_validate(
    {
        "code": "F",
        "title": words("F"),
        "age_from": 2,
        "age_to": 10,
        "informants": ["parent", "teacher"],
        "items": ["Q"],
    }
)


@given(TABLES)
def test_tables_overlap_where_some_child_has_two(tables: list[NormTable]) -> None:
    children = list(product(range(14), Sex, Informant))
    two = [
        number
        for number, later in enumerate(tables)
        if any(fits(later, *child) and any(fits(one, *child) for one in tables[:number]) for child in children)
    ]
    found = overlapping(tables)
    assert found in two if two else found is None


@given(TABLES)
def test_tables_leave_a_gap_where_some_child_of_the_form_has_none(tables: list[NormTable]) -> None:
    children = product(range(2, 10), (Sex.FEMALE, Sex.MALE), FORM.informants)
    without = [child for child in children if not any(fits(one, *child) for one in tables)]
    assert leaves_gap(tables, [FORM]) == bool(without)
