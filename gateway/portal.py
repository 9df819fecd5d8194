"""The pages for people: start, API documentation, problems; all from this host."""

import hashlib
import json
from functools import cache
from html import escape
from importlib.metadata import distribution
from pathlib import Path

from gateway.headers import Headers
from gateway.publications import Document, ProblemKind
from gateway.texts import text
from services.chassis.ground.problems import Language

OURS = Path(__file__).parent / "assets"
# Located without an import: the package's code would add a page to a FastAPI application.
SWAGGER_UI = Path(
    str(distribution("fastapi-swagger").locate_file("fastapi_swagger/resources"))
)
ASSETS = {
    "docs.js": OURS / "docs.js",
    "ids.js": OURS / "ids.js",
    "portal.css": OURS / "portal.css",
    "swagger-ui-bundle.js": SWAGGER_UI / "swagger-ui-bundle.js",
    "swagger-ui.css": SWAGGER_UI / "swagger-ui.css",
}
MEDIA_TYPES = {
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
}
# The pages show documents of services: a script that got into one would not run.
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    b" connect-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none';"
    b" frame-ancestors 'none'"
)
PAGE_HEADERS: Headers = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", POLICY),
    (b"cache-control", b"no-cache"),
    (b"vary", b"Accept-Language, Accept"),
]
# 409 and 423 as well: the obstacle may be gone by the next attempt.
TRANSIENT = frozenset({408, 409, 423, 429, 502, 503, 504})


@cache
def asset(name: str) -> Document:
    """A file of the pages, read at its first request: 2 MB in all."""
    body = ASSETS[name].read_bytes()
    return Document(body, b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"')


def media_type(name: str) -> bytes:
    """The media type of a file, by the end of its name."""
    return MEDIA_TYPES[Path(name).suffix]


def page_headers(language: Language) -> Headers:
    """Headers of a page in this language."""
    return [*PAGE_HEADERS, (b"content-language", language.encode())]


def start_page(language: Language, services: list[str]) -> bytes:
    """The page at `/`, for somebody who knows no other address."""
    items = "".join(f"<li><code>/v1/{escape(name)}</code></li>" for name in services)
    return _page(
        language,
        text("tagline", language),
        f"""<main id="content" class="text"><h1>{text("tagline", language)}</h1>
<p>{text("home_intro", language)}</p>
<h2>{text("services", language)}</h2><ul>{items}</ul></main>""",
    )


def docs_page(
    language: Language, services: list[str], service: str, issuer: str
) -> bytes:
    """The interactive documentation of one service, with links to the others.

    `issuer`: the address of the development issuer, which gives tokens, or empty.
    """
    here = {service: ' aria-current="page"'}
    links = " ".join(
        f'<a href="/docs?service={name}"{here.get(name, "")}>{name}</a>'
        for name in map(escape, services)
    )
    document = (
        f"/openapi.json?service={escape(service)}" if service else "/openapi.json"
    )
    return _page(
        language,
        text("docs", language),
        f"""<main id="content"><h1>{text("docs", language)}</h1>
<nav class="services" aria-label="{text("services", language)}">{links}
<a href="/asyncapi.json">{text("events", language)}</a></nav>
{_token_form(language, issuer) if issuer else ""}
<ul id="tags"></ul>
<div id="operations" data-document="{document}"></div>
<noscript><p>{text("without_scripts", language)}
<a href="/openapi.json">/openapi.json</a></p></noscript></main>""",
        # Our script first: it lists operations while the large script is still loading.
        head=f"""<link rel="preload" href="{document}" as="fetch" crossorigin>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<script src="/docs/assets/ids.js" defer></script>
<script src="/docs/assets/docs.js" defer></script>
<script src="/docs/assets/swagger-ui-bundle.js" defer></script>""",
    )


def _token_form(language: Language, issuer: str) -> str:
    # Hidden until the issuer has listed its demo callers.
    return f"""<form id="development" data-issuer="{issuer}" hidden>
<label>{text("demo_caller", language)} <select></select></label>
<button>{text("take_token", language)}</button> <output aria-live="polite"></output></form>"""


def problems_page(language: Language, kinds: list[ProblemKind]) -> bytes:
    """The page that lists all kinds of problems."""
    rows = "".join(
        f'<tr><td><a href="/problems/{escape(kind.slug)}">{escape(kind.slug)}</a></td>'
        f"<td>{kind.status}</td><td>{escape(title_of(kind, language))}</td></tr>"
        for kind in kinds
    )
    return _page(
        language,
        text("problems", language),
        f"""<main id="content" class="text"><h1>{text("problems", language)}</h1>
<p>{text("problems_intro", language)}</p>
<table><thead><tr><th scope="col">{text("problem", language)}</th>
<th scope="col">{text("status", language)}</th>
<th scope="col">{text("meaning", language)}</th></tr></thead>
<tbody>{rows}</tbody></table></main>""",
    )


def problem_page(language: Language, kind: ProblemKind) -> bytes:
    """The page of one kind of problem."""
    title = escape(title_of(kind, language))
    other: Language = "en" if language == "pl" else "pl"
    general = text(
        "try_again" if kind.status in TRANSIENT else "change_first", language
    )
    advice = escape(kind.advice.get(language) or general)
    return _page(
        language,
        title,
        f"""<main id="content" class="text"><h1>{title}</h1>
<p lang="{other}">{escape(title_of(kind, other))}</p>
<dl><dt>{text("status", language)}</dt><dd>{kind.status}</dd>
<dt>{text("type", language)}</dt><dd><code>/problems/{escape(kind.slug)}</code></dd>
<dt>{text("code", language)}</dt><dd><code>{escape(kind.slug.replace("-", "_"))}</code></dd></dl>
<p>{advice}</p></main>""",
    )


def problem_json(kinds: list[ProblemKind]) -> bytes:
    """Kinds of problems for programs: a single one as an object, several as a list."""
    items = [
        {
            "type": f"/problems/{kind.slug}",
            "code": kind.slug.replace("-", "_"),
            "status": kind.status,
            "title": {"en": kind.title_en, "pl": kind.title_pl},
        }
        for kind in kinds
    ]
    return json.dumps(
        items[0] if len(items) == 1 else {"items": items}, ensure_ascii=False
    ).encode()


def title_of(kind: ProblemKind, language: Language) -> str:
    """The problem's title in the reader's language."""
    return kind.title_pl if language == "pl" else kind.title_en


def _page(language: Language, title: str, main: str, head: str = "") -> bytes:
    links = (
        ("/", "home"),
        ("/docs", "docs"),
        ("/openapi.json", "document"),
        ("/problems", "problems"),
    )
    navigation = " ".join(
        f'<a href="{address}">{text(key, language)}</a>' for address, key in links
    )
    # The icon is empty because browsers would request /favicon.ico, and be refused.
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Splot</title><link rel="icon" href="data:,">
{head}<link rel="stylesheet" href="/docs/assets/portal.css"></head>
<body><a class="skip" href="#content">{text("skip", language)}</a>
<header class="site"><strong>Splot</strong><nav aria-label="Splot">{navigation}</nav></header>
{main}
<footer class="site">{text("footer", language)}</footer></body></html>
""".encode()
