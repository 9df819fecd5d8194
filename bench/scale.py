"""`python -m bench.scale`: the load and the storage of the whole country, calculated from the measurements of one node.

Nothing is measured here. docs/scale.md holds this table, and a test compares them.
"""

from typing import NamedTuple

COUNTIES, CHILDREN = 380, 5_000_000
SCREENINGS, CASES = 300_000, 60_000
"""Of a year, in the whole country."""
# Assumed, not measured: the spread of work over a year, and the reads for each write.
CAMPAIGN_DAYS, SHARE_IN_CAMPAIGNS, SHARE_IN_PEAK_HOUR = 30, 0.5, 0.2
CROWDING = 10
"""The load of the worst hour as a multiple of a mean peak hour, if all counties begin on one morning."""
READS_OF_A_WRITE = 50
WRITES_OF_A_SCREENING, LOOKS_OF_A_SCREENING = 2, 4
WRITES_OF_A_CASE, LOOKS_OF_A_CASE = 30, 120
PEOPLE_OF_A_CASE = 3
KEPT_DAYS = 7
"""The days for which answers are stored for repeated requests."""

GB = 1e9


class Bytes(NamedTuple):
    """The bytes of one write with its indexes, and of its write-ahead log; measured as docs/scale.md says."""

    row: int
    audit: int
    event: int
    answer: int
    log: int

    @property
    def lasting(self) -> int:
        """The bytes that are never deleted."""
        return self.row + self.audit + self.event


SCREENING = Bytes(row=1_583, audit=655 + 81, event=354, answer=1_447, log=6_102)
PERSON = Bytes(row=628 + 491 + 163, audit=901 + 81, event=409, answer=983, log=23_837)
# bench/results/2026-11-29-2-cores-amd-epyc-w1-w3-w5-w7-w4-against-f52f7c1.md
CLIENTS, SECONDS_OF_A_SUBMISSION, SECONDS_OF_A_LIST = 8, 0.0122, 0.00579
ROWS_OF_AN_IMPORT, SECONDS_OF_AN_IMPORT = 22_000, 3.98


def peak_writes() -> float:
    """Writes a second in the worst hour."""
    of_screenings = SCREENINGS * WRITES_OF_A_SCREENING * SHARE_IN_CAMPAIGNS
    of_cases = CASES * WRITES_OF_A_CASE / 250
    day = of_screenings / CAMPAIGN_DAYS + of_cases
    return day * SHARE_IN_PEAK_HOUR / 3600 * CROWDING


def yearly() -> dict[str, float]:
    """The bytes that a year adds, by kind of data."""
    looks = SCREENINGS * LOOKS_OF_A_SCREENING + CASES * LOOKS_OF_A_CASE
    people = CASES * PEOPLE_OF_A_CASE
    # Each change after the first adds an audit record, an event and a new version of the row.
    changes = SCREENINGS * (WRITES_OF_A_SCREENING - 1) + CASES * WRITES_OF_A_CASE
    return {
        "screenings": SCREENINGS * float(SCREENING.lasting),
        "people": people * float(PERSON.lasting),
        "changes": changes * float(PERSON.lasting),
        "looks on record": looks * float(PERSON.audit),
    }


def writes_of_year() -> int:
    """The number of writes in a year that are answered one by one."""
    of_cases = WRITES_OF_A_CASE + PEOPLE_OF_A_CASE
    return SCREENINGS * WRITES_OF_A_SCREENING + CASES * of_cases


def log_bytes() -> float:
    """The write-ahead log of a year in bytes: the log of each write, and twice the audit record of each access."""
    looks = SCREENINGS * LOOKS_OF_A_SCREENING + CASES * LOOKS_OF_A_CASE
    screening_writes = SCREENINGS * WRITES_OF_A_SCREENING
    of_writes = screening_writes * SCREENING.log + (writes_of_year() - screening_writes) * PERSON.log
    return float(of_writes + looks * PERSON.audit * 2)


def rows() -> list[tuple[str, str]]:
    """The lines of the table: name and figure."""
    writes, stored = peak_writes(), yearly()
    creates = CLIENTS / SECONDS_OF_A_SUBMISSION
    lists = CLIENTS / SECONDS_OF_A_LIST
    all_children = CHILDREN * float(SCREENING.lasting)
    import_seconds = SCREENINGS / (ROWS_OF_AN_IMPORT / SECONDS_OF_AN_IMPORT)
    stored_answers = writes_of_year() / 365 * KEPT_DAYS * SCREENING.answer
    return [
        ("writes a second in the worst hour", f"{writes:.1f}"),
        ("reads a second in the worst hour", f"{writes * READS_OF_A_WRITE:.0f}"),
        ("screenings a second that one node takes", f"{creates:.0f}"),
        ("lists a second that one service answers", f"{lists:.0f}"),
        ("room above the worst hour, writes", f"{creates / writes:.0f} ×"),
        ("room above it, reads", f"{lists / (writes * READS_OF_A_WRITE):.0f} ×"),
        ("a year's screenings as files, one after another", f"{import_seconds:.0f} s"),
        *[(f"a year's {name}", f"{size / GB:.2f} GB") for name, size in stored.items()],
        ("stored in a year", f"{sum(stored.values()) / GB:.1f} GB"),
        ("answers kept for repeats, at any time", f"{stored_answers / GB:.2f} GB"),
        ("write-ahead log of a year", f"{log_bytes() / GB:.0f} GB"),
        ("write-ahead log of a day, mean", f"{log_bytes() / 365 / GB:.2f} GB"),
        ("stored after ten years", f"{sum(stored.values()) * 10 / GB:.0f} GB"),
        ("every child of the country screened once", f"{all_children / GB:.1f} GB"),
    ]


def table() -> str:
    """The table, as Markdown."""
    lines = [f"| {name} | {figure} |" for name, figure in rows()]
    return "\n".join(["| what | figure |", "|---|---|", *lines])


if __name__ == "__main__":
    print(table())
