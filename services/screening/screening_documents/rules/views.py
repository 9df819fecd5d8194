"""A result in plain words of one language, ready for typesetting. Pure."""

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
    """All texts of the page, reduced to the characters that the typeface has."""
    texts = _view(document, language)
    make_drawable = partial(drawable, letters=letters)
    set_name = partial(set_ready, letters=letters, language=WRITTEN_IN)
    ways: dict[str, Change] = {GIVEN: set_name, "title": make_drawable}
    drawable_texts = each_text(
        texts, partial(set_ready, letters=letters, language=language), ways
    )
    return {
        "said": drawable_texts,
        "is_lossless": boxes(drawable_texts) == boxes(texts),
    }


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
        "asked": _questions(document, words, language),
        "found": _findings(document, words),
        "next": {"heading": words.next, "steps": _steps(document, words)},
        "call": _call(document, words),
        "confirmed": words.confirmed.format(day=day(on, language)),
        "number": f"{words.number}: {document.screening_id}",
        "page": [words.page, words.of],
        "note": {"heading": words.note, "text": words.replaced},
    }


def _questions(document: ResultDocument, words: Words, language: Language) -> Tree:
    sentence = words.filled.format(
        day=day(document.administered_on, language),
        form=document.form,
        instrument=document.instrument,
    )
    sentences = [sentence, words.informants[document.informant]]
    if document.age_months is not None:
        age = age_in_words(document.age_months, words)
        sentences.append(words.age.format(age=age))
    return {
        "heading": words.questions,
        "text": " ".join(sentences),
        "label": words.about,
        "areas": [*document.topics],
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


def _findings(document: ResultDocument, words: Words) -> Tree:
    # Areas and no scores: parents would read any number beside a child as a grade.
    labels = dict(words.areas)
    # One positive area may not be enough for a positive result: it gets milder words.
    if document.outcome == Outcome.NEGATIVE:
        labels[Outcome.POSITIVE] = words.still
    lists: list[Tree] = []
    for outcome in (Outcome.POSITIVE, Outcome.UNDETERMINED, Outcome.NEGATIVE):
        names = [area.name for area in document.areas if area.outcome == outcome]
        if names:
            lists.append({"label": labels[outcome], "areas": names})
    return {
        "heading": words.findings,
        "main": words.outcomes[document.outcome],
        "critical": words.critical if document.has_critical else None,
        "lists": lists,
        "not_a_diagnosis": words.not_a_diagnosis,
    }


def _steps(document: ResultDocument, words: Words) -> Tree:
    steps = [*words.steps[document.outcome]]
    if document.has_critical:
        # "Nothing has to be done" is left out: it would keep parents from asking about
        # the critical answer.
        steps = [] if document.outcome == Outcome.NEGATIVE else steps
        steps.append(words.talk)
    if document.outcome == Outcome.POSITIVE:
        has_consent = document.has_consent
        steps.append(words.consented if has_consent else words.not_consented)
    return [*steps, words.worried]


def _call(document: ResultDocument, words: Words) -> Tree:
    """The contact data of the institution, and blank lines for the unknown parts."""
    place, phone, person = words.blanks
    contact = document.contact
    # Blank lines and no omission: parents need a contact.
    if contact is None:
        return {"heading": words.call, "lines": [], "blanks": [place, phone, person]}
    lines: list[Tree] = [
        {GIVEN: part} for part in (contact.name, contact.address) if part
    ]
    if contact.phone:
        lines.append(f"{words.phone}: {contact.phone.replace(' ', NBSP)}")
    blanks: list[Tree] = [person] if contact.phone else [phone, person]
    return {"heading": words.call, "lines": lines, "blanks": blanks}
