"""How the figures of TMW and FERS are computed of training's records. Pure."""

from datetime import date, timedelta
from decimal import Decimal

from gateway.views.pilot_records import Authorities, BudgetTask, Records
from gateway.views.pilot_shapes import RecordsNamed, Verdict
from gateway.views.pilot_verdicts import Found, percent

POST_PROJECT_YEARS = 2
"""Source 003: how long authorities are monitored after the project."""


def budget(records: Records, _: RecordsNamed) -> Found | None:
    if records.budget is None:
        return None
    parts = {str(year.year): year.amount for year in records.budget.years}
    return Found(records.budget.total, parts)


def union(records: Records, _: RecordsNamed) -> Found | None:
    sources = (
        {one.kind: one for one in records.budget.sources} if records.budget else {}
    )
    if "eu" not in sources:
        return None
    national = sources["national"].amount if "national" in sources else None
    return Found(
        sources["eu"].amount, {"share": sources["eu"].share, "national": national}
    )


def tasks(records: Records, _: RecordsNamed) -> Found | None:
    if records.budget is None:
        return None
    shares = {str(task.number): task.share for task in records.budget.tasks}
    parts = {number: str(share) for number, share in shares.items()}
    return Found(str(sum(shares.values(), Decimal(0))), parts)


def calendar(records: Records, _: RecordsNamed) -> Found | None:
    """What can be spent in 2023, as far as the calendar of the tasks goes."""
    if records.budget is None or records.check is None:
        return None
    planned = {year.year: year.amount for year in records.budget.years}
    feasible = {
        year: finding.feasible
        for finding in records.check.findings
        if len(finding.years) == 1
        for year in finding.years
    }
    most = {year: feasible.get(year, amount) for year, amount in planned.items()}
    parts = {"most": records.check.most_spendable, "2026": most.get(2026)}
    # Even where the first year is feasible another may not be.
    verdict: Verdict | None = None if records.check.is_feasible else "contradiction"
    return Found(most.get(2023, ""), parts, verdict)


def teams(records: Records, _: RecordsNamed) -> Found | None:
    found, programme = records.teams, records.programme
    if found is None or found.teams is None:
        return None
    parts: dict[str, str | None] = {"authorities": str(found.teams.total)}
    if programme is not None:
        for name in ("smallest", "largest"):
            size = getattr(programme, f"{name}_team")
            parts[name] = size and str(size * found.teams.total)
    return Found(str(found.people), parts)


def supported(records: Records, _: RecordsNamed) -> Found | None:
    found = records.supported
    if found is None or found.female is None or found.male is None:
        return None
    women, whole = found.female.achieved, found.whole.achieved
    parts = {
        "female": str(women),
        "male": str(found.male.achieved),
        "share": percent(Decimal(women), Decimal(whole), 1),
    }
    return Found(str(whole), parts)


def monitoring(records: Records, _: RecordsNamed) -> Found | None:
    if records.budget is None:
        return None
    months = {task.number: _months_of(task) for task in records.budget.tasks}
    if 3 not in months:
        return None
    windows = _windows(records.authorities) if records.authorities else None
    return Found(str(months[3]), {"window": windows}, is_apart=True)


def _months_of(task: BudgetTask) -> int:
    first, last = (
        4 * int(quarter[:4]) + int(quarter[-1])
        for quarter in (task.start_quarter, task.end_quarter)
    )
    return 3 * (last - first + 1)


def _windows(authorities: Authorities) -> str | None:
    """How long the windows of authorities are, in months; each length once."""
    lengths = {
        _months_between(one.advisory_starts_on, one.advisory_ends_on)
        for one in authorities.items
        if one.advisory_starts_on and one.advisory_ends_on
    }
    return ", ".join(map(str, sorted(lengths))) or None


def _months_between(first: date, last: date) -> int:
    """Whole months from a first day to a last one."""
    after = last + timedelta(days=1)
    return 12 * (after.year - first.year) + after.month - first.month


def afterwards(records: Records, _: RecordsNamed) -> Found | None:
    if records.programme is None or records.programme.ends_on is None:
        return None
    ends_on = records.programme.ends_on
    after = f"{ends_on.year + POST_PROJECT_YEARS}-{ends_on.month:02}"
    return Found(after, {"project": f"{ends_on:%Y-%m}"})


def trained(records: Records, _: RecordsNamed) -> Found | None:
    found = records.locations
    if found is None or found.locations is None:
        return None
    parts = {
        "groups": str(found.groups.complete),
        "locations": str(found.locations.complete),
    }
    return Found(str(found.people), parts)
