"""A certificate in the words of one language, ready to be set on pages. Pure."""

from functools import partial

from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import (
    GIVEN,
    TARGET,
    Change,
    Letters,
    Tree,
    boxes,
    drawable,
    each_text,
    set_ready,
)
from services.chassis.typesetting.spoken import NBSP, day, short_day
from services.training.certificate_documents.rules.documents import CertificateDocument
from services.training.certificate_documents.rules.words import WORDS, Words
from services.training.certificates.rules import (
    SELF_STUDY,
    CertificateContent,
    ContentModule,
    ContentOutcome,
)

WRITTEN_IN: Language = "pl"
"""Names and titles of bodies are Polish, whatever the document's language."""


def certificate_view(
    document: CertificateDocument, language: Language, letters: Letters
) -> Tree:
    """Everything that the pages say, in the letters that the face has."""
    said = _view(document, language)
    shown = partial(drawable, letters=letters)
    given = partial(set_ready, letters=letters, language=WRITTEN_IN)
    ways: dict[str, Change] = {GIVEN: given, TARGET: str, "title": shown, "alt": shown}
    ready = each_text(
        said, partial(set_ready, letters=letters, language=language), ways
    )
    return {"said": ready, "is_lossless": boxes(ready) == boxes(said)}


def length(minutes: int, words: Words) -> str:
    """Minutes as hours and minutes: `1 godz. 30 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [
        f"{amount}{NBSP}{unit}"
        for amount, unit in zip((hours, rest), words.hour, strict=True)
        if amount
    ]
    return NBSP.join(parts) or f"0{NBSP}{words.hour[1]}"


def _view(document: CertificateDocument, language: Language) -> dict[str, Tree]:
    words, content, on = WORDS[language], document.content, document.issued_on
    title = content.title_pl if language == "pl" else content.title_en
    return {
        "language": language,
        "created": [on.year, on.month, on.day],
        "written_in": WRITTEN_IN,
        "title": f"{words.certificate} {document.number}: {title}",
        "heading": words.certificate,
        "revoked": words.revoked if document.is_revoked else None,
        "completed": words.completed,
        "name": {GIVEN: document.name},
        "programme": title,
        "lines": _lines(content, words, language),
        "modules": {
            "heading": words.modules,
            "columns": list(words.module_columns),
            "rows": [_module(each, words, language) for each in content.modules],
            "empty": words.no_modules,
        },
        "outcomes": {
            "heading": words.outcomes,
            "columns": list(words.outcome_columns),
            "rows": [_outcome(each, words, language) for each in content.outcomes],
            "empty": words.none,
        },
        "facts": [
            {"label": words.number, "text": document.number},
            {"label": words.issued, "text": day(on, language)},
            {"label": words.client, "text": {GIVEN: content.client}},
            {"label": words.contractor, "text": {GIVEN: content.contractor}},
            {"label": words.issuer, "text": {GIVEN: document.issuer}},
        ],
        "verify": {
            "heading": words.verify,
            "text": words.verify_text,
            "code": document.code,
            "address": {"text": document.link, TARGET: document.link},
            "alt": words.qr_alt,
        },
        "page": [words.page, words.of],
        "note": {"heading": words.note, "text": words.replaced},
    }


def _lines(content: CertificateContent, words: Words, language: Language) -> Tree:
    first, last = day(content.starts_on, language), day(content.ends_on, language)
    lengths = {
        "attended": length(content.attended_minutes, words),
        "planned": length(content.planned_minutes, words),
        "whole": length(content.minutes, words),
    }
    return [
        f"{words.programme} {content.programme_code}, {words.version} {content.version_number}.",
        words.group.format(code=content.group_code, first=first, last=last),
        words.attended.format(**lengths),
    ]


def _module(module: ContentModule, words: Words, language: Language) -> list[Tree]:
    title = module.title_pl if language == "pl" else module.title_en
    is_alone = module.form == SELF_STUDY
    attended = words.self_study if is_alone else length(module.attended_minutes, words)
    return [str(module.number), title, length(module.minutes, words), attended]


def _outcome(outcome: ContentOutcome, words: Words, language: Language) -> list[Tree]:
    texts = (
        (outcome.text_pl, outcome.criterion_pl)
        if language == "pl"
        else (outcome.text_en, outcome.criterion_en)
    )
    method, on = (
        words.methods[outcome.method],
        short_day(outcome.validated_on, language),
    )
    return [f"{outcome.module_number}. {texts[0]}", texts[1], method, on]
