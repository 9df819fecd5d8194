"""What makes norms usable: every child of the forms' ages has exactly one table, and every table is in order."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from services.screening.instruments.rules.bands import Scoped, leaves_gap, overlapping
from services.screening.instruments.rules.consistency import Found, cut_offs_at_odds
from services.screening.instruments.rules.definitions import Definition
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
    """What may be done with a norm set in that state."""
    return _VERBS[state]


def norm_contradictions(document: NormDocument, definition: Definition) -> list[Found]:
    """Pointer and code of everything wrong with norms for this definition."""
    scales = [scale.code for scale in definition.scales]
    found = list(cut_offs_at_odds(document.cut_offs, scales))
    if not document.norms and not document.cut_offs:
        found.append(("/norms", "missing"))
    for number, table in enumerate(document.norms):
        if table.scale not in scales:
            found.append((f"/norms/{number}/scale", "not_found"))
        found += [
            (f"/norms/{number}{pointer}", code) for pointer, code in _of_table(table)
        ]
    found += _by_scale(
        "/norms", document.norms, [table.scale for table in document.norms], definition
    )
    cuts = [cut for cut in document.cut_offs if cut.scale in scales]
    return found + _by_scale("/cut_offs", cuts, [cut.scale for cut in cuts], definition)


def _of_table(table: NormTable) -> Iterator[Found]:
    if (
        table.age_from is not None
        and table.age_to is not None
        and table.age_from >= table.age_to
    ):
        yield "/age_to", "wrong_order"
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


def _by_scale(
    at: str, tables: Sequence[Scoped], scales: Sequence[str], definition: Definition
) -> list[Found]:
    """For each scale: no two tables for one child, and no child of the forms that ask the scale without a table."""
    found: list[Found] = []
    for scale in dict.fromkeys(scales):
        numbers = [number for number, name in enumerate(scales) if name == scale]
        own = [tables[number] for number in numbers]
        met = overlapping(own)
        if met is not None and at != "/cut_offs":
            found.append((f"{at}/{numbers[met]}", "overlapping"))
        if leaves_gap(own, [form for form in definition.forms if scale in form.scales]):
            found.append((f"{at}/{numbers[0]}", "leaves_gap"))
    return found
