"""A difference in words, Polish and English. Pure."""

from typing import NamedTuple

from services.training.version_comparisons.rules.differences import (
    Difference,
    DifferenceKind,
    Item,
    Part,
    Value,
)


class Words(NamedTuple):
    """The same in both languages."""

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
    """What differs, in a sentence of each language."""
    if difference.part is Part.SETTING:
        return _of_setting(difference)
    # As it is called now: of what is gone, as it was called last.
    item = difference.after or difference.before
    if item is None:
        raise ValueError("a difference is of something")
    verb, named = _VERBS[difference.kind], _named(difference.part, item)
    more = _more(difference, item)
    return Words(f"{verb.pl} {named.pl}{more.pl}.", f"{named.en} {verb.en}{more.en}.")


def _of_setting(difference: Difference) -> Words:
    label, name = FIELDS[difference.code], difference.code
    before, after = _value(difference.before, name), _value(difference.after, name)
    return Words(
        f"Zmieniono: {label.pl} z {before} na {after}.",
        f"Changed: {label.en} from {before} to {after}.",
    )


def _value(item: Item | None, name: str) -> Value:
    return None if item is None else item.values[name]


def _named(part: Part, item: Item) -> Words:
    noun = _NOUNS[part]
    title = "text" if part is Part.OUTCOME else "title"
    # Topics are called by their titles: their numbers change with every one before.
    number = f" {item.number}" if part is Part.MODULE else ""
    return Words(
        f"{noun.pl}{number} „{item.values[f'{title}_pl']}”",
        f"{noun.en}{number} “{item.values[f'{title}_en']}”",
    )


def _more(difference: Difference, item: Item) -> Words:
    """Where it stands, from where to where it went, or what of it changed."""
    if difference.kind is DifferenceKind.MOVED:
        return _way(difference)
    place = Words("", "")
    if difference.part is not Part.MODULE:
        number = item.module_number
        place = Words(f" w module {number}", f" in module {number}")
    if difference.kind is not DifferenceKind.CHANGED:
        return place
    # The names alone: goals are long, and the values stand beside the sentence.
    labels = [FIELDS[name] for name in difference.fields]
    polish, english = [", ".join(words) for words in zip(*labels, strict=True)]
    return Words(f"{place.pl}: {polish}", f"{place.en}: {english}")


def _way(difference: Difference) -> Words:
    before, after = difference.before, difference.after
    if before is None or after is None:
        raise ValueError("what moved stood in both versions")
    # By the modules' codes: a module that itself moved has another number.
    if before.module != after.module:
        old, new = before.module_number, after.module_number
        return Words(
            f" z modułu {old} do modułu {new}", f" from module {old} to module {new}"
        )
    old, new = before.number, after.number
    return Words(f" z miejsca {old} na {new}", f" from place {old} to place {new}")
