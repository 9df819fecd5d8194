"""How a refusal is told: the words of its codes, its JSON and its headers."""

import json
import re
from collections.abc import Mapping
from typing import Any

from services.chassis.ground.problems import Language, Problem

# Codes are part of the API and stay; their sentences are for people and may change.
WORDS: dict[str, tuple[str, str]] = {
    "missing": ("is required", "jest wymagane"),
    "unknown": ("is not known here", "nie jest tu znane"),
    "repeated": ("may be given once only", "można podać tylko raz"),
    "wrong_type": ("has the wrong type", "ma niewłaściwy typ"),
    "wrong_format": (
        "does not have the documented format",
        "nie ma wymaganej postaci",
    ),
    "not_listed": (
        "is not one of the documented values",
        "nie należy do dozwolonych wartości",
    ),
    "too_short": ("is too short", "jest za krótkie"),
    "too_long": ("is too long", "jest za długie"),
    "too_small": ("is too small", "jest za małe"),
    "too_large": ("is too large", "jest za duże"),
    "too_deep": ("is nested too deeply", "jest zbyt głęboko zagnieżdżone"),
    "not_allowed_character": (
        "holds a character that is not allowed",
        "zawiera niedozwolony znak",
    ),
    "wrong_checksum": ("has a wrong check digit", "ma błędną cyfrę kontrolną"),
    "not_found": (
        "refers to nothing that exists",
        "nie odnosi się do niczego, co istnieje",
    ),
    "ambiguous": (
        "fits more than one; use the code",
        "jest niejednoznaczne; podaj kod",
    ),
    "already_taken": ("is already taken", "jest już zajęte"),
    "wrong_order": (
        "comes before what it must follow",
        "jest wcześniej niż to, po czym powinno nastąpić",
    ),
    "not_allowed": ("may not be given here", "nie może być tu podane"),
    "stale_cursor": (
        "belongs to another list or was altered",
        "należy do innej listy albo zostało zmienione",
    ),
    "wrong_encoding": (
        "is not in the documented encoding",
        "nie ma wymaganego kodowania",
    ),
    "header_missing": ("lacks a required column", "nie ma wymaganej kolumny"),
    "header_repeated": ("has a column twice", "ma tę samą kolumnę dwa razy"),
    "too_many_columns": ("has too many columns", "ma zbyt wiele kolumn"),
    "too_many_rows": ("has too many rows", "ma zbyt wiele wierszy"),
    "line_too_long": ("has a line that is too long", "ma zbyt długi wiersz"),
    "nul_character": ("holds a NUL character", "zawiera znak NUL"),
    "unbalanced_quotes": ("has quotes that do not match", "ma niedomknięte cudzysłowy"),
    "not_a_workbook": ("is not an XLSX workbook", "nie jest skoroszytem XLSX"),
    "unsafe_entry": (
        "holds an unsafe archive entry",
        "zawiera niebezpieczny element archiwum",
    ),
    "active_content": (
        "holds macros, links, objects or a DTD",
        "zawiera makra, łącza, obiekty albo DTD",
    ),
    "too_complex": (
        "needs more time or memory than allowed",
        "wymaga więcej czasu lub pamięci niż dozwolone",
    ),
    "wrong_number_of_cells": (
        "has another number of cells than the header",
        "ma inną liczbę komórek niż nagłówek",
    ),
    "malformed_json": ("is not a flat JSON object", "nie jest płaskim obiektem JSON"),
    "repeated_in_file": (
        "stands in the file more than once",
        "występuje w pliku więcej niż raz",
    ),
    "not_https": ("has to begin with https://", "musi zaczynać się od https://"),
    "not_public": (
        "does not lead to a public address",
        "nie prowadzi pod adres publiczny",
    ),
    "invalid": ("is not valid", "jest niepoprawne"),
}


def add_words(words: dict[str, tuple[str, str]]) -> None:
    """Let a service add the codes of its own rules, English and Polish."""
    WORDS.update(words)


ADVICE: dict[str, tuple[str, str]] = {
    "validation-failed": (
        "Correct the fields in `errors` and send the request again.",
        "Popraw pola wskazane w `errors` i wyślij żądanie ponownie.",
    ),
    "state-conflict": (
        "See `state`, and do what is `allowed`.",
        "Sprawdź `state` i wybierz czynność z `allowed`.",
    ),
    "request-in-progress": (
        "Wait a moment and repeat the request with the same key.",
        "Odczekaj chwilę i powtórz żądanie z tym samym kluczem.",
    ),
    "duplicate": (
        "Change what is recorded, or send another value.",
        "Zmień to, co już zapisano, albo podaj inną wartość.",
    ),
    "idempotency-key-reused": (
        "Use a new key for a new request.",
        "Do nowego żądania użyj nowego klucza.",
    ),
    "ambiguous-reference": (
        "Give the code in place of the name.",
        "Podaj kod zamiast nazwy.",
    ),
    "unknown-reference": (
        "Check the references in `errors`.",
        "Sprawdź odwołania wskazane w `errors`.",
    ),
    "replay-failed": (
        "See to what keeps it from being carried out, then replay it again.",
        "Usuń przeszkodę i ponów zdarzenie.",
    ),
    "unknown-expansion": (
        "Name one of those in `allowed`.",
        "Podaj nazwę z listy `allowed`.",
    ),
    "webhook-quota-reached": (
        "Revoke a webhook that is no longer needed; `most` says how many there may be.",
        "Unieważnij niepotrzebny webhook; `most` podaje, ile może ich być.",
    ),
    "file-refused": (
        "Correct what `errors` names and send the file again.",
        "Popraw to, co wskazano w `errors`, i prześlij plik ponownie.",
    ),
}
"""By slug: what to do about a refusal, English and Polish."""
_MISSING: dict[str, tuple[str, str]] = {}


def add_advice(advice: Mapping[str, tuple[str, str]]) -> None:
    """Let a service say what to do about its own problems."""
    ADVICE.update(advice)


def add_missing(words: Mapping[str, tuple[str, str]]) -> None:
    """Let a service say in words what the codes of `missing` are."""
    _MISSING.update(words)


def detail_of(problem: Problem, language: Language) -> str | None:
    """What is wrong, what to do about it, and what is missing; None with nothing to say."""
    place = 1 if language == "pl" else 0
    sentences = []
    if problem.errors:
        wrong = [word(error.code, language) for error in problem.errors[:5]]
        sentences.append("; ".join(dict.fromkeys(wrong)) + ".")
    if problem.slug() in ADVICE:
        sentences.append(ADVICE[problem.slug()][place])
    missing = problem.members.get("missing", [])
    known = [_MISSING[code][place] for code in missing if code in _MISSING]
    if known:
        sentences.append(("Missing: ", "Brakuje: ")[place] + ", ".join(known) + ".")
    return " ".join(sentences) or None


def word(code: str, language: Language) -> str:
    """The short sentence for a code; an unknown code reads as `invalid`."""
    english, polish = WORDS.get(code, WORDS["invalid"])
    return polish if language == "pl" else english


def problem_bytes(
    problem: Problem, *, language: Language, trace_id: str, instance: str
) -> bytes:
    """The JSON of a problem. `instance` is the path asked for, without its query."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.slug()}",
        "title": problem.title(language),
        "status": problem.status,
        "code": problem.slug().replace("-", "_"),
        "instance": instance,
        "trace_id": trace_id,
    }
    if problem.errors:
        body["errors"] = [
            {
                error.place: error.name,
                "code": error.code,
                "detail": word(error.code, language),
            }
            # Thousands of faults in a body must not make an answer larger than it.
            for error in problem.errors[:100]
        ]
    if (detail := detail_of(problem, language)) is not None:
        body["detail"] = detail
    return json.dumps(
        body | problem.members, ensure_ascii=False, separators=(",", ":")
    ).encode()


def problem_headers(problem: Problem, language: Language) -> list[tuple[bytes, bytes]]:
    """The headers that go with a problem, ready for ASGI."""
    headers = {
        "content-type": "application/problem+json",
        "content-language": language,
        # A refusal holds of one caller at one moment.
        "cache-control": "no-store",
        **problem.headers,
    }
    if problem.status in {429, 503} or problem.retry_after is not None:
        headers["retry-after"] = str(problem.retry_after or 1)
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def preferred_language(accept_language: str) -> Language:
    """Polish unless the caller would rather read English. Unreadable counts as absent.

    >>> [preferred_language(each) for each in ("en-GB,en;q=0.9,pl;q=0.2", "de", "")]
    ['en', 'pl', 'pl']
    """
    weights = {"pl": 0.0, "en": 0.0}
    # Longer than any browser sends: the caller decides how often the pattern is tried.
    for part in accept_language[:200].lower().split(","):
        match = re.fullmatch(
            r"\s*(pl|en)(?:-[a-z0-9]+)*\s*(?:;\s*q=([01](?:\.[0-9]{1,3})?))?\s*",
            part,
            re.ASCII,
        )
        if match:
            weights[match[1]] = max(weights[match[1]], float(match[2] or 1))
    return "en" if weights["en"] > weights["pl"] else "pl"
