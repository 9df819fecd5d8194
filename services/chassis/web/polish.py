"""The order in which a Polish reader looks for names: a ą b c ć … z ź ż, case second.

Neither the server's locale nor ICU decides it, which differ from one installation to
another: a function of each schema makes of a name a key that is compared by code point.
"""

from sqlalchemy import ColumnElement, Text, func

# Behind each letter stands the one with a mark: `~` is greater than any letter of ASCII.
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
    """The function `polish_key`: of a text its key.

    Quotation marks count for nothing, marks of other languages for nothing either. The
    text itself follows, after what is smaller than any character of it: case decides
    between names that are otherwise alike.
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
    """What a list sorts by, to sort by these words; an index over the same serves it."""
    # A function's result is compared as its argument is: here by code point.
    return func.polish_key(words.collate("C"), type_=Text)


def polish_index(schema: str, column: str) -> str:
    """The same for an index, as text."""
    return f'{schema}.polish_key({column} COLLATE "C")'
