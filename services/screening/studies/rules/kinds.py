"""What a study is of, what it may ask, and what may be done with it when. Light: the service itself imports this."""

from enum import StrEnum
from typing import Any, Literal

Picture = Literal["vega-lite", "svg", "png"]

MOST_GROUP_SIZE = 100
LEAST_OF_EACH = 10
"""Children with and without the condition that a comparison with a criterion needs at the least."""
LEAST_PAIRS = 30
LEAST_SAMPLE = 10
"""Children that every study needs, whatever its own minimum."""


class StudyState(StrEnum):
    """How a study stands."""

    DRAFT = "draft"
    RUNNING = "running"
    READY = "ready"


VERBS: dict[StudyState, list[str]] = {
    StudyState.DRAFT: ["amend", "run"],
    StudyState.RUNNING: [],
    StudyState.READY: ["run", "export"],
}
"""What may be done in which state."""


class CriterionSource(StrEnum):
    """What the outcome is compared with."""

    STAGE_TWO = "stage_two"
    UPLOADED = "uploaded"


class Section(StrEnum):
    """The parts of a study's results."""

    SAMPLING = "sampling"
    RELIABILITY = "reliability"
    ITEMS = "items"
    CRITERION = "criterion"
    AGREEMENT = "agreement"
    DIF = "dif"


class Plot(StrEnum):
    """What of a study can be looked at."""

    ROC = "roc"
    ITEM_CHARACTERISTICS = "item-characteristics"
    BLAND_ALTMAN = "bland-altman"
    AGES = "ages"


class Grouping(StrEnum):
    """By what items are looked at for differential functioning: a focal group against a reference group."""

    SEX = "sex"
    AGE = "age"
    INFORMANT = "informant"


class ExportFile(StrEnum):
    """The files of an export."""

    DATA = "data.csv"
    CODEBOOK = "codebook.csv"
    SPSS = "data.sav"


MEDIA_TYPES = {
    ExportFile.DATA: "text/csv; charset=utf-8",
    ExportFile.CODEBOOK: "text/csv; charset=utf-8",
    ExportFile.SPSS: "application/x-spss-sav",
}
PLOT_SECTION = {
    Plot.ROC: Section.CRITERION,
    Plot.ITEM_CHARACTERISTICS: Section.ITEMS,
    Plot.BLAND_ALTMAN: Section.AGREEMENT,
    Plot.AGES: None,
}
"""The section whose refusal a plot shares."""

PICTURES: dict[str, Picture] = {
    "application/json": "vega-lite",
    "image/svg+xml": "svg",
    "image/png": "png",
}


def chosen_picture(accept: str, format_: Picture | None) -> Picture | None:
    """As what a plot is wanted: by parameter, failing that first by Accept; None for what there is not."""
    if format_ is not None:
        return format_
    for part in (accept or "*/*").lower().split(","):
        kind = part.partition(";")[0].strip()
        if kind in PICTURES:
            return PICTURES[kind]
        if kind in {"*/*", "application/*"}:
            return "vega-lite"
    return None


def in_language(part: Any, language: str) -> Any:
    """A document with each of its texts in one language."""
    if isinstance(part, dict):
        if part.keys() == {"pl", "en"}:
            return part[language]
        return {name: in_language(member, language) for name, member in part.items()}
    return (
        [in_language(member, language) for member in part]
        if isinstance(part, list)
        else part
    )
