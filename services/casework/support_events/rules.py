"""Rules of support: forms, hours of a month, groups, counts. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from services.casework.laws.rules.values import LAWS, Laws, in_force


class SupportForm(StrEnum):
    """The form of support."""

    INDIVIDUAL_CLASSES = "individual_classes"
    GROUP_CLASSES = "group_classes"
    HOME_CLASSES = "home_classes"
    FAMILY_THERAPY = "family_therapy"
    CONSULTATION = "consultation"
    EXAMINATION = "examination"
    HOME_VISIT = "home_visit"
    WORKSHOP = "workshop"


class AnnullingReason(StrEnum):
    """Why a record does not count: a code, because a text could reveal something about
    the child.
    """

    DID_NOT_TAKE_PLACE = "did_not_take_place"
    CHILD_WAS_ABSENT = "child_was_absent"
    WRONG_CHILD = "wrong_child"
    WRONG_FACTS = "wrong_facts"
    ENTERED_TWICE = "entered_twice"


EARLY_SUPPORT_FORMS = frozenset(
    {
        SupportForm.INDIVIDUAL_CLASSES,
        SupportForm.GROUP_CLASSES,
        SupportForm.HOME_CLASSES,
    }
)
"""Forms of early development support (WWR): Dz.U. 2017 poz. 1635 § 6 and § 7."""


class SupportEvent(NamedTuple):
    """One meeting, of `minutes`, with the people present
    and the children among them.
    """

    on: date
    form: SupportForm
    minutes: int
    present: frozenset[str]
    # Ids as texts: they are only compared here.
    children: frozenset[str] = frozenset()
    is_early_support: bool = False


def date_error(
    on: date, opened_on: date, closed_on: date | None, today: date
) -> str | None:
    """The error code for the day of support of a case; None where it is possible."""
    if on > today:
        return "in_future"
    if on < opened_on:
        return "before_opening"
    return "after_closing" if closed_on is not None and on > closed_on else None


def hours_error(
    hours: Fraction, day: date, *, has_consent: bool, laws: Laws = LAWS
) -> str | None:
    """The error code for a child's hours of early support in the month of a day.

    `too_few_hours`, or `running_body_consent` where the maximum is exceeded without the
    consent of the body that runs the institution; None where the hours are allowed.
    """
    limits = in_force(laws.early_support, day)
    if hours < limits.fewest_hours:
        return "too_few_hours"
    # `>`: exactly the maximum needs no consent.
    is_over = hours > limits.most_hours
    return "running_body_consent" if is_over and not has_consent else None


def hours_in_month(
    events: Iterable[SupportEvent], child: str, day: date, laws: Laws = LAWS
) -> Fraction:
    """A child's hours of early support in the month of a day."""
    minutes = sum(
        event.minutes
        for event in events
        if event.is_early_support
        and child in event.children
        and (event.on.year, event.on.month) == (day.year, day.month)
    )
    # A fraction, so that three meetings of 20 minutes are exactly one hour.
    return Fraction(minutes, in_force(laws.early_support, day).minutes_of_hour)


def missing_hours(hours: Fraction, day: date, laws: Laws = LAWS) -> Fraction:
    """The hours of early support that a month lacks to reach the minimum."""
    # Not below 0.
    return max(in_force(laws.early_support, day).fewest_hours - hours, Fraction(0))


class HoursStatus(StrEnum):
    """A month's hours of early support compared with the law."""

    TOO_FEW = "too_few"
    WITHIN = "within"
    WITH_CONSENT = "with_consent"
    TOO_MANY = "too_many"


def month_status(
    hours: Fraction, day: date, *, has_consent: bool, laws: Laws = LAWS
) -> HoursStatus:
    """The status of the hours in the month of a day, compared with the law.

    `has_consent`: the body that runs the institution allows more than the maximum.
    """
    if hours > in_force(laws.early_support, day).most_hours:
        return HoursStatus.WITH_CONSENT if has_consent else HoursStatus.TOO_MANY
    error = hours_error(hours, day, has_consent=has_consent, laws=laws)
    return HoursStatus.WITHIN if error is None else HoursStatus.TOO_FEW


def event_errors(event: SupportEvent, laws: Laws = LAWS) -> list[tuple[str, str]]:
    """The errors in a single event, each as field and code; empty where there are none.

    All children of the meeting must be present. Early support needs one child, or a
    group that is not too large; other support is possible without a child.
    """
    wrong = []
    if event.minutes <= 0:
        wrong.append(("minutes", "too_few"))
    if not event.present:
        wrong.append(("present", "missing"))
    if event.children - event.present:
        wrong.append(("children", "not_present"))
    if event.is_early_support:
        wrong += _early_support_errors(event, laws)
    return wrong


def _early_support_errors(event: SupportEvent, laws: Laws) -> list[tuple[str, str]]:
    if event.form not in EARLY_SUPPORT_FORMS:
        return [("form", "not_allowed")]
    if not event.children:
        return [("children", "missing")]
    is_group = event.form is SupportForm.GROUP_CLASSES
    # Every other form is for one child.
    most = in_force(laws.early_support, event.on).largest_group if is_group else 1
    return [("children", "too_many")] if len(event.children) > most else []


def month_error(
    event: SupportEvent,
    before: Collection[SupportEvent],
    with_consent: Collection[str] = (),
    laws: Laws = LAWS,
) -> str | None:
    """The error code for an event of early support in a child's month with the events
    `before`; None where it is allowed.

    `running_body_consent` where the event exceeds a child's maximum without consent;
    `with_consent` are the children with a consent for that month.
    """
    most = in_force(laws.early_support, event.on).most_hours
    if not event.is_early_support:
        return None
    for child in event.children - frozenset(with_consent):
        # Too few hours are no error: they are counted when the month is over.
        if hours_in_month([*before, event], child, event.on, laws) > most:
            return "running_body_consent"
    return None


class Count(NamedTuple):
    """The number of meetings, and the number of people."""

    forms: int
    beneficiaries: int


def count(events: Iterable[SupportEvent]) -> Count:
    """Forms and beneficiaries by the definitions of the education
    information system (SIO).

    Every meeting is one form; a person who comes several times is one beneficiary.
    Source: the instruction of SIO for counselling centres.
    """
    people = [event.present for event in events]
    return Count(len(people), len(frozenset[str]().union(*people)))


def counts_by_form(events: Collection[SupportEvent]) -> Mapping[SupportForm, Count]:
    """The count of each form that occurs; a person counts once in every form."""
    forms = [form for form in SupportForm if any(each.form is form for each in events)]
    return {form: count(each for each in events if each.form is form) for form in forms}
