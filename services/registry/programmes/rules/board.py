"""The board of a programme, sites × steps, as a picture that can also be read aloud. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Literal

Language = Literal["pl", "en"]
Row = Mapping[str, Any]

MARKS = {"done": "✓", "skipped": "–", "pending": "○"}
FILLS = {"done": ("#1b6e3c", "#ffffff"), "skipped": ("#ffe9a8", "#3a2d00"), "pending": ("#f2f2f2", "#444444")}
_WORDS = {
    "title": {"pl": "Etapy: {name}", "en": "Steps: {name}"},
    "desc": {
        "pl": "Miejsc: {sites} z {in_all}. Wykonane etapy: {steps}.",
        "en": "Sites: {sites} of {in_all}. Steps done: {steps}.",
    },
    "of": {"pl": "{label} – {count} z {sites}", "en": "{label} – {count} of {sites}"},
    "done": {"pl": "wykonany", "en": "done"},
    "skipped": {"pl": "pominięty", "en": "skipped"},
    "pending": {"pl": "przed nami", "en": "pending"},
}
_NAME_WIDTH, _CELL, _LINE, _TOP, _LETTERS = 280, 36, 24, 56, 38


def board_svg(board: Mapping[str, Any], language: Language) -> str:
    """An SVG: a row for each site, a numbered column for each step, a mark and a word in every cell, a legend.

    A board has `label`, `steps` of `code` and `label`, and `sites` (of `sites_in_all`) of `name`, `county_terc` and
    `cells` of `step`, `status` and `done_on`.
    """
    steps, sites = board["steps"], board["sites"]
    title = _WORDS["title"][language].format(name=board["label"][language])
    legend_top = _TOP + len(sites) * _LINE + _LINE
    width = max(_NAME_WIDTH + len(steps) * _CELL, 640)
    height = legend_top + (len(steps) + 2) * _LINE
    size = f'width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}" lang="{language}" role="img"',
        ' aria-labelledby="board-title board-desc" font-family="sans-serif" font-size="14">',
        f'<title id="board-title">{escape(title)}</title>',
        f'<desc id="board-desc">{escape(_told(board, language))}</desc>',
        f'<rect {size} fill="#ffffff"/>',
        f'<text x="8" y="22" font-weight="bold">{escape(title)}</text>',
        *(_text(_column(number), _TOP - 10, str(number + 1), anchor="middle") for number in range(len(steps))),
        *(part for number, site in enumerate(sites) for part in _row(number, site, steps, language)),
        *_legend(legend_top, steps, language),
        "</svg>",
    ]
    return "".join(parts)


def _column(number: int) -> int:
    return _NAME_WIDTH + number * _CELL + _CELL // 2


def _text(x: int, y: int, words: str, *, anchor: str = "start", fill: str = "#111111") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'


def _told(board: Mapping[str, Any], language: Language) -> str:
    """What the picture shows, in words: how many sites, and how many of them have done each step."""
    steps, sites = board["steps"], board["sites"]
    done = [cell["step"] for site in sites for cell in site["cells"] if cell["status"] == "done"]
    counts = [
        _WORDS["of"][language].format(label=step["label"][language], count=done.count(step["code"]), sites=len(sites))
        for step in steps
    ]
    return _WORDS["desc"][language].format(sites=len(sites), in_all=board["sites_in_all"], steps="; ".join(counts))


def _row(number: int, site: Row, steps: Sequence[Row], language: Language) -> Iterator[str]:
    top = _TOP + number * _LINE
    full = f"{site['name']} ({site['county_terc']})"
    shown = full if len(full) <= _LETTERS else f"{full[: _LETTERS - 1]}…"
    yield f"<g><title>{escape(full)}</title>{_text(8, top + 16, shown)}</g>"
    cells = {cell["step"]: cell for cell in site["cells"]}
    for column, step in enumerate(steps):
        cell = cells.get(step["code"], {"status": "pending", "done_on": None})
        word = _WORDS[cell["status"]][language]
        when = f", {cell['done_on']}" if cell["done_on"] else ""
        told = f"{site['name']}: {step['label'][language]} – {word}{when}"
        yield f"<g><title>{escape(told)}</title>{_mark(column, top, cell['status'])}</g>"


def _mark(column: int, top: int, status: str) -> str:
    fill, ink = FILLS[status]
    x = _NAME_WIDTH + column * _CELL + 2
    box = f'<rect x="{x}" y="{top}" width="{_CELL - 4}" height="{_LINE - 3}" fill="{fill}" stroke="#666666"/>'
    return box + _text(_column(column), top + 16, MARKS[status], anchor="middle", fill=ink)


def _legend(top: int, steps: Sequence[Row], language: Language) -> Iterator[str]:
    marks = "   ".join(f"{mark} {_WORDS[status][language]}" for status, mark in MARKS.items())
    yield _text(8, top, marks)
    for number, step in enumerate(steps, start=1):
        yield _text(8, top + number * _LINE, f"{number}. {step['label'][language]}")


def wants_picture(accept: str, format_: str | None) -> bool | None:
    """Whether the picture is asked for, by parameter or, failing that, first by Accept; None when neither fits."""
    if format_ is not None:
        return format_ == "svg"
    pictures = {"image/svg+xml": True, "image/*": True, "application/json": False, "application/*": False, "*/*": False}
    kinds = [part.partition(";")[0].strip() for part in (accept or "*/*").lower().split(",")]
    return next((pictures[kind] for kind in kinds if kind in pictures), None)
