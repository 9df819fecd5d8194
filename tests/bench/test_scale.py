"""What docs/scale.md says is what the arithmetic comes to."""

from pathlib import Path

from bench import scale

PAGE = Path(__file__).parents[2] / "docs/scale.md"


def test_the_page_holds_the_table_as_it_is_computed() -> None:
    assert scale.table() in PAGE.read_text(encoding="utf-8")


def test_the_worst_hour_is_as_by_hand() -> None:
    # 300,000 screenings written twice, half of them in 30 days: 10,000 a day; 60,000 cases of 30 writes in 250 days:
    # 7,200 a day. A fifth of 17,200 in one hour, ten times over: 34,400 an hour.
    assert scale.peak_writes() == 34_400 / 3_600
