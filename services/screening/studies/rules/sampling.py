"""Where the children of a study are from, county by county; small numbers are hidden as in a campaign's statistics."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np

from services.screening.campaigns.rules.life import band_bounds
from services.screening.campaigns.rules.suppression import (
    AGE_BAND,
    COUNTY,
    SEX,
    STATUS,
    Counts,
    Hiding,
    hide,
)
from services.screening.instruments.rules.outcomes import Sex
from services.screening.studies.rules.sample import Sample

Facts = dict[str, Any]
SEXES = [sex.value for sex in Sex]
KNOWN = ("positive", "negative")
MOST_BANDS = 10


def sampling_section(sample: Sample) -> Facts:
    """The sample by county, with what is hidden left out."""
    counties = sorted({row["county"] for row in sample.rows})
    edges = sample.task.edges or _years(sample)
    hiding = hide(
        _counted(sample, counties, edges),
        (np.eye(2, dtype=np.int64),),
        sample.task.small_cell,
    )
    return {
        "n": len(sample.rows),
        "small_cell": sample.task.small_cell,
        "distinct_counties": len(counties),
        "counties": [
            _county(sample, hiding, edges, place, county)
            for place, county in enumerate(counties)
        ],
    }


def _years(sample: Sample) -> list[int]:
    """Whole years of the form's ages, several together where they would be many."""
    form = next(
        form for form in sample.definition.forms if form.code == sample.task.form
    )
    step = 12 * ceil((form.age_to - form.age_from) / (12 * MOST_BANDS))
    return [*range(form.age_from + step, form.age_to, step)]


def _counted(sample: Sample, counties: Sequence[str], edges: Sequence[int]) -> Counts:
    """Children by county, implementer (no difference is made), age band, sex, and whether a criterion is known."""
    counts = np.zeros((len(counties), 1, len(edges) + 1, len(SEXES), 2), dtype=np.int64)
    place_of = {county: place for place, county in enumerate(counties)}
    bands = np.searchsorted(edges, [row["age"] for row in sample.rows], side="right")
    for row, band in zip(sample.rows, bands, strict=True):
        counts[
            place_of[row["county"]],
            0,
            band,
            SEXES.index(row["sex"]),
            int(row["criterion"] in KNOWN),
        ] += 1
    return counts


def _told(hiding: Hiding, axis: int, place: int) -> list[int | None]:
    """A county's numbers by another dimension; a number that is hidden is None."""
    group = (COUNTY, axis)
    pairs = zip(
        hiding.table(group)[place], hiding.hidden_cells(group)[place], strict=True
    )
    return [None if gone else int(number) for number, gone in pairs]


def _county(
    sample: Sample, hiding: Hiding, edges: Sequence[int], place: int, county: str
) -> Facts:
    is_hidden = hiding.is_total_hidden or bool(hiding.margins[COUNTY, 0][place])
    subjects = None if is_hidden else int(hiding.margin(COUNTY)[place])
    by_sex, by_age, known = (
        _told(hiding, axis, place) for axis in (SEX, AGE_BAND, STATUS)
    )
    of_campaign, with_criterion = sample.task.population.get(county), known[1]
    return {
        "county_terc": county,
        "subjects": subjects,
        "is_suppressed": None in (subjects, *by_sex, *by_age, *known),
        "by_sex": [
            {"sex": sex, "subjects": number}
            for sex, number in zip(SEXES, by_sex, strict=True)
        ],
        "by_age": [_band(edges, band, number) for band, number in enumerate(by_age)],
        "with_criterion": with_criterion,
        "share_with_criterion": _share(with_criterion, subjects),
        "campaign_subjects": of_campaign,
        "share_of_campaign": _share_of_campaign(
            subjects, of_campaign, sample.task.small_cell
        ),
    }


def _band(edges: Sequence[int], band: int, subjects: int | None) -> Facts:
    age_from, age_below = band_bounds(edges, band)
    return {"age_from": age_from, "age_below": age_below, "subjects": subjects}


def _share(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


def _share_of_campaign(
    subjects: int | None, of_campaign: int | None, small_cell: int
) -> float | None:
    """None where it would tell that only few of the campaign's children are outside the sample."""
    if (
        subjects is None
        or of_campaign is None
        or 0 < of_campaign - subjects < small_cell
    ):
        return None
    return _share(subjects, of_campaign)
