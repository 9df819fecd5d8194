"""The values of a record as text. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.casework.paper.rules.words import Say, user_text
from services.casework.person_copies.rules import words
from services.casework.person_copies.rules.codes import CODES
from services.casework.person_copies.rules.fields import FIELDS
from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import Tree
from services.chassis.typesetting.spoken import day, hour

CIVIL_TIME = ZoneInfo("Europe/Warsaw")
DAYS = {"birth_month", "valid_from", "valid_to"}
"""Fields that contain a day and do not end in `_on`."""
NOT_PRINTED = {"id", "version", "changed_at", "present", "kept", "releases"}
"""Fields without meaning for a reader. They are only in the JSON."""


def label(table: str, name: str, say: Say) -> str | None:
    """The label of a field; None where it is not printed.

    >>> label("plans", "starts_on", Say("en")), label("plans", "case_id", Say("en"))
    ('Since', None)
    """
    words_of_field = FIELDS.get(f"{table}.{name}") or FIELDS.get(name)
    if words_of_field is not None:
        return say(words_of_field)
    is_hidden = name in NOT_PRINTED or name.endswith("_id")
    return None if is_hidden else name.replace("_", " ")


def instant(text: str, language: Language) -> str:
    """An instant on the clocks of Poland: `29 listopada 2026 r., godz. 9.05`."""
    at = datetime.fromisoformat(text).astimezone(CIVIL_TIME)
    return f"{day(at.date(), language)}, {hour(at.timetz(), language)}"


def value(name: str, content: Tree, say: Say) -> list[Tree]:
    """The lines of a value; none for an empty value."""
    if content is None or content in ("", [], {}):
        return []
    if isinstance(content, list):
        return [line for each in content for line in value(name, each, say)]
    if isinstance(content, Mapping):
        return [_together(content, say)]
    return [_scalar(name, content, say)]


def _together(content: Mapping[str, Tree], say: Say) -> Tree:
    """Several values in one line, each with its label where there is one."""
    parts: list[Tree] = []
    for name, each in content.items():
        texts = value(name, each, say)
        words_of_field = FIELDS.get(name)
        if texts and not (words_of_field is None and name in NOT_PRINTED):
            head = f"{say(words_of_field)}: " if words_of_field is not None else ""
            parts += ["; "] if parts else []
            parts += [head, *texts]
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
    return say(CODES[content]) if content in CODES else user_text(content)
