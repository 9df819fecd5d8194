"""The parts of a study's results.

Light, without numpy: the service itself imports this.
"""

from collections.abc import Mapping
from enum import StrEnum


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


SECTION_OF_PLOT: Mapping[Plot, Section] = {
    Plot.ROC: Section.CRITERION,
    Plot.ITEM_CHARACTERISTICS: Section.ITEMS,
    Plot.BLAND_ALTMAN: Section.AGREEMENT,
}
"""The section that a plot shows: where it is refused, so is the plot.

Ages are shown of every sample.
"""
