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
from services.chassis.typesetting.spoken import day, duration, short_day
from services.training.certificate_documents.rules.documents import CertificateDocument
from services.training.certificate_documents.rules.words import WORDS, Words
from services.training.certificate_readiness.rules import SELF_STUDY
from services.training.certificates.rules import (
    CertificateContent,
    ContentModule,
    ContentOutcome,
)

WRITTEN_IN: Language = "pl"
"""Names and titles of bodies are Polish, whatever the document's language."""


def certificate_view(
    document: CertificateDocument, language: Language, letters: Letters
) -> Tree:
    """The whole text of the pages, in letters that the typeface has."""
    texts = _view(document, language)
    show = partial(drawable, letters=letters)
    show_polish = partial(set_ready, letters=letters, language=WRITTEN_IN)
    # Addresses are not changed: with line breaks a link would not work.
    changes: dict[str, Change] = {
        GIVEN: show_polish,
        TARGET: str,
        "title": show,
        "alt": show,
    }
    ready = each_text(
        texts, partial(set_ready, letters=letters, language=language), changes
    )
    return {"said": ready, "is_lossless": boxes(ready) == boxes(texts)}


def _view(document: CertificateDocument, language: Language) -> dict[str, Tree]:
    words, content, on = WORDS[language], document.content, document.issued_on
    # Titles exist in both languages; names of people and organisations do not.
    title = content.title_pl if language == "pl" else content.title_en
    return {
        "language": language,
        "created": [on.year, on.month, on.day],
        # So that screen readers read Polish names by Polish rules.
        "written_in": WRITTEN_IN,
        "title": f"{words.certificate} {document.number}: {title}",
        "heading": words.certificate,
        "revoked": words.revoked if document.is_revoked else None,
        "completed": words.completed,
        "name": {GIVEN: document.name},
        "programme": title,
        "lines": _lines(content, words, language),
        **_tables(content, words, language),
        "facts": _facts(document, words, language),
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


def _tables(
    content: CertificateContent, words: Words, language: Language
) -> dict[str, Tree]:
    return {
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
    }


def _facts(document: CertificateDocument, words: Words, language: Language) -> Tree:
    content = document.content
    return [
        {"label": words.number, "text": document.number},
        {"label": words.issued, "text": day(document.issued_on, language)},
        {"label": words.client, "text": {GIVEN: content.client}},
        {"label": words.contractor, "text": {GIVEN: content.contractor}},
        {"label": words.issuer, "text": {GIVEN: document.issuer}},
    ]


def _lines(content: CertificateContent, words: Words, language: Language) -> Tree:
    first, last = day(content.starts_on, language), day(content.ends_on, language)
    lengths = {
        "attended": duration(content.attended_minutes, language),
        "planned": duration(content.planned_minutes, language),
        "whole": duration(content.minutes, language),
    }
    version = f"{words.version} {content.version_number}"
    return [
        f"{words.programme} {content.programme_code}, {version}.",
        words.group.format(code=content.group_code, first=first, last=last),
        words.attended.format(**lengths),
    ]


def _module(module: ContentModule, words: Words, language: Language) -> list[Tree]:
    title = module.title_pl if language == "pl" else module.title_en
    # Self-study has no signed attendance.
    is_alone = module.form == SELF_STUDY
    attended = (
        words.self_study if is_alone else duration(module.attended_minutes, language)
    )
    return [str(module.number), title, duration(module.minutes, language), attended]


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
