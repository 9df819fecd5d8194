"""A child's hours of a month, from the recorded support events."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.casework.cases.models import Case
from services.casework.early_support_hours.schemas import EarlySupportHours
from services.casework.laws.rules.values import LAWS, in_force
from services.casework.reads import as_county
from services.casework.support_events.queries import (
    find_running_body_consent,
    list_early_support,
)
from services.casework.support_events.rules import missing_hours, month_status
from services.chassis.data.work import AuditedReading


async def get_hours(
    reading: AuditedReading, case: Case, month: date
) -> EarlySupportHours:
    """The hours of the case's child in a month, of all providers and cases."""
    child = case.person_id
    # As the county: a provider reaches only its own events,
    # but the limit is for all of them.
    async with as_county(reading, case.county_terc):
        events = await list_early_support(reading, child, month)
        last = events[-1].occurred_on if events else month
        consent_id = await find_running_body_consent(reading, child, last)
    law = in_force(LAWS.early_support, month)
    minutes = sum(event.minutes for event in events)
    hours = Fraction(minutes, law.minutes_of_hour)
    return EarlySupportHours(
        case_id=case.id,
        person_id=child,
        month=month.isoformat()[:7],
        minutes=minutes,
        hours=_two_places(hours),
        fewest_hours=law.fewest_hours,
        most_hours=law.most_hours,
        missing_hours=_two_places(missing_hours(hours, month)),
        status=month_status(hours, month, has_consent=consent_id is not None),
        consent_document_id=consent_id,
    )


def _two_places(hours: Fraction) -> Decimal:
    # Only for display: the status is computed from exact hours.
    return round(Decimal(hours.numerator) / hours.denominator, 2)
