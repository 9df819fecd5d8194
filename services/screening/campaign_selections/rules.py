"""Which of the children who completed stage one are selected for stage two. Pure."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from services.screening.protocols.rules.selection import Candidate


class Child(NamedTuple):
    """A child who completed stage one: whether it is selected now, and whether it ever was."""

    candidate: Candidate
    is_selected: bool
    was_selected: bool


def newly_selected(
    children: Sequence[Child], chosen_refs: Collection[str], *, by_hand: bool
) -> list[Candidate]:
    """The children among the chosen references who are to be selected now.

    A child whose selection was withdrawn is selected again by hand only.
    """
    return [
        child.candidate
        for child in children
        if child.candidate.subject_ref in chosen_refs
        and not child.is_selected
        and (by_hand or not child.was_selected)
    ]
