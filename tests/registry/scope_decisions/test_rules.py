"""The scope of a test, and who signs it."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.registry.scope_decisions.rules import allowed_signatures, missing_signatures, wrong_spheres


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_a_scope_is_some_of_the_three_spheres_source_002(spheres: list[int]) -> None:
    fine = len({*spheres}) == len(spheres) and {*spheres} <= {1, 2, 3}
    assert (wrong_spheres(spheres, [1, 2, 3]) is None) == fine
    assert wrong_spheres(spheres, []) == "not_allowed"


def decision(coalition: str | None, project: str | None) -> Any:
    return SimpleNamespace(signed_by_coalition=coalition, signed_by_project=project, superseded_at=None)


def test_a_decision_names_the_signatures_that_it_lacks() -> None:
    assert missing_signatures(None) == ["decision"]
    assert missing_signatures(decision(None, None)) == ["coalition", "project"]
    assert missing_signatures(decision("a", None)) == ["project"]
    assert missing_signatures(decision("a", "b")) == []
    assert allowed_signatures(decision(None, "b")) == ["sign-for-coalition"]
