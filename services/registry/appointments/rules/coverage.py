"""On which days a site has fewer people in a role than it has to have. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from services.registry.appointments.rules.roles import CODES, Role, Span


class Gap(NamedTuple):
    """Days from `start` until before `end` on which fewer than required are there."""

    start: date
    end: date | None
    present: int


def gaps(appointments: Iterable[Span], required: int, window: Span) -> list[Gap]:
    """The gaps within a window, by date; adjacent gaps with the same number are merged."""
    spans = [span for span in appointments if span.overlaps(window)]
    # The number of people changes on these days only, so one count for
    # each stretch is enough.
    bounds = {
        day
        for span in spans
        for day in span
        if day is not None and window.start < day and window.holds(day)
    }
    starts = sorted({window.start, *bounds})
    result: list[Gap] = []
    for start, end in zip(starts, [*starts[1:], window.end], strict=True):
        present = sum(span.holds(start) for span in spans)
        if present >= required:
            continue
        # Where one person comes on the day another leaves, the same gap goes on.
        if result and result[-1].end == start and result[-1].present == present:
            result[-1] = result[-1]._replace(end=end)
        else:
            result.append(Gap(start, end, present))
    return result


def window_of(site: Any, appointments: Sequence[Span], today: date) -> Span | None:
    """The days on which a site has to have its people; None when there are none.

    From the day it started, or else from the first appointment, or else from today; until it or its programme ended.
    """
    first = site.started_on or min((span.start for span in appointments), default=today)
    lasts = [
        # These are last days, while a span ends with the first day after it.
        day + timedelta(days=1)
        for day in (site.ended_on, site.programme_ends_on)
        if day is not None
    ]
    end = min(lasts, default=None)
    return None if end is not None and end <= first else Span(first, end)


def days_of(gap: Gap, today: date) -> int:
    """How many days a gap has; one without an end is counted up to today, today included."""
    # A gap may begin after today, and has no days yet.
    return max(((gap.end or today + timedelta(days=1)) - gap.start).days, 0)


def warning(role: Role, gap: Gap, required: int) -> dict[str, Any]:
    """A gap, as the answer to a change shows it."""
    code = "too_few_animators" if role is Role.ANIMATOR else "without_coordinator"
    who = CODES.get(role, "animator")
    # People read "to" as the last day; `to` on the wire is the first day after.
    until_pl = f" do {gap.end - timedelta(days=1)}" if gap.end else ""
    until_en = f" to {gap.end - timedelta(days=1)}" if gap.end else ""
    return {
        "code": code,
        "role": role.value,
        "from": gap.start.isoformat(),
        "to": gap.end.isoformat() if gap.end else None,
        "detail": {
            "pl": f"Od {gap.start}{until_pl}: {who} – jest {gap.present} z {required}",
            "en": f"From {gap.start}{until_en}: {who} – {gap.present} of {required} present",
        },
    }


def new_warnings(
    role: Role, required: int, before: Sequence[Gap], after: Sequence[Gap]
) -> list[dict[str, Any]]:
    """Warnings of the gaps after a change that were not there before it."""
    return [warning(role, gap, required) for gap in after if gap not in before]


def coverage(
    sites: Sequence[Any],
    people: Sequence[Any],
    required: Mapping[Role, int],
    today: date,
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Totals of the required roles on a day, and every site with its people of the day and all its gaps."""
    totals = dict.fromkeys(
        ("sites", "required", "present", "missing", "lacking_sites"), 0
    )
    at_site: dict[Any, list[Any]] = {site.id: [] for site in sites}
    for person in people:
        # People of a site that is not listed go into a list that is thrown away.
        at_site.get(person.site_id, []).append(person)
    site_rows = []
    for site in sites:
        holders = [
            person
            for person in at_site[site.id]
            if Span(person.held_from, person.held_to).holds(today)
        ]
        present = {
            role: sum(person.role == role for person in holders) for role in required
        }
        # Role by role: one animator too many does not stand for a coordinator.
        missing = sum(
            max(number - present[role], 0) for role, number in required.items()
        )
        for name, number in {
            "sites": 1,
            "required": sum(required.values()),
            "present": sum(present.values()),
            "missing": missing,
            "lacking_sites": int(missing > 0),
        }.items():
            totals[name] += number
        site_gaps = _gaps_of_site(site, at_site[site.id], required, today)
        site_rows.append(_site(site, holders, site_gaps))
    return totals, site_rows


def _site(
    site: Any, holders: Sequence[Any], site_gaps: list[dict[str, Any]]
) -> dict[str, Any]:
    people = [
        {"appointment_id": person.id}
        | {
            name: getattr(person, name)
            for name in ("role", "subject", "held_from", "held_to")
        }
        for person in holders
    ]
    facts = {name: getattr(site, name) for name in ("name", "county_terc", "status")}
    return {"site_id": site.id, **facts, "people": people, "gaps": site_gaps}


def _gaps_of_site(
    site: Any, people: Sequence[Any], required: Mapping[Role, int], today: date
) -> list[dict[str, Any]]:
    site_gaps = []
    for role, number in required.items():
        appointments = [
            Span(person.held_from, person.held_to)
            for person in people
            if person.role == role
        ]
        window = window_of(site, appointments, today)
        for gap in gaps(appointments, number, window) if window else []:
            days = {
                "role": role,
                "from": gap.start,
                "to": gap.end,
                "days": days_of(gap, today),
            }
            site_gaps.append(days | {"required": number, "present": gap.present})
    return site_gaps
