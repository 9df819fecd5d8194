"""A difference as a sentence, in Polish and English. Pure."""

from typing import NamedTuple

from services.training.version_comparisons.rules.differences import (
    Difference,
    DifferenceKind,
    Item,
    Part,
    Value,
)


class Words(NamedTuple):
    """A text in both languages."""

    pl: str
    en: str


FIELDS: dict[str, Words] = {
    "group_capacity": Words("wielkość grupy", "size of a group"),
    "attendance_percent": Words("wymagana obecność w %", "attendance needed in %"),
    "title_pl": Words("tytuł po polsku", "Polish title"),
    "title_en": Words("tytuł po angielsku", "English title"),
    "goal_pl": Words("cel po polsku", "Polish goal"),
    "goal_en": Words("cel po angielsku", "English goal"),
    "form": Words("forma zajęć", "form of teaching"),
    "minutes": Words("liczba minut", "minutes"),
    "is_test_specific": Words("przeznaczenie wyłącznie do testu", "use in the test"),
    "sphere": Words("sfera współpracy", "sphere of cooperation"),
    "text_pl": Words("treść po polsku", "Polish text"),
    "text_en": Words("treść po angielsku", "English text"),
    "criterion_pl": Words("kryterium po polsku", "Polish criterion"),
    "criterion_en": Words("kryterium po angielsku", "English criterion"),
    "method": Words("metoda walidacji", "method of validation"),
    "is_required": Words("wymagalność do certyfikatu", "need for the certificate"),
}
_NOUNS = {
    Part.MODULE: Words("moduł", "Module"),
    Part.TOPIC: Words("temat", "Topic"),
    Part.OUTCOME: Words("efekt uczenia się", "Learning outcome"),
}
_VERBS = {
    DifferenceKind.ADDED: Words("Dodano", "was added"),
    DifferenceKind.REMOVED: Words("Usunięto", "was removed"),
    DifferenceKind.CHANGED: Words("Zmieniono", "was changed"),
    DifferenceKind.MOVED: Words("Przeniesiono", "was moved"),
}


def sentence(difference: Difference) -> Words:
    """The sentence of a difference, in each language."""
    if difference.part is Part.SETTING:
        return _of_setting(difference)
    # The present title; for a removed part, the last one.
    item = difference.after or difference.before
    if item is None:
        raise ValueError("a difference is of something")
    verb, title = _VERBS[difference.kind], _title_of(difference.part, item)
    details = _details(difference, item)
    return Words(
        f"{verb.pl} {title.pl}{details.pl}.", f"{title.en} {verb.en}{details.en}."
    )


def _of_setting(difference: Difference) -> Words:
    label, name = FIELDS[difference.code], difference.code
    before, after = _value(difference.before, name), _value(difference.after, name)
    return Words(
        f"Zmieniono: {label.pl} z {before} na {after}.",
        f"Changed: {label.en} from {before} to {after}.",
    )


def _value(item: Item | None, name: str) -> Value:
    return None if item is None else item.values[name]


def _title_of(part: Part, item: Item) -> Words:
    noun = _NOUNS[part]
    title = "text" if part is Part.OUTCOME else "title"
    # Topics without their number, which changes with every topic before them.
    number = f" {item.number}" if part is Part.MODULE else ""
    return Words(
        f"{noun.pl}{number} „{item.values[f'{title}_pl']}”",
        f"{noun.en}{number} “{item.values[f'{title}_en']}”",
    )


def _details(difference: Difference, item: Item) -> Words:
    """The place of a part, its way if it moved, or the labels of changed fields."""
    if difference.kind is DifferenceKind.MOVED:
        return _move(difference)
    place = Words("", "")
    if difference.part is not Part.MODULE:
        number = item.module_number
        place = Words(f" w module {number}", f" in module {number}")
    if difference.kind is not DifferenceKind.CHANGED:
        return place
    # Labels without values, which are in `fields`: goals are long.
    labels = [FIELDS[name] for name in difference.fields]
    polish, english = [", ".join(words) for words in zip(*labels, strict=True)]
    return Words(f"{place.pl}: {polish}", f"{place.en}: {english}")


def _move(difference: Difference) -> Words:
    before, after = difference.before, difference.after
    if before is None or after is None:
        raise ValueError("what moved stood in both versions")
    # Compared by code: a module that moved itself has another number.
    if before.module != after.module:
        old, new = before.module_number, after.module_number
        return Words(
            f" z modułu {old} do modułu {new}", f" from module {old} to module {new}"
        )
    old, new = before.number, after.number
    return Words(f" z miejsca {old} na {new}", f" from place {old} to place {new}")
