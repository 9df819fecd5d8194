"""A result in the plain words of one language, ready to be set on a page. Pure."""

from decimal import Decimal
from functools import partial

from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import (
    GIVEN,
    Change,
    Letters,
    Tree,
    boxes,
    drawable,
    each_text,
    set_ready,
)
from services.chassis.typesetting.spoken import NBSP, counted, day
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.screening_documents.rules.documents import ResultDocument
from services.screening.screening_documents.rules.words import WORDS, Words

WRITTEN_IN: Language = "pl"
"""Names and addresses of institutions are Polish, whatever the page's language."""


def result_view(document: ResultDocument, language: Language, letters: Letters) -> Tree:
    """Everything that the page says, in the letters that the face has."""
    said = _view(document, language)
    shown = partial(drawable, letters=letters)
    given = partial(set_ready, letters=letters, language=WRITTEN_IN)
    ways: dict[str, Change] = {GIVEN: given, "title": shown}
    ready = each_text(
        said, partial(set_ready, letters=letters, language=language), ways
    )
    return {"said": ready, "is_lossless": boxes(ready) == boxes(said)}


def _view(document: ResultDocument, language: Language) -> dict[str, Tree]:
    words, on = WORDS[language], document.confirmed_on
    return {
        "language": language,
        "written_in": WRITTEN_IN,
        "created": [on.year, on.month, on.day],
        "title": f"{words.heading}: {document.instrument}",
        "heading": words.heading,
        "reader": words.reader,
        "child": words.child,
        "asked": _asked(document, words, language),
        "found": _found(document, words),
        "next": {"heading": words.next, "steps": _steps(document, words)},
        "call": _call(document, words),
        "confirmed": words.confirmed.format(day=day(on, language)),
        "number": f"{words.number}: {document.screening_id}",
        "page": [words.page, words.of],
        "note": {"heading": words.note, "text": words.replaced},
    }


def _asked(document: ResultDocument, words: Words, language: Language) -> Tree:
    filled = words.filled.format(
        day=day(document.administered_on, language),
        form=document.form,
        instrument=document.instrument,
    )
    sentences = [filled, words.informants[document.informant]]
    if document.age_months is not None:
        age = age_in_words(document.age_months, words)
        sentences.append(words.age.format(age=age))
    return {
        "heading": words.asked,
        "text": " ".join(sentences),
        "label": words.about,
        "areas": [*document.asked],
    }


def age_in_words(months: int, words: Words) -> str:
    """`23 miesiące`, and from two years on `4 lata i 2 miesiące`."""
    years, rest = divmod(months, 12) if months >= 24 else (0, months)
    parts = [
        f"{number}{NBSP}{counted(Decimal(number), *forms)}"
        for number, forms in ((years, words.years), (rest, words.months))
        if number
    ]
    nothing = f"0{NBSP}{words.months[2]}"
    return f" {words.together} ".join(parts) if parts else nothing


def _found(document: ResultDocument, words: Words) -> Tree:
    # Areas and no scores: a number beside a child is read as a mark, whatever it means.
    labels = dict(words.areas)
    # What is seen in one area alone may not be enough for the whole to call for a look.
    if document.outcome == Outcome.NEGATIVE:
        labels[Outcome.POSITIVE] = words.still
    lists: list[Tree] = []
    for outcome in (Outcome.POSITIVE, Outcome.UNDETERMINED, Outcome.NEGATIVE):
        names = [area.name for area in document.areas if area.outcome == outcome]
        if names:
            lists.append({"label": labels[outcome], "areas": names})
    return {
        "heading": words.found,
        "main": words.outcomes[document.outcome],
        "critical": words.critical if document.has_critical else None,
        "lists": lists,
        "not_a_diagnosis": words.not_a_diagnosis,
    }


def _steps(document: ResultDocument, words: Words) -> Tree:
    steps = [*words.steps[document.outcome]]
    if document.has_critical:
        # Whoever is told that nothing has to be done would not ask.
        steps = [] if document.outcome == Outcome.NEGATIVE else steps
        steps.append(words.talk)
    if document.outcome == Outcome.POSITIVE:
        given = document.has_consent
        steps.append(words.consented if given else words.not_consented)
    return [*steps, words.worried]


def _call(document: ResultDocument, words: Words) -> Tree:
    """The institution, and lines to write on for what is not known of it."""
    place, phone, person = words.blanks
    known = document.contact
    # A line is left, and not left out: parents need somebody to call.
    if known is None:
        return {"heading": words.call, "lines": [], "blanks": [place, phone, person]}
    lines: list[Tree] = [{GIVEN: part} for part in (known.name, known.address) if part]
    if known.phone:
        lines.append(f"{words.phone}: {known.phone.replace(' ', NBSP)}")
    blanks: list[Tree] = [person] if known.phone else [phone, person]
    return {"heading": words.call, "lines": lines, "blanks": blanks}
