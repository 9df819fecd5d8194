"""Who of the children that completed stage one is selected for stage two. Pure."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from services.screening.protocols.rules.selection import Candidate


class Child(NamedTuple):
    """A child who has completed stage one: whether it is selected now, and whether it ever was."""

    candidate: Candidate
    is_selected: bool
    was_selected: bool


def newly_selected(
    children: Sequence[Child], chosen: Collection[str], *, by_hand: bool
) -> list[Candidate]:
    """Which of the chosen references are to be selected now.

    A child whose selection was withdrawn is selected again by hand only.
    """
    return [
        child.candidate
        for child in children
        if child.candidate.subject_ref in chosen
        and not child.is_selected
        and (by_hand or not child.was_selected)
    ]
