"""The verification page as HTML.

Without a script, read by keyboard and screen reader, narrow and wide. Pure.
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
"""Nothing is loaded, and no script runs: a name that were markup would do nothing."""


class Visit(NamedTuple):
    """Where a page is, in which language, and what it keeps of its address."""

    code: str
    language: Language
    key: str | None = None

    def address(self, language: Language) -> str:
        """The page's address in a language, relative to itself."""
        # Relative: it holds behind whatever gateway and prefix the page was read.
        kept = {"language": language} | ({"key": self.key} if self.key else {})
        return f"{self.code}?{urlencode(kept)}"


def certificate_page(
    shown: Verification, visit: Visit, *, matches: bool | None = None
) -> str:
    """The page of a certificate; `matches` answers a name that was typed."""
    words = WORDS[visit.language]
    verdict = words.valid if shown.is_valid else words.revoked
    answer = "" if matches is None else _answer(words, matches=matches)
    # A screen reader reads the title first: it is the answer to what was asked.
    title = verdict if matches is None else _match_title(words, matches=matches)
    # The answer stands beside the form, where eyes and keyboard are.
    parts = (
        _box(verdict, is_good=shown.is_valid),
        _facts(shown, visit.language),
        "" if shown.content is None else _content(shown.content, visit.language),
        answer,
        "" if shown.name else _form(words, visit),
    )
    return _page(visit, title, "".join(parts))


def notice_page(visit: Visit, title: str, text: str = "") -> str:
    """A page that says one thing.

    That there is no such certificate, or that names were typed too often.
    """
    paragraph = f"<p>{escape(text)}</p>" if text else ""
    return _page(visit, title, _box(title, is_good=False) + paragraph)


def unknown_page(visit: Visit) -> str:
    """The page where there is no certificate."""
    words = WORDS[visit.language]
    return notice_page(visit, words.unknown, words.unknown_text)


def too_many_page(visit: Visit) -> str:
    """The page where names were typed too often."""
    return notice_page(visit, WORDS[visit.language].too_many)


def _match_title(words: Words, *, matches: bool) -> str:
    return words.matches if matches else words.differs


def _answer(words: Words, *, matches: bool) -> str:
    return _box(_match_title(words, matches=matches), is_good=matches)


def _box(text: str, *, is_good: bool) -> str:
    kind = "verdict" if is_good else "verdict refused"
    return f'<p class="{kind}" role="status">{escape(text)}</p>'


def _facts(shown: Verification, language: Language) -> str:
    words = WORDS[language]
    programme = shown.programme_pl if language == "pl" else shown.programme_en
    holder = shown.name or f"{shown.initials} ({words.initials_only})"
    facts = [
        (words.programme, programme),
        (words.holder, holder),
        (words.issued_on, day(shown.issued_on, language)),
        (words.issuer, shown.issuer),
    ]
    if shown.revoked_on is not None:
        facts.append((words.revoked_on, day(shown.revoked_on, language)))
    if shown.content is not None:
        facts.append((words.number, shown.content.number))
        facts.append((words.hours, duration(shown.content.minutes, language)))
    return _described(facts)


def _described(facts: Iterable[tuple[str, str]]) -> str:
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
    return _listed(words.modules, modules) + _listed(words.outcomes, outcomes)


def _listed(heading: str, items: Iterable[str]) -> str:
    rows = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h2>{escape(heading)}</h2><ol>{rows}</ol>" if rows else ""


def _form(words: Words, visit: Visit) -> str:
    # Posted: a name that is typed must not stand in an address.
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
    # A link and no script: it works wherever the page does.
    other: Language = "en" if language == "pl" else "pl"
    link = escape(visit.address(other))
    # The icon is empty because browsers would ask for one, and be refused.
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
