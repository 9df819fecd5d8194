"""Numbers and codes of certificates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.certificates.rules import (
    ALPHABET,
    certificate_number,
    read_code,
    written_code,
)


def test_a_number_names_programme_and_year() -> None:
    assert certificate_number("TMW", 2026, 123) == "TMW/2026/000123"


@given(st.text(alphabet=ALPHABET, min_size=20, max_size=20))
def test_a_code_is_read_as_people_type_it(letters: str) -> None:
    code = written_code(letters)
    assert len(code.split("-")) == 4
    for typed in (code, letters, code.lower(), code.replace("-", " "), letters.replace("0", "o").replace("1", "l")):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "0" * 19, "0" * 21, "U" * 20, "ą" * 20])
def test_what_is_no_code_is_not_read(typed: str) -> None:
    assert read_code(typed) is None
