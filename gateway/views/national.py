"""/v1/views/national: county beside county, in figures or as a map."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from gateway.views.answering import Query, Reply, View
from gateway.views.asking import Asking, Leg
from gateway.views.county_parts import CoveredCampaigns, ReachedInCounty
from gateway.views.lists import get_whole
from gateway.views.map_drawing import draw_png
from gateway.views.maps import Place, draw_map, words_of
from gateway.views.measures import CountyMeasure, title_of
from gateway.views.monitoring import PublishedTotals, find_totals
from gateway.views.shapes import ViewBody

_PICTURES = {"svg": "image/svg+xml", "png": "image/png"}
_COUNTIES = Leg("counties", "registry", "/county-figures")
_SCREENING = Leg("screening", "screening", "/campaign-coverage")
_CASES = Leg("cases", "casework", "/cases/counts")
_HOURS = Leg("training_hours", "training", "/hours", {"by": "county_terc"})


class NationalQuery(Query):
    """The format, and for a map its figure and language."""

    format: Literal["json", "svg", "png"] | None = Field(
        default=None, description="goes before Accept"
    )
    measure: CountyMeasure = Field(
        default=CountyMeasure.FREE_PLACES, description="the figure that a map shows"
    )
    language: Literal["pl", "en"] | None = Field(
        default=None, description="of a map's words; goes before Accept-Language"
    )


class CountyOffer(BaseModel):
    """The institutions, capacity, network and sites of a county today."""

    terc: str
    name: str
    voivodeship_terc: str
    population: int | None
    institutions: int
    services: int
    capacity: int | None
    free_places: int | None
    capacity_unknown: int
    has_network: bool
    sites: int = Field(description="of programmes, that are active")


class _Figures(BaseModel):
    as_of: date
    items: list[CountyOffer]


class CountyMinutes(BaseModel):
    """Training in a county; null stands for sums of the whole country."""

    county_terc: str | None
    minutes: int


class _Hours(BaseModel):
    items: list[CountyMinutes]

    def by_county(self) -> dict[str | None, int]:
        """Minutes by the code of the county."""
        return {each.county_terc: each.minutes for each in self.items}


class Screened(BaseModel):
    """Screening in all campaigns, as far as it is published."""

    complete: int | None = Field(
        description="stage one; who was screened in two campaigns counts in both;"
        " null where no campaign publishes anything"
    )
    positive: int | None
    selected: int | None
    is_lower_bound: bool = Field(
        description="of a county that a campaign lists something is not published, as"
        " it would tell of few children"
    )


class CountyLine(CountyOffer):
    """A county in figures; null is a number that is not known, or not published."""

    screening: Screened | None = None
    training_hours: int | None = Field(default=None, description="whole hours")

    def value_of(self, measure: CountyMeasure) -> int | None:
        """The figure of the county for a map."""
        if measure in {CountyMeasure.SCREENED, CountyMeasure.POSITIVE}:
            screened = self.screening
            if screened is None:
                return None
            is_all = measure is CountyMeasure.SCREENED
            return screened.complete if is_all else screened.positive
        value: int | None = getattr(self, measure)
        return value


class NationalTotals(BaseModel):
    """Sums over the counties, of the numbers that are known."""

    counties: int
    counties_with_network: int
    institutions: int
    services: int
    capacity: int
    free_places: int
    sites: int
    screening: Screened | None
    training_hours: int | None


class CountedCases(BaseModel):
    """Cases in the caller's reach; null where a number would point to one of a few."""

    cases: int | None
    counties: int
    with_active_plan: int | None
    with_review: int | None
    closed: int | None


class NationalView(ViewBody):
    """County beside county."""

    as_of: date
    totals: NationalTotals
    counties: list[CountyLine]
    cases: CountedCases | None = Field(
        default=None, description="of casework, for whoever reads its totals"
    )
    monitoring: PublishedTotals | None = Field(
        default=None, description="of casework, as counties have reported it last"
    )


async def view_national(
    ask: Asking, _key: str, query: NationalQuery
) -> NationalView | Reply:
    """The country county by county, in figures or as a map (`format=svg`, `format=png`).

    The offer of counties comes from the registry; published numbers of screened
    children from screening; hours of training; numbers of cases and their progress; and
    the sums of the last monitoring reports that casework publishes. Nothing is computed
    here from small groups: a number that a service does not publish is null, and a sum
    without it says so.

    A map has one shade a county, a legend, and its words as title and description. It
    needs the counties' borders, which an operator loads (`BORDERS_FILE`): without them
    the answer is 404 `borders-not-loaded`.
    """
    picture = query.format or ask.accepted(_PICTURES)
    if picture in _PICTURES:
        return await _map(ask, query, str(picture))
    figures = ask.subject(_COUNTIES, _Figures)
    campaigns = get_whole(ask, _SCREENING, CoveredCampaigns)
    coverage = ask.work("screening", "screening", campaigns)
    hours_part = ask.part(_HOURS, _Hours)
    cases = ask.part(_CASES, CountedCases)
    monitoring = ask.work("monitoring", "casework", find_totals(ask))
    county_figures, hours = await figures, await hours_part
    lines = _lines(county_figures, await coverage, hours)
    return NationalView(
        as_of=county_figures.as_of,
        totals=_totals(lines, hours),
        counties=lines,
        cases=await cases,
        monitoring=await monitoring,
    )


async def _map(ask: Asking, query: NationalQuery, picture: str) -> Reply:
    """The map. Only the data of its figure are requested.

    If they fail, the map would show an empty country: so their problem is the answer.
    """
    figures = ask.subject(_COUNTIES, _Figures)
    screening = training = None
    if query.measure in {CountyMeasure.SCREENED, CountyMeasure.POSITIVE}:
        screening = await get_whole(ask, _SCREENING, CoveredCampaigns)
    if query.measure is CountyMeasure.TRAINING_HOURS:
        training = await ask.subject(_HOURS, _Hours)
    county_figures = await figures
    lines = _lines(county_figures, screening, training)
    codes = {line.terc for line in lines}
    outlines = await ask.borders.outlines()
    places = [
        Place(line.terc, line.name, line.value_of(query.measure)) for line in lines
    ]
    # A county that is drawn is counted, also if the registry does not have it.
    places += [
        Place(terc, name, None)
        for terc, name in outlines.names.items()
        if terc not in codes
    ]
    language = query.language or ask.language
    title = title_of(query.measure, language)
    words = words_of(title, places, county_figures.as_of, language)
    svg = draw_map(outlines, places, words, language)
    is_png = picture == "png"
    body = await draw_png(svg, words, language) if is_png else svg.encode()
    return Reply(_PICTURES[picture], body, language)


def _lines(
    figures: _Figures, coverage: CoveredCampaigns | None, hours: _Hours | None
) -> list[CountyLine]:
    reached: dict[str, list[ReachedInCounty]] = {}
    for campaign in coverage.items if coverage else []:
        for county in campaign.counties:
            reached.setdefault(county.county_terc, []).append(county)
    minutes = hours.by_county() if hours else {}
    return [
        CountyLine(
            **county.model_dump(),
            screening=screened(reached.get(county.terc, [])) if coverage else None,
            training_hours=minutes.get(county.terc, 0) // 60 if hours else None,
        )
        for county in figures.items
    ]


def screened(parts: Iterable[ReachedInCounty | Screened]) -> Screened:
    """The sum of published numbers; null where none is published."""
    parts = [*parts]
    sums = {
        name: _sum([getattr(part, name) for part in parts])
        for name in ("complete", "positive", "selected")
    }
    # A county may publish nothing of stage two though all of stage one is known.
    is_lower = any(
        part.is_lower_bound if isinstance(part, Screened) else part.complete is None
        for part in parts
    )
    return Screened(**sums, is_lower_bound=is_lower)


def _sum(values: list[int | None]) -> int | None:
    numbers = [value for value in values if value is not None]
    # Never 0: a county in no campaign's list may have few children in one of them.
    return sum(numbers) if numbers else None


def _totals(lines: list[CountyLine], hours: _Hours | None) -> NationalTotals:
    parts = [line.screening for line in lines if line.screening is not None]
    minutes = hours.by_county() if hours else {}
    # From the minutes: whole hours of each county would lose up to an hour a county.
    training_hours = sum(minutes.get(line.terc, 0) for line in lines) // 60
    return NationalTotals(
        counties=len(lines),
        counties_with_network=sum(line.has_network for line in lines),
        institutions=sum(line.institutions for line in lines),
        services=sum(line.services for line in lines),
        capacity=sum(line.capacity or 0 for line in lines),
        free_places=sum(line.free_places or 0 for line in lines),
        sites=sum(line.sites for line in lines),
        screening=screened(parts) if parts else None,
        training_hours=training_hours if hours else None,
    )


NATIONAL = View(
    "national",
    None,
    view_national,
    NationalView,
    {
        "counties": "registry:support-services:read",
        "screening": "screening:statistics:read",
        "training_hours": "training:hours:read",
        "cases": "casework:monitoring-reports:read",
        "monitoring": "casework:monitoring-reports:read",
    },
    query=NationalQuery,
    media_types=tuple(_PICTURES.values()),
)
