"""The parts of a study's results.

Without numpy, because the service itself imports this module.
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
    """The plots of a study."""

    ROC = "roc"
    ITEM_CHARACTERISTICS = "item-characteristics"
    BLAND_ALTMAN = "bland-altman"
    AGES = "ages"


SECTION_OF_PLOT: Mapping[Plot, Section] = {
    Plot.ROC: Section.CRITERION,
    Plot.ITEM_CHARACTERISTICS: Section.ITEMS,
    Plot.BLAND_ALTMAN: Section.AGREEMENT,
}
"""The section that a plot shows: if it is refused, so is the plot.

The plot of ages needs no section.
"""
