"""The verification page as HTML.

Without scripts, for keyboards and screen readers, narrow and wide screens. Pure.
"""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from services.chassis.ground.problems import Language
from services.chassis.typesetting.spoken import day, duration
from services.training.certificate_readiness.rules import SELF_STUDY
from services.training.verifications.rules.views import (
    ShownContent,
    ShownModule,
    Verification,
)
from services.training.verifications.rules.words import WORDS, Words

STYLE = """
:root{color-scheme:light;--ink:#1b2733;--quiet:#45525f;--line:#c3ccd5;--accent:#0b5394}
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:#fff;font:1.0625rem/1.6 system-ui,sans-serif}
header,main,footer{max-width:46rem;margin:0 auto;padding:.75rem 1rem}
header{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem}
header{justify-content:space-between;border-bottom:1px solid var(--line)}
h1{font-size:1.6rem;line-height:1.25;margin:1rem 0}
h2{font-size:1.25rem;margin:2rem 0 .5rem}
a{color:var(--accent)}
:focus-visible{outline:3px solid #b45f06;outline-offset:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{position:static;display:inline-block;padding:.5rem 1rem}
.verdict{border:2px solid #17633f;border-left-width:.6rem;padding:.75rem 1rem}
.verdict{font-size:1.2rem;font-weight:600}
.refused{border-color:#a61b1b}
dl{margin:1rem 0}
dt{color:var(--quiet)}
dd{margin:0 0 .75rem;overflow-wrap:anywhere}
li{margin:.35rem 0;overflow-wrap:anywhere}
label{display:block;font-weight:600}
input,button{font:inherit;padding:.6rem .75rem}
input,button{border:2px solid var(--quiet);border-radius:4px}
input{width:100%;max-width:28rem;margin:.35rem 0 .75rem;color:inherit;background:#fff}
button{background:var(--accent);border-color:var(--accent);color:#fff}
button{font-weight:600;min-width:8rem}
@media (min-width:40rem){
dl{display:grid;grid-template-columns:max-content 1fr;gap:.5rem 1.5rem}
dd{margin:0}}
"""
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing is loaded and no script runs, even if a name contained markup."""


class Visit(NamedTuple):
    """The code, language and key of a page, which its links keep."""

    code: str
    language: Language
    key: str | None = None

    def address(self, language: Language) -> str:
        """The page's address in a language, relative to itself."""
        # Relative, so that it works behind any gateway and prefix.
        parameters = {"language": language} | ({"key": self.key} if self.key else {})
        return f"{self.code}?{urlencode(parameters)}"


def certificate_page(
    verification: Verification, visit: Visit, *, matches: bool | None = None
) -> str:
    """The page of a certificate; `matches` is the result of a name check."""
    words = WORDS[visit.language]
    verdict = words.valid if verification.is_valid else words.revoked
    answer = "" if matches is None else _answer(words, matches=matches)
    # The title is the answer, since a screen reader reads it first.
    title = verdict if matches is None else _match_title(words, matches=matches)
    # The answer is next to the form, where the focus is.
    parts = (
        _box(verdict, is_good=verification.is_valid),
        _facts(verification, visit.language),
        ""
        if verification.content is None
        else _content(verification.content, visit.language),
        answer,
        "" if verification.name else _form(words, visit),
    )
    return _page(visit, title, "".join(parts))


def notice_page(visit: Visit, title: str, text: str = "") -> str:
    """A page with one message.

    That there is no such certificate, or that there were too many name checks.
    """
    paragraph = f"<p>{escape(text)}</p>" if text else ""
    return _page(visit, title, _box(title, is_good=False) + paragraph)


def unknown_page(visit: Visit) -> str:
    """The page for an unknown code."""
    words = WORDS[visit.language]
    return notice_page(visit, words.unknown, words.unknown_text)


def too_many_page(visit: Visit) -> str:
    """The page for too many name checks."""
    return notice_page(visit, WORDS[visit.language].too_many)


def _match_title(words: Words, *, matches: bool) -> str:
    return words.matches if matches else words.differs


def _answer(words: Words, *, matches: bool) -> str:
    return _box(_match_title(words, matches=matches), is_good=matches)


def _box(text: str, *, is_good: bool) -> str:
    kind = "verdict" if is_good else "verdict refused"
    return f'<p class="{kind}" role="status">{escape(text)}</p>'


def _facts(verification: Verification, language: Language) -> str:
    words = WORDS[language]
    programme = (
        verification.programme_pl if language == "pl" else verification.programme_en
    )
    holder = verification.name or f"{verification.initials} ({words.initials_only})"
    facts = [
        (words.programme, programme),
        (words.holder, holder),
        (words.issued_on, day(verification.issued_on, language)),
        (words.issuer, verification.issuer),
    ]
    if verification.revoked_on is not None:
        facts.append((words.revoked_on, day(verification.revoked_on, language)))
    if verification.content is not None:
        facts.append((words.number, verification.content.number))
        facts.append((words.hours, duration(verification.content.minutes, language)))
    return _description_list(facts)


def _description_list(facts: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in facts
    )
    return f"<dl>{rows}</dl>"


def _module(module: ShownModule, language: Language) -> str:
    words = WORDS[language]
    title = module.title_pl if language == "pl" else module.title_en
    minutes = duration(module.minutes, language)
    if module.form == SELF_STUDY:
        return f"{title}: {words.self_study.format(minutes=minutes)}"
    attended = duration(module.attended_minutes, language)
    return f"{title}: {words.attended.format(attended=attended, minutes=minutes)}"


def _content(content: ShownContent, language: Language) -> str:
    words = WORDS[language]
    outcomes = [
        f"{each.text_pl if language == 'pl' else each.text_en} "
        f"({words.validated.format(day=day(each.validated_on, language))})"
        for each in content.outcomes
    ]
    modules = [_module(each, language) for each in content.modules]
    return _ordered_list(words.modules, modules) + _ordered_list(
        words.outcomes, outcomes
    )


def _ordered_list(heading: str, items: Iterable[str]) -> str:
    rows = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h2>{escape(heading)}</h2><ol>{rows}</ol>" if rows else ""


def _form(words: Words, visit: Visit) -> str:
    # POST, so that the typed name is in no URL.
    action = escape(visit.address(visit.language))
    return (
        f"<h2>{escape(words.check)}</h2>"
        f'<form method="post" action="{action}">'
        f'<p id="about">{escape(words.check_text)}</p>'
        f'<label for="name">{escape(words.name)}</label>'
        '<input id="name" name="name" required maxlength="300" autocomplete="off"'
        ' aria-describedby="about">'
        f"<div><button>{escape(words.button)}</button></div></form>"
    )


def _page(visit: Visit, title: str, main: str) -> str:
    words, language = WORDS[visit.language], visit.language
    # A link, which works without scripts.
    other: Language = "en" if language == "pl" else "pl"
    link = escape(visit.address(other))
    # An empty icon: otherwise browsers would request one, which the policy forbids.
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)} – {escape(words.title)}</title><link rel="icon" href="data:,">
<style>{STYLE}</style></head>
<body><a class="skip" href="#content">{escape(words.skip)}</a>
<header><strong>Splot</strong>
<nav><a href="{link}" lang="{other}" hreflang="{other}">{escape(words.other)}</a></nav>
</header><main id="content" tabindex="-1">
<h1>{escape(words.title)}</h1>{main}</main></body></html>
"""
