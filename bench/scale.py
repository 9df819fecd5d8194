"""`python -m bench.scale`: what the country would need, by arithmetic, from what one node was measured to do.

Nothing is measured here. docs/scale.md holds this table, and a test compares them.
"""

from typing import NamedTuple

COUNTIES, CHILDREN = 380, 5_000_000
SCREENINGS, CASES = 300_000, 60_000
"""Of a year, in the whole country."""
# Assumed, not measured: how a year is spread, and how much is read for what is written.
CAMPAIGN_DAYS, SHARE_IN_CAMPAIGNS, SHARE_IN_PEAK_HOUR = 30, 0.5, 0.2
CROWDING = 10
"""How many times as much as in a mean peak hour, where all counties begin on one morning."""
READS_OF_A_WRITE = 50
WRITES_OF_A_SCREENING, LOOKS_OF_A_SCREENING = 2, 4
WRITES_OF_A_CASE, LOOKS_OF_A_CASE = 30, 120
PEOPLE_OF_A_CASE = 3
KEPT_DAYS = 7
"""So long answers are kept for repeats."""

GB = 1e9


class Bytes(NamedTuple):
    """Of one write with its indexes, and of the write-ahead log; measured as docs/scale.md says."""

    row: int
    audit: int
    event: int
    answer: int
    log: int

    @property
    def lasting(self) -> int:
        """What stays for good."""
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
    """Bytes of a year, by what they are of."""
    looks = SCREENINGS * LOOKS_OF_A_SCREENING + CASES * LOOKS_OF_A_CASE
    people = CASES * PEOPLE_OF_A_CASE
    # Of each change after the first the record, the event and a new version of the row.
    changes = SCREENINGS * (WRITES_OF_A_SCREENING - 1) + CASES * WRITES_OF_A_CASE
    return {
        "screenings": SCREENINGS * float(SCREENING.lasting),
        "people": people * float(PERSON.lasting),
        "changes": changes * float(PERSON.lasting),
        "looks on record": looks * float(PERSON.audit),
    }


def written() -> int:
    """Writes of a year that are answered one by one."""
    of_cases = WRITES_OF_A_CASE + PEOPLE_OF_A_CASE
    return SCREENINGS * WRITES_OF_A_SCREENING + CASES * of_cases


def log_bytes() -> float:
    """The write-ahead log of a year: of each write, and of each look twice its record."""
    looks = SCREENINGS * LOOKS_OF_A_SCREENING + CASES * LOOKS_OF_A_CASE
    screened = SCREENINGS * WRITES_OF_A_SCREENING
    of_writes = screened * SCREENING.log + (written() - screened) * PERSON.log
    return float(of_writes + looks * PERSON.audit * 2)


def rows() -> list[tuple[str, str]]:
    """What the table tells, line by line."""
    writes, stored = peak_writes(), yearly()
    creates = CLIENTS / SECONDS_OF_A_SUBMISSION
    lists = CLIENTS / SECONDS_OF_A_LIST
    everybody = CHILDREN * float(SCREENING.lasting)
    imported = SCREENINGS / (ROWS_OF_AN_IMPORT / SECONDS_OF_AN_IMPORT)
    kept = written() / 365 * KEPT_DAYS * SCREENING.answer
    return [
        ("writes a second in the worst hour", f"{writes:.1f}"),
        ("reads a second in the worst hour", f"{writes * READS_OF_A_WRITE:.0f}"),
        ("screenings a second that one node takes", f"{creates:.0f}"),
        ("lists a second that one service answers", f"{lists:.0f}"),
        ("room above the worst hour, writes", f"{creates / writes:.0f} ×"),
        ("room above it, reads", f"{lists / (writes * READS_OF_A_WRITE):.0f} ×"),
        ("a year's screenings as files, one after another", f"{imported:.0f} s"),
        *[(f"a year's {name}", f"{size / GB:.2f} GB") for name, size in stored.items()],
        ("stored in a year", f"{sum(stored.values()) / GB:.1f} GB"),
        ("answers kept for repeats, at any time", f"{kept / GB:.2f} GB"),
        ("write-ahead log of a year", f"{log_bytes() / GB:.0f} GB"),
        ("write-ahead log of a day, mean", f"{log_bytes() / 365 / GB:.2f} GB"),
        ("stored after ten years", f"{sum(stored.values()) * 10 / GB:.0f} GB"),
        ("every child of the country screened once", f"{everybody / GB:.1f} GB"),
    ]


def table() -> str:
    """The table, as Markdown."""
    lines = [f"| {name} | {figure} |" for name, figure in rows()]
    return "\n".join(["| what | figure |", "|---|---|", *lines])


if __name__ == "__main__":
    print(table())
