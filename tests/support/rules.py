"""A rule that holds of many things is one test: thousands of tiny ones would cost the runner more than the rule."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

Case = TypeVar("Case")
Rule = Callable[[Case], None]


def of_every(cases: Iterable[Case], named: Callable[[Case], str] = str) -> Callable[[Rule[Case]], Callable[[], None]]:
    """Look at every case, there is at least one, and name each that breaks the rule, with what is wrong."""
    looked_at = list(cases)
    assert looked_at, "a rule about nothing"

    def of(rule: Rule[Case]) -> Callable[[], None]:
        def test() -> None:
            broken = [f"{named(case)}: {wrong}" for case in looked_at if (wrong := _wrong_with(case, rule))]
            if broken:
                pytest.fail("\n".join(broken), pytrace=False)

        test.__name__, test.__doc__ = rule.__name__, rule.__doc__
        return test

    return of


def _wrong_with(case: Case, rule: Rule[Case]) -> str:
    """Empty where the rule holds. What cannot be parsed breaks it."""
    try:
        rule(case)
    except (AssertionError, SyntaxError) as error:
        return str(error) or type(error).__name__
    return ""
