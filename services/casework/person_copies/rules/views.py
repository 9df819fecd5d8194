"""The copy of a person's data in one language, prepared for typesetting. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.casework.paper.rules.pages import note, page_view
from services.casework.paper.rules.words import Say, Words, user_text
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
"""The largest number of rows about accesses: more would make the document too long."""
Export = Mapping[str, Any]
"""The copy as it is in JSON."""
Rows = Sequence[Mapping[str, Any]]


def copy_view(export: Export, language: Language, letters: Letters) -> Tree:
    """The data for the template, with the characters that the font has."""
    say = Say(language)
    made_at = datetime.fromisoformat(export["made_at"]).astimezone(CIVIL_TIME)
    name, on = _name(export, say), instant(export["made_at"], language)
    filled = {table: rows for table, rows in export["records"].items() if rows}
    tables = [table for table in (*TABLES, *filled) if table in filled]
    content: dict[str, Tree] = {
        "created": [made_at.year, made_at.month, made_at.day],
        "title": f"{say(words.COPY)} – {name}, {day(made_at.date(), language)}",
        "footer": f"{say(words.COPY)}, {day(made_at.date(), language)}",
        "heading": [f"{say(words.COPY)} – ", user_text(name)],
        "lead": [
            f"{say(words.MADE)}: {on}.",
            *_texts((words.WHAT, words.WITHOUT, words.RIGHTS, words.PRIVATE), say),
        ],
        "contents": _contents(filled, [*dict.fromkeys(tables)], say),
        "columns": _texts(words.RECORD_COLUMNS, say),
        "tables": [
            _table(table, filled[table], say) for table in dict.fromkeys(tables)
        ],
        "accesses": _accesses(export["accesses"], say),
        "mentions": _mentions(len(export["mentions"]), say),
        "note": note(say, words.REPLACED),
    }
    return page_view(content, language, "pl", letters)


def _texts(several: Sequence[Words], say: Say) -> list[Tree]:
    return [say(each) for each in several]


def _name(export: Export, say: Say) -> str:
    [person] = export["records"]["people"]
    names = [person.get(name) for name in ("given_name", "family_name")]
    unnamed = words.EXPECTED if person["kind"] == "expected" else words.NOBODY
    return " ".join(name for name in names if name) or say(unnamed)


def _heading(table: str, say: Say) -> str:
    words_of_table = TABLES.get(table)
    return table.replace("_", " ") if words_of_table is None else say(words_of_table)


def _contents(filled: Mapping[str, Rows], tables: Sequence[str], say: Say) -> Tree:
    return {
        "heading": say(words.CONTENTS),
        "columns": _texts(words.CONTENT_COLUMNS, say),
        "rows": [
            [[_heading(table, say)], [str(len(filled[table]))]] for table in tables
        ],
    }


def _table(table: str, rows: Rows, say: Say) -> Tree:
    """The records of a table, each as rows of a field's label and its value."""
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
    """Accesses of one day that are counted together have these values in common."""

    on: str
    who: str
    category: str
    kind: str


def _accesses(entries: Rows, say: Say) -> Tree:
    """Who accessed the data on which day, the newest first,
    equal ones counted together.
    """
    counts = Counter(_look(entry, say) for entry in reversed(entries))
    printed = [*counts.items()][:MOST_ACCESSES]
    older = len(counts) - len(printed)
    rows: list[Tree] = [
        [[look.on], [look.who], [look.category], [f"{look.kind}: {often}"]]
        for look, often in printed
    ]
    return {
        "heading": say(words.ACCESSES),
        "columns": _texts(words.ACCESS_COLUMNS, say),
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
