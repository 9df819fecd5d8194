"""docs/asvs.md has a line for every requirement, and each piece of its evidence is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (met|not applicable|\*\*not met\*\*) \| (.+) \|$", re.MULTILINE)
REFERENCE = re.compile(r"`([\w./-]+?)(?:::(test_\w+))?`")
# Of ASVS 5.0.0 the requirements of levels 1 and 2, which in nearly every section come before those of level 3.
LAST = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip


def lines() -> list[tuple[str, str, str, str]]:
    return LINE.findall(PAGE)


def test_every_requirement_of_levels_1_and_2_has_its_line() -> None:
    wanted = [f"{section}.{number}" for section, last in LAST.items() for number in range(1, last + 1)]
    assert len(wanted) == 253  # 70 of level 1 and 183 of level 2
    assert [number for number, *_ in lines()] == wanted


def test_evidence_is_there() -> None:
    gone = []
    for number, _, verdict, evidence in lines():
        references = REFERENCE.findall(evidence)
        assert references or verdict != "met", number
        for path, test in references:
            place = ROOT / path
            if not place.exists() or (test and f"def {test}(" not in place.read_text(encoding="utf-8")):
                gone.append(f"{number}: {path} {test}")
    assert not gone


def test_what_is_not_met_or_not_asked_here_says_why() -> None:
    assert not [number for number, _, verdict, why in lines() if verdict != "met" and len(why.split()) < 3]


def test_the_head_counts_as_the_lines_do() -> None:
    verdicts = [verdict for _, _, verdict, _ in lines()]
    counted = [verdicts.count(verdict) for verdict in ("met", "not applicable", "**not met**")]
    told = re.search(r"(\d+) are met, (\d+) are not applicable, (\d+) are not met", PAGE)
    assert told
    assert [int(number) for number in told.groups()] == counted
