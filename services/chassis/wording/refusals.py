"""The words of codes, advice on refusals, and names of what may be missing."""

from collections.abc import Mapping

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
    "outside-scope": (
        "Name a county or an institution of your own; `/v1/views/me` says which.",
        "Podaj własny powiat lub instytucję; wskazuje je `/v1/views/me`.",
    ),
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
MISSING: dict[str, tuple[str, str]] = {}


def add_advice(advice: Mapping[str, tuple[str, str]]) -> None:
    """Let a service add advice on its own problems."""
    ADVICE.update(advice)


def advice_on(slug: str) -> dict[str, str]:
    """The advice on a kind of problem, by language; empty where there is none."""
    return dict(zip(("en", "pl"), ADVICE.get(slug, ()), strict=False))


def add_missing(words: Mapping[str, tuple[str, str]]) -> None:
    """Let a service add the words for its codes in `missing`."""
    MISSING.update(words)


def word(code: str, language: str) -> str:
    """The short sentence for a code; an unknown code reads as `invalid`."""
    english, polish = WORDS.get(code, WORDS["invalid"])
    return polish if language == "pl" else english
