"""The page that says who may do what."""

from pathlib import Path

from tests.support.permissions import page

ROOT = Path(__file__).parents[1]


def test_the_page_of_permissions_says_what_the_code_says() -> None:
    assert (ROOT / "docs/permissions.md").read_text(encoding="utf-8") == page()
