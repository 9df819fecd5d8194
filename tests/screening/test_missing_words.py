"""Whatever a refusal of screening names as missing has words."""

from tests.support.missing_words import Codes, assert_all_named

CODES: Codes = {
    "campaigns/actions.py": ["implementer"],
    "screening_decisions/queries.py": ["another_person"],
    "study_runs/queries.py": ["run"],
}


def test_whatever_is_missing_is_named_in_words() -> None:
    assert_all_named("screening", CODES)
