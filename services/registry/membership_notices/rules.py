"""Which criteria of its rule of inclusion a member no longer meets. Pure."""

from datetime import date

from services.registry.memberships.rules import Standing, Verb, not_met
from services.registry.network_rules.rules import RuleTerms


def lapsed(
    rule: RuleTerms, standing: Standing, day: date, *, is_open: bool
) -> list[str]:
    """The criteria of its rule that a member does not meet on a day; empty
    when it meets all.

    `open` when the institution is closed, `in_force` when the rule was retired, and
    each criterion of the rule that the institution no longer meets.
    """
    # The same criteria as at the inclusion, so that all members are judged alike.
    missing = not_met(rule, Verb.INCLUDE, day, standing)
    return missing if is_open else ["open", *missing]


def wrong_answer_day(given_on: date, answer_by: date) -> list[tuple[str, str]]:
    """The error, field and code, when the last day for an answer is not
    after the notice.
    """
    return [("answer_by", "wrong_order")] if answer_by <= given_on else []
