"""The copy of a person's data in the words of one language, ready to be set on pages. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.casework.paper.rules.pages import note, page_view
from services.casework.paper.rules.words import Say, Words, given
from services.casework.person_copies.rules import words
from services.casework.person_copies.rules.codes import CODES
from services.casework.person_copies.rules.fields import TABLES
from services.casework.person_copies.rules.values import (
    CIVIL_TIME,
    instant,
    label,
    value,
)
from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import Letters, Tree
from services.chassis.typesetting.spoken import day

MOST_ACCESSES = 500
"""Rows of who looked: more would make a book of it."""
Export = Mapping[str, Any]
"""The copy as it is in JSON."""
Rows = Sequence[Mapping[str, Any]]


def copy_view(export: Export, language: Language, letters: Letters) -> Tree:
    """Everything that the pages say, in the letters that the face has."""
    say = Say(language)
    made = datetime.fromisoformat(export["made_at"]).astimezone(CIVIL_TIME)
    name, on = _name(export, say), instant(export["made_at"], language)
    filled = {table: rows for table, rows in export["records"].items() if rows}
    tables = [table for table in (*TABLES, *filled) if table in filled]
    said: dict[str, Tree] = {
        "created": [made.year, made.month, made.day],
        "title": f"{say(words.COPY)} – {name}, {day(made.date(), language)}",
        "footer": f"{say(words.COPY)}, {day(made.date(), language)}",
        "heading": [f"{say(words.COPY)} – ", given(name)],
        "lead": [
            f"{say(words.MADE)}: {on}.",
            *_said((words.WHAT, words.WITHOUT, words.RIGHTS, words.PRIVATE), say),
        ],
        "contents": _contents(filled, [*dict.fromkeys(tables)], say),
        "columns": _said(words.RECORD_COLUMNS, say),
        "tables": [_table(one, filled[one], say) for one in dict.fromkeys(tables)],
        "accesses": _accesses(export["accesses"], say),
        "mentions": _mentions(len(export["mentions"]), say),
        "note": note(say, words.REPLACED),
    }
    return page_view(said, language, "pl", letters)


def _said(several: Sequence[Words], say: Say) -> list[Tree]:
    return [say(each) for each in several]


def _name(export: Export, say: Say) -> str:
    [person] = export["records"]["people"]
    names = [person.get(name) for name in ("given_name", "family_name")]
    unnamed = words.EXPECTED if person["kind"] == "expected" else words.NOBODY
    return " ".join(name for name in names if name) or say(unnamed)


def _heading(table: str, say: Say) -> str:
    known = TABLES.get(table)
    return table.replace("_", " ") if known is None else say(known)


def _contents(filled: Mapping[str, Rows], tables: Sequence[str], say: Say) -> Tree:
    return {
        "heading": say(words.CONTENTS),
        "columns": _said(words.CONTENT_COLUMNS, say),
        "rows": [
            [[_heading(table, say)], [str(len(filled[table]))]] for table in tables
        ],
    }


def _table(table: str, rows: Rows, say: Say) -> Tree:
    """The records of a table, each as rows of what a field is called and what stands in it."""
    records: list[list[Tree]] = [
        [
            [[head], lines]
            for name, content in row.items()
            if (head := label(table, name, say))
            and (lines := value(name, content, say))
        ]
        for row in rows
    ]
    return {
        "heading": _heading(table, say),
        "records": [
            {
                "heading": f"{say(words.ENTRY)} {place}" if len(records) > 1 else None,
                "rows": record,
            }
            for place, record in enumerate(records, start=1)
        ],
    }


class _Look(NamedTuple):
    """What several looks of one day have in common."""

    on: str
    who: str
    category: str
    kind: str


def _accesses(entries: Rows, say: Say) -> Tree:
    """Who looked on which day, the newest first, those of one kind counted together."""
    counted = Counter(_look(entry, say) for entry in reversed(entries))
    shown = [*counted.items()][:MOST_ACCESSES]
    older = len(counted) - len(shown)
    rows: list[Tree] = [
        [[look.on], [look.who], [look.category], [f"{look.kind}: {often}"]]
        for look, often in shown
    ]
    return {
        "heading": say(words.ACCESSES),
        "columns": _said(words.ACCESS_COLUMNS, say),
        "rows": rows,
        "empty": say(words.NO_ACCESSES),
        "older": say(words.OLDER).format(older) if older else None,
    }


def _look(entry: Mapping[str, Any], say: Say) -> _Look:
    at = datetime.fromisoformat(entry["recorded_at"]).astimezone(CIVIL_TIME)
    roles = [_code(role, say) for role in entry["roles"]] or [say(words.SYSTEM)]
    institution = entry["institution_id"]
    who = ", ".join([*roles, *([institution] if institution else [])])
    kind: Words = words.CHANGED if entry["is_change"] else words.LOOKED
    category = entry["category"]
    data = say(words.RIGHTS_OF_PERSON) if category is None else _code(category, say)
    return _Look(day(at.date(), say.language), who, data, say(kind))


def _code(code: str, say: Say) -> str:
    return say(CODES[code]) if code in CODES else code


def _mentions(number: int, say: Say) -> Tree:
    text = say(words.MENTIONED).format(number) if number else say(words.NO_MENTIONS)
    return {"heading": say(words.MENTIONS), "text": text}
