"""How the figures of TMW and FERS are computed from training's records. Pure."""

from datetime import date, timedelta
from decimal import Decimal

from gateway.views.pilot_records import Authorities, BudgetTask, Records
from gateway.views.pilot_shapes import RecordCodes, Verdict
from gateway.views.pilot_verdicts import Result, percent

POST_PROJECT_YEARS = 2
"""Source 003: how long authorities are monitored after the project."""


def budget(records: Records, _: RecordCodes) -> Result | None:
    if records.budget is None:
        return None
    parts = {str(year.year): year.amount for year in records.budget.years}
    return Result(records.budget.total, parts)


def union(records: Records, _: RecordCodes) -> Result | None:
    sources = (
        {source.kind: source for source in records.budget.sources}
        if records.budget
        else {}
    )
    if "eu" not in sources:
        return None
    national = sources["national"].amount if "national" in sources else None
    return Result(
        sources["eu"].amount, {"share": sources["eu"].share, "national": national}
    )


def tasks(records: Records, _: RecordCodes) -> Result | None:
    if records.budget is None:
        return None
    shares = {str(task.number): task.share for task in records.budget.tasks}
    parts = {number: str(share) for number, share in shares.items()}
    return Result(str(sum(shares.values(), Decimal(0))), parts)


def calendar(records: Records, _: RecordCodes) -> Result | None:
    """The most that can be spent in 2023, by the calendar of the tasks."""
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
    # Even if the first year is feasible another may not be.
    verdict: Verdict | None = None if records.check.is_feasible else "contradiction"
    return Result(most.get(2023, ""), parts, verdict)


def teams(records: Records, _: RecordCodes) -> Result | None:
    composition, programme = records.teams, records.programme
    if composition is None or composition.teams is None:
        return None
    parts: dict[str, str | None] = {"authorities": str(composition.teams.total)}
    if programme is not None:
        for name in ("smallest", "largest"):
            size = getattr(programme, f"{name}_team")
            parts[name] = size and str(size * composition.teams.total)
    return Result(str(composition.people), parts)


def supported(records: Records, _: RecordCodes) -> Result | None:
    progress = records.supported
    if progress is None or progress.female is None or progress.male is None:
        return None
    women, whole = progress.female.achieved, progress.whole.achieved
    parts = {
        "female": str(women),
        "male": str(progress.male.achieved),
        "share": percent(Decimal(women), Decimal(whole), 1),
    }
    return Result(str(whole), parts)


def monitoring(records: Records, _: RecordCodes) -> Result | None:
    if records.budget is None:
        return None
    months = {task.number: _months_of(task) for task in records.budget.tasks}
    if 3 not in months:
        return None
    windows = _windows(records.authorities) if records.authorities else None
    return Result(str(months[3]), {"window": windows}, is_apart=True)


def _months_of(task: BudgetTask) -> int:
    first, last = (
        4 * int(quarter[:4]) + int(quarter[-1])
        for quarter in (task.start_quarter, task.end_quarter)
    )
    return 3 * (last - first + 1)


def _windows(authorities: Authorities) -> str | None:
    """The lengths of the authorities' windows in months; each length once."""
    lengths = {
        _months_between(authority.advisory_starts_on, authority.advisory_ends_on)
        for authority in authorities.items
        if authority.advisory_starts_on and authority.advisory_ends_on
    }
    return ", ".join(map(str, sorted(lengths))) or None


def _months_between(first: date, last: date) -> int:
    """Whole months from a first day to a last one."""
    after = last + timedelta(days=1)
    return 12 * (after.year - first.year) + after.month - first.month


def afterwards(records: Records, _: RecordCodes) -> Result | None:
    if records.programme is None or records.programme.ends_on is None:
        return None
    ends_on = records.programme.ends_on
    after = f"{ends_on.year + POST_PROJECT_YEARS}-{ends_on.month:02}"
    return Result(after, {"project": f"{ends_on:%Y-%m}"})


def trained(records: Records, _: RecordCodes) -> Result | None:
    composition = records.locations
    if composition is None or composition.locations is None:
        return None
    parts = {
        "groups": str(composition.groups.complete),
        "locations": str(composition.locations.complete),
    }
    return Result(str(composition.people), parts)
