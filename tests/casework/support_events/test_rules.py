"""Hours and groups of early support as the law has them, and counts as SIO has them."""

from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.cases.rules import SupportKind
from services.casework.laws.rules.values import LAWS, EarlySupport, Source
from services.casework.support_events.rules import (
    Count,
    SupportEvent,
    SupportForm,
    count,
    counts_by_form,
    event_errors,
    hours_error,
    hours_in_month,
    missing_hours,
    month_error,
)

DAY = date(2026, 3, 2)
THERAPY = SupportForm.FAMILY_THERAPY
GROUP = SupportForm.GROUP_CLASSES


def therapy(*present: str, form: SupportForm = THERAPY) -> SupportEvent:
    return SupportEvent(DAY, form, 60, frozenset(present))


def early(
    *children: str,
    minutes: int = 60,
    on: date = DAY,
    form: SupportForm = SupportForm.INDIVIDUAL_CLASSES,
) -> SupportEvent:
    present = frozenset(children) | {"mother"}
    return SupportEvent(on, form, minutes, present, frozenset(children), True)


def test_there_are_five_kinds_of_support() -> None:
    assert [kind.value for kind in SupportKind] == [
        "informational",
        "emotional",
        "social",
        "diagnostic",
        "therapeutic",
    ]


@pytest.mark.parametrize(
    ("hours", "has_consent", "error"),
    [
        (0, True, "too_few_hours"),
        (3, False, "too_few_hours"),
        (3, True, "too_few_hours"),
        (4, False, None),
        (8, False, None),
        (Fraction(33, 4), False, "running_body_consent"),
        (9, False, "running_body_consent"),
        (9, True, None),
    ],
)
def test_early_support_takes_4_to_8_hours_and_more_with_consent(
    hours: int | Fraction, has_consent: bool, error: str | None
) -> None:
    assert hours_error(Fraction(hours), DAY, has_consent=has_consent) == error


def test_a_reform_changes_hours_and_groups_from_its_day_on() -> None:
    reform = EarlySupport(date(2026, 9, 1), Source("reform", "§ 1"), 2, 10, 4)
    laws = LAWS._replace(early_support=(*LAWS.early_support, reform))
    after = date(2026, 9, 1)
    assert hours_error(Fraction(9), after, has_consent=False, laws=laws) is None
    assert hours_error(Fraction(9), DAY, has_consent=False, laws=laws) is not None
    four = early("a", "b", "c", "d", form=GROUP)
    assert event_errors(four._replace(on=after), laws) == []
    assert event_errors(four, laws) == [("children", "too_many")]


def test_only_early_support_of_this_child_and_this_month_makes_its_hours() -> None:
    events = [
        early("a", minutes=90),
        early("a", "b", "c", minutes=45, form=GROUP, on=date(2026, 3, 31)),
        early("b"),
        early("a", on=date(2026, 4, 1)),
        early("a", on=date(2025, 3, 2)),
        early("a")._replace(is_early_support=False),
    ]
    assert hours_in_month(events, "a", DAY) == Fraction(9, 4)
    assert missing_hours(Fraction(9, 4), DAY) == Fraction(7, 4)
    assert missing_hours(Fraction(9), DAY) == 0


@pytest.mark.parametrize(
    ("event", "errors"),
    [
        (early("a"), []),
        (early("a", form=SupportForm.HOME_CLASSES), []),
        (early("a", "b", "c", form=GROUP), []),
        (early("a", "b", "c", "d", form=GROUP), [("children", "too_many")]),
        (early("a", "b"), [("children", "too_many")]),
        (early(), [("children", "missing")]),
        (early("a", form=SupportForm.WORKSHOP), [("form", "not_allowed")]),
        (early("a", minutes=1), []),
        (early("a", minutes=0), [("minutes", "too_few")]),
        (
            early("a")._replace(present=frozenset({"mother"})),
            [("children", "not_present")],
        ),
        (therapy("mother", "father"), []),
        (therapy(), [("present", "missing")]),
    ],
)
def test_early_support_is_for_one_child_or_a_group_of_at_most_three(
    event: SupportEvent, errors: list[tuple[str, str]]
) -> None:
    assert event_errors(event) == errors


def test_an_event_that_passes_8_hours_needs_the_consent_for_each_child() -> None:
    before = [early("a", minutes=450), early("b", minutes=480)]
    assert month_error(early("a", minutes=30), before) is None
    assert month_error(early("a", minutes=31), before) == "running_body_consent"
    assert month_error(early("a", minutes=31), before, ["a"]) is None
    both = early("a", "b", minutes=30, form=GROUP)
    assert month_error(both, before, ["a"]) == "running_body_consent"
    assert month_error(both, before, ["b"]) is None
    assert month_error(early("b", on=date(2026, 4, 1)), before) is None
    assert month_error(therapy("b", form=THERAPY), before) is None


def test_a_family_therapy_of_three_is_one_form_and_three_beneficiaries() -> None:
    first = therapy("mother", "father", "child")
    others = therapy("x", "y", "z")
    assert count([first]) == Count(1, 3)
    assert count([first, first]) == Count(2, 3)
    assert count([first, first, others]) == Count(3, 6)
    assert count([]) == Count(0, 0)


def test_a_person_counts_once_in_every_form() -> None:
    events = [
        therapy("mother", "child"),
        therapy("mother", form=SupportForm.CONSULTATION),
        therapy("mother", "child"),
    ]
    assert counts_by_form(events) == {
        SupportForm.FAMILY_THERAPY: Count(2, 2),
        SupportForm.CONSULTATION: Count(1, 1),
    }


PEOPLE = st.frozensets(st.sampled_from("abcdef"), min_size=1)
EVENTS = st.lists(
    st.builds(
        lambda form, people: therapy(*people, form=form),
        st.sampled_from(SupportForm),
        PEOPLE,
    )
)


@given(EVENTS, st.randoms(use_true_random=False))
def test_counts_do_not_depend_on_order_and_grow_with_every_meeting(events: list[SupportEvent], chance: Random) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert count(shuffled) == count(events)
    for number in range(len(events)):
        before, after = count(events[:number]), count(events[: number + 1])
        assert after.forms == before.forms + 1
        assert after.beneficiaries >= before.beneficiaries
    by_form = counts_by_form(events).values()
    assert sum(each.forms for each in by_form) == len(events)
    assert sum(each.beneficiaries for each in by_form) >= count(events).beneficiaries
