"""The states of a monitoring report, and what each step needs. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.casework.laws.rules.values import LAWS, Laws, in_force


class ReportState(StrEnum):
    """The state of a report."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class ReportVerb(StrEnum):
    """What may be done to a report."""

    COMMENT = "comment"
    RECOMPUTE = "recompute"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"


_OF_COUNTY: Mapping[ReportVerb, ReportState] = {
    ReportVerb.COMMENT: ReportState.DRAFT,
    ReportVerb.RECOMPUTE: ReportState.DRAFT,
    ReportVerb.SUBMIT: ReportState.SUBMITTED,
}
TRANSITIONS: Mapping[ReportState, Mapping[ReportVerb, ReportState]] = {
    ReportState.DRAFT: _OF_COUNTY,
    ReportState.SUBMITTED: {
        ReportVerb.ACCEPT: ReportState.ACCEPTED,
        ReportVerb.RETURN: ReportState.RETURNED,
    },
    ReportState.RETURNED: {
        **_OF_COUNTY,
        # A comment keeps it returned, so that the reason stays visible until it is
        # submitted again.
        ReportVerb.COMMENT: ReportState.RETURNED,
        ReportVerb.RECOMPUTE: ReportState.RETURNED,
    },
    # Final, because the release of the next report is computed from it.
    ReportState.ACCEPTED: {},
}
"""The state to which each verb leads, by state."""


def allowed_verbs(state: ReportState) -> list[ReportVerb]:
    """What may be done to a report in this state."""
    return list(TRANSITIONS[state])


class ReportNeed(StrEnum):
    """What a submission may need; a refusal names the missing ones."""

    PERIOD_OVER = "period_over"
    FIGURES_OF_WHOLE_PERIOD = "figures_of_whole_period"
    EARLIER_REPORT_ACCEPTED = "earlier_report_accepted"


class ReportFacts(NamedTuple):
    """What a submission depends on: days, and the county's report before it, if any."""

    ends_on: date
    computed_on: date
    earlier: ReportState | None


def missing(facts: ReportFacts, today: date) -> list[ReportNeed]:
    """What a submission still needs.

    Reports of a county must be published one after another;
    the reason is in `releases`.
    """
    met = {
        # `<`, because on its last day a period is not over yet.
        ReportNeed.PERIOD_OVER: facts.ends_on < today,
        ReportNeed.FIGURES_OF_WHOLE_PERIOD: facts.ends_on < facts.computed_on,
        ReportNeed.EARLIER_REPORT_ACCEPTED: facts.earlier
        in {None, ReportState.ACCEPTED},
    }
    return [need for need in ReportNeed if not met[need]]


def due_on(ends_on: date, laws: Laws = LAWS) -> date:
    """The last day on which the report of a period is in time."""
    # By the law at the end of the period: a later change must not make a report late.
    return ends_on + timedelta(days=in_force(laws.monitoring, ends_on).due_days)


def period_errors(starts_on: date, ends_on: date, today: date) -> list[tuple[str, str]]:
    """The errors in a period, each as field and error code; empty where there are none."""
    wrong = [("ends_on", "wrong_order")] if ends_on < starts_on else []
    # Before that day there are no values of law, and no due day could be computed.
    first = min(entry.valid_from for entry in LAWS.monitoring)
    wrong += [("starts_on", "too_long_ago")] if starts_on < first else []
    return wrong + ([("starts_on", "in_future")] if starts_on > today else [])
