"""What a sum from elsewhere may say. Pure."""

from collections.abc import Sequence


def totals_errors(
    external_ids: Sequence[str], years: Sequence[int], this_year: int
) -> list[tuple[str, str]]:
    """What is wrong with sums by themselves: field and code. Each is sent once, of no
    year to come.
    """
    wrong = []
    for place, (external_id, year) in enumerate(zip(external_ids, years, strict=True)):
        # The later of two would silently replace the earlier one.
        if external_id in external_ids[:place]:
            wrong.append((f"items/{place}/external_id", "repeated"))
        if year > this_year:
            wrong.append((f"items/{place}/year", "in_future"))
    return wrong
