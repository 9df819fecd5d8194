"""What of the rule by which a member was included no longer holds. Pure."""

from datetime import date

from services.registry.memberships.rules import Standing, Verb, not_met
from services.registry.network_rules.rules import RuleTerms


def lapsed(
    rule: RuleTerms, standing: Standing, day: date, *, is_open: bool
) -> list[str]:
    """What a member lacks on a day of what included it; empty while the rule holds.

    `open` where the institution is closed, `in_force` where the rule was retired, and
    each criterion of the rule that the institution no longer meets.
    """
    # The same criteria as at the inclusion, so that nobody is measured by others.
    missing = not_met(rule, Verb.INCLUDE, day, standing)
    return missing if is_open else ["open", *missing]


def wrong_answer_day(given_on: date, answer_by: date) -> list[tuple[str, str]]:
    """A member answers after the notice: field and code of what says otherwise."""
    return [("answer_by", "wrong_order")] if answer_by <= given_on else []
