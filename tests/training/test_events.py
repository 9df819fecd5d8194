"""Who sees which events of training: none is left to the catch-all, which hides it from most."""

import re
from pathlib import Path

import pytest

import services.training
from services.training.events import EVENTS
from services.training.permissions import Permission

_KIND = re.compile(r"""f?"([a-z]+(?:-[a-z]+)*)\.[a-z{]""")
SOURCES = [*Path(*services.training.__path__).glob("*/actions.py")]
KINDS = sorted({kind for path in SOURCES for kind in _KIND.findall(path.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_says_who_sees_it(kind: str) -> None:
    told = [begin for begin in EVENTS.kinds if f"training.{kind}.x".startswith(begin)]
    assert told != ["training."]


def test_the_kinds_are_found_in_the_source() -> None:
    assert {"budget", "trainer", "hour-total", "advisory-visit", "session", "outreach-metric"} <= {*KINDS}


@pytest.mark.parametrize(
    ("kind", "permission"),
    [
        ("trainee", Permission.READ_TRAINEES),
        ("budget", Permission.READ_BUDGETS),
        ("attendance", Permission.READ_ATTENDANCE),
        ("certificate", Permission.READ_CERTIFICATES),
        ("hour-total", None),
    ],
)
def test_an_event_is_for_whoever_may_read_what_it_is_about(kind: str, permission: Permission | None) -> None:
    assert EVENTS.kinds[f"training.{kind}."] == permission
