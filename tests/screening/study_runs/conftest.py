"""A study with enough children for everything that is computed."""

import pytest

from tests.screening.studies.population import Facts, again, screened
from tests.screening.study_runs.studied import studied


@pytest.fixture(scope="module")
def ready() -> Facts:
    first = screened(600, verified=0.4)
    second = [again(one, number) for number, one in enumerate(first[:80])]
    others = [again(one, number, informant="teacher", on="2026-03-02") for number, one in enumerate(first[100:150])]
    return studied([*first, *second, *others])
