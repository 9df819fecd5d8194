"""The sort order of names for Polish readers: a ą b c ć … z ź ż, case second.

It does not depend on the server's locale or on ICU, which differ between installations:
a function of each schema turns a name into a key, compared by code point.
"""

from sqlalchemy import ColumnElement, Text, func

# A letter with a mark follows the one without: `~` is greater than any ASCII letter.
_MARKED = {
    "ą": "a~",
    "ć": "c~",
    "ę": "e~",
    "ł": "l~",
    "ń": "n~",
    "ó": "o~",
    "ś": "s~",
    "ź": "z~",
    "ż": "z~~",
}


def polish_key_statement(schema: str) -> str:
    """The function `polish_key`: from a text to its key.

    Quotation marks are ignored, and marks of other languages too. The text itself
    follows, after a character smaller than any in it: case decides between names that
    are otherwise equal.
    """
    key = "lower(words COLLATE pg_c_utf8)"
    for letter, sorted_as in (*_MARKED.items(), ('"', "")):
        key = f"replace({key}, '{letter}', '{sorted_as}')"
    return rf"""
CREATE OR REPLACE FUNCTION {schema}.polish_key(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE key text := {key};
BEGIN
    IF octet_length(key) > length(key) THEN
        key := regexp_replace(normalize(key, NFD), '[\u0300-\u036F\u00AB\u00BB\u2018-\u201E]', '', 'g');
    END IF;
    RETURN key || chr(1) || words;
END $$
"""


def in_polish_order(words: ColumnElement[str]) -> ColumnElement[str]:
    """The expression by which a list sorts these words; an index can serve it."""
    # A function's result is collated like its argument: here by code point.
    return func.polish_key(words.collate("C"), type_=Text)


def polish_index(schema: str, column: str) -> str:
    """The same expression for an index, as text."""
    return f'{schema}.polish_key({column} COLLATE "C")'
