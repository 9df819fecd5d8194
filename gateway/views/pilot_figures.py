"""How each figure of the pilot is computed from the services' records. Pure."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from gateway.views import pilot_trainings
from gateway.views.pilot_records import (
    Cell,
    CountySteps,
    Funnel,
    Records,
    Sites,
)
from gateway.views.pilot_shapes import Figure, RecordCodes, StatedFigures, Verdict
from gateway.views.pilot_verdicts import (
    AT_LEAST,
    Result,
    counted,
    figure_of,
    percent,
)

_MARKS = {"no_data": "Brak danych", "not_applicable": "x"}
"""Marks of source 004 for values that are no number."""
_SIGNED = ("agreement_signed", "active", "completed")
_Compute = Callable[[Records, RecordCodes], Result | None]


def figures_of(stated: StatedFigures, records: Records) -> list[Figure]:
    """Every figure whose records are available."""
    results = (
        (figure, FIGURES[figure.id](records, stated.records))
        for figure in stated.figures
    )
    return [
        figure_of(figure, result) for figure, result in results if result is not None
    ]


def _counties_of(sites: Sites, implementer: str) -> set[str]:
    return {site.county_terc for site in sites.items if site.implementer == implementer}


def _rows(funnels: Iterable[Funnel]) -> list[CountySteps]:
    """A row for each county and campaign; none where no child completed it."""
    return [row for funnel in funnels for row in funnel.by_county if row.complete != 0]


def _children(records: Records, codes: RecordCodes) -> Result | None:
    if not records.children:
        return None
    rows, parts = _rows(records.children), dict[str, str | None]()
    if records.sites is not None:
        for name in ("project", "association"):
            own = _counties_of(records.sites, getattr(codes, name))
            parts[name] = counted(r.complete for r in rows if r.county_terc in own)
    return Result(counted(row.complete for row in rows), parts)


def _counties(records: Records, codes: RecordCodes) -> Result | None:
    if not records.children or records.sites is None:
        return None
    screened = {row.county_terc for row in _rows(records.children)}
    parts: dict[str, str | None] = {
        name: str(len(screened & _counties_of(records.sites, getattr(codes, name))))
        for name in ("project", "association")
    }
    return Result(str(len(screened)), parts)


def _selected(records: Records, _: RecordCodes) -> Result | None:
    if not records.pupils:
        return None
    parts: dict[str, str | None] = {
        "stage_one": counted(funnel.in_all.complete for funnel in records.pupils)
    }
    share = records.pupils[0].shares.selected_of_complete
    if len(records.pupils) == 1 and share is not None:
        parts |= {
            name: percent(getattr(share, name), Decimal(1), 2)
            for name in ("share", "low", "high")
        }
    return Result(counted(funnel.in_all.selected for funnel in records.pupils), parts)


def _cases(records: Records, _: RecordCodes) -> Result | None:
    counts = records.cases
    if counts is None or counts.cases is None:
        return None
    per_county = counts.counties and Decimal(counts.cases) / counts.counties
    parts: dict[str, str | None] = {
        "counties": str(counts.counties),
        "per_county": f"{per_county:.1f}" if per_county else None,
        "with_plan": _text(counts.with_active_plan),
        "with_review": _text(counts.with_review),
    }
    return Result(str(counts.cases), parts)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _hours(records: Records, _: RecordCodes) -> Result | None:
    if records.hours is None:
        return None
    years = {str(item.year): item.hours for item in records.hours.items}
    parts: dict[str, str | None] = {
        year: _plain(value) for year, value in years.items()
    }
    return Result(_plain(sum(years.values(), Decimal(0))), parts)


def _plain(number: Decimal) -> str:
    """The number without trailing zeros of its fraction."""
    return f"{number.normalize():f}"


def _cells(records: Records, year: str) -> dict[str, Cell]:
    lines = records.register.lines if records.register else []
    return {line.line: line.cells[year] for line in lines if year in line.cells}


def _text_of(cell: Cell) -> str | None:
    if cell.value is None:
        return _MARKS.get(cell.status)
    return f"{AT_LEAST if cell.lower_bound else ''}{cell.value}"


def _reporting(records: Records, _: RecordCodes) -> Result | None:
    cells = _cells(records, "2013")
    if not cells.keys() >= {"1", "1.1", "1.1.1", "3"}:
        return None
    reports, in_cas = (Decimal(cells[line].value or 0) for line in ("1.1.1", "1.1"))
    parts = {
        "reports": _text_of(cells["1.1.1"]),
        "all": _text_of(cells["1"]),
        "of_cas": percent(reports, in_cas, 1),
    }
    return Result(_text_of(cells["3"]) or "", parts)


def _growth(records: Records, _: RecordCodes) -> Result | None:
    before, after = _cells(records, "2012"), _cells(records, "2013")
    if records.register is None or not after or not before:
        return None
    parts = {
        "in_cas": _text_of(after["1.1"]),
        "voivode_only": _text_of(after["1.2"]),
        "before": _text_of(before["1"]),
        "voivode_before": _text_of(before["1.2"]),
        "level_before": _text_of(before["3"]),
    }
    verdict: Verdict | None = None
    for change in records.register.changes:
        if (change.line, change.from_year, change.to_year) == ("1", 2012, 2013):
            parts["growth"] = change.cell.value
            if change.cell.status == "not_comparable":
                verdict = "not_comparable"
    return Result(_text_of(after["1"]) or "", parts, verdict)


def _lines(records: Records, _: RecordCodes) -> Result | None:
    if records.register is None:
        return None
    return Result(", ".join(line.line for line in records.register.lines))


def _platforms(records: Records, _: RecordCodes) -> Result | None:
    """The composition of the platforms: each number that occurs."""
    if records.platforms is None or not records.platforms.items:
        return None
    seats: dict[str, set[int]] = {}
    for platform in records.platforms.items:
        for group in platform.groups:
            seats.setdefault(group.group, set()).add(group.present)
    parts = {group: _each(numbers) for group, numbers in seats.items()}
    parts["platforms"] = str(
        sum(platform.valid for platform in records.platforms.items)
    )
    return Result(
        _each({platform.members for platform in records.platforms.items}), parts
    )


def _each(numbers: set[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def _outside(records: Records, codes: RecordCodes) -> Result | None:
    if records.sites is None:
        return None
    own = _counties_of(records.sites, codes.project)
    parts = {
        name: _mean([row for row in _rows(funnels) if row.county_terc in own], len(own))
        for name, funnels in (
            ("children", records.children or []),
            ("pupils", records.pupils or []),
        )
    }
    return Result(str(len(own)), parts, is_apart=True)


def _mean(rows: list[CountySteps], counties: int) -> str | None:
    numbers = [row.complete for row in rows if row.complete is not None]
    if not counties or len(numbers) < len(rows) or not numbers:
        return None
    return f"{Decimal(sum(numbers)) / counties:.1f}"


def _agreed(records: Records, codes: RecordCodes) -> Result | None:
    if records.sites is None:
        return None
    signed = Sites(
        items=[site for site in records.sites.items if site.status in _SIGNED]
    )
    parts = dict[str, str | None]()
    if records.agreements is not None:
        counties = {agreement.county_terc for agreement in records.agreements.items}
        parts["agreements"] = str(len(counties))
    return Result(str(len(_counties_of(signed, codes.project))), parts)


FIGURES: Mapping[str, _Compute] = {
    "N1": _children,
    "N2": _counties,
    "N3": _selected,
    "N4": _cases,
    "N5": _hours,
    "N6": _reporting,
    "N7": _growth,
    "N8": _lines,
    "N9": pilot_trainings.budget,
    "N10": pilot_trainings.union,
    "N11": pilot_trainings.tasks,
    "N12": pilot_trainings.calendar,
    "N13": pilot_trainings.teams,
    "N14": pilot_trainings.supported,
    "N15": pilot_trainings.monitoring,
    "N16": pilot_trainings.afterwards,
    "N17": pilot_trainings.trained,
    "N18": _platforms,
    "N19": _outside,
    "N20": _agreed,
}
