"""The values of a record in words. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.casework.paper.rules.words import Say, given
from services.casework.person_copies.rules import words
from services.casework.person_copies.rules.codes import CODES
from services.casework.person_copies.rules.fields import FIELDS
from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import Tree
from services.chassis.typesetting.spoken import day, hour

CIVIL_TIME = ZoneInfo("Europe/Warsaw")
DAYS = {"birth_month", "valid_from", "valid_to"}
"""Fields that hold a day and are not called `…_on`."""
UNSAID = {"id", "version", "changed_at", "present", "kept", "releases"}
"""Fields that tell a reader nothing: the JSON has them."""


def label(table: str, name: str, say: Say) -> str | None:
    """What a field is called; None where it is not said on paper.

    >>> label("plans", "starts_on", Say("en")), label("plans", "case_id", Say("en"))
    ('Since', None)
    """
    known = FIELDS.get(f"{table}.{name}") or FIELDS.get(name)
    if known is not None:
        return say(known)
    is_unsaid = name in UNSAID or name.endswith("_id")
    return None if is_unsaid else name.replace("_", " ")


def instant(text: str, language: Language) -> str:
    """An instant on the clocks of Poland: `29 listopada 2026 r., godz. 9.05`."""
    at = datetime.fromisoformat(text).astimezone(CIVIL_TIME)
    return f"{day(at.date(), language)}, {hour(at.timetz(), language)}"


def value(name: str, content: Tree, say: Say) -> list[Tree]:
    """A value, line by line; nothing for what is empty."""
    if content is None or content in ("", [], {}):
        return []
    if isinstance(content, list):
        return [line for each in content for line in value(name, each, say)]
    if isinstance(content, Mapping):
        return [_together(content, say)]
    return [_scalar(name, content, say)]


def _together(content: Mapping[str, Tree], say: Say) -> Tree:
    """Several values in one line, each with what it is called where that is known."""
    parts: list[Tree] = []
    for name, each in content.items():
        said = value(name, each, say)
        known = FIELDS.get(name)
        if said and not (known is None and name in UNSAID):
            head = f"{say(known)}: " if known is not None else ""
            parts += ["; "] if parts else []
            parts += [head, *said]
    return parts


def _scalar(name: str, content: Tree, say: Say) -> Tree:
    if isinstance(content, bool):
        return say(words.YES if content else words.NO)
    if not isinstance(content, str):
        return str(content)
    if name.endswith("_on") or name in DAYS:
        return day(date.fromisoformat(content), say.language)
    if name.endswith("_at") or name == "at":
        return instant(content, say.language)
    return say(CODES[content]) if content in CODES else given(content)
