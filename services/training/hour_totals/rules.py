"""Checks of imported sums. Pure."""

from collections.abc import Sequence


def totals_errors(
    external_ids: Sequence[str], years: Sequence[int], this_year: int
) -> list[tuple[str, str]]:
    """The errors of imported sums: repeated ids and future years, field and code."""
    errors = []
    for place, (external_id, year) in enumerate(zip(external_ids, years, strict=True)):
        # Of two with one id, the later would silently replace the earlier.
        if external_id in external_ids[:place]:
            errors.append((f"items/{place}/external_id", "repeated"))
        if year > this_year:
            errors.append((f"items/{place}/year", "in_future"))
    return errors
