"""When norms are usable: every child of the forms' ages must have exactly one table."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from services.screening.instruments.rules.bands import leaves_gap, overlapping
from services.screening.instruments.rules.consistency import cut_off_contradictions
from services.screening.instruments.rules.definitions import CutOffs, Definition
from services.screening.instruments.rules.item_consistency import Contradiction
from services.screening.instruments.rules.norms import NormDocument, NormTable


class NormSetState(StrEnum):
    """draft → in_force → replaced."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    REPLACED = "replaced"


_VERBS: dict[str, list[str]] = {
    "draft": ["amend", "bring-into-force"],
    "in_force": [],
    "replaced": [],
}


def allowed_verbs(state: str) -> list[str]:
    """The verbs that are allowed on a norm set in this state."""
    return _VERBS[state]


def norm_contradictions(
    document: NormDocument, definition: Definition
) -> list[Contradiction]:
    """The contradictions of norms for this definition.

    Empty when the norms can be used.
    """
    scales = [scale.code for scale in definition.scales]
    wrong = list(cut_off_contradictions(document.cut_offs, scales))
    if not document.norms and not document.cut_offs:
        wrong.append(("/norms", "missing"))
    for number, table in enumerate(document.norms):
        at = f"/norms/{number}"
        if table.scale not in scales:
            wrong.append((f"{at}/scale", "not_found"))
        wrong += [(f"{at}{pointer}", code) for pointer, code in _of_table(table)]
    wrong += _of_coverage("/norms", document.norms, definition)
    return wrong + _of_coverage("/cut_offs", document.cut_offs, definition)


def _of_table(table: NormTable) -> Iterator[Contradiction]:
    first, end = table.age_from, table.age_to
    if first is not None and end is not None and first >= end:
        yield "/age_to", "wrong_order"
    # With rows an SD without a mean is allowed: the interval of a score is computed
    # from it.
    if (table.mean is None) != (table.sd is None) and not table.rows:
        yield "/mean" if table.mean is None else "/sd", "missing"
    if table.mean is None and not table.rows:
        yield "/rows", "missing"
    starts = [row.at_least for row in table.rows]
    if starts != sorted(set(starts)):
        yield "/rows", "wrong_order"
    for number, row in enumerate(table.rows):
        if {row.z, row.t, row.sten, row.stanine, row.percentile} == {None}:
            yield f"/rows/{number}", "missing"


def _of_coverage(
    at: str, tables: Sequence[NormTable | CutOffs], definition: Definition
) -> list[Contradiction]:
    """Whether a child has two tables of a scale, or none although its form has the scale.

    `cut_off_contradictions` already reports overlapping cut-offs.
    """
    wrong: list[Contradiction] = []
    for scale in dict.fromkeys(table.scale for table in tables):
        numbers = [
            number for number, table in enumerate(tables) if table.scale == scale
        ]
        of_scale = [tables[number] for number in numbers]
        second = overlapping(of_scale)
        # A second report of the same place would look like a second contradiction.
        if second is not None and at != "/cut_offs":
            wrong.append((f"{at}/{numbers[second]}", "overlapping"))
        forms = [form for form in definition.forms if scale in form.scales]
        if leaves_gap(of_scale, forms):
            wrong.append((f"{at}/{numbers[0]}", "leaves_gap"))
    return wrong
