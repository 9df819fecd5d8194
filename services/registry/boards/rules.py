"""The board of a programme, sites × steps, as a picture that can also be read aloud. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Literal, NamedTuple

from services.chassis.media_types import preferred_type

Language = Literal["pl", "en"]
Row = Mapping[str, Any]

# The marks are for readers who see no colours or print in grey. The contrast of ink and
# ground is at least 4.5 : 1, as WCAG asks.
MARKS = {"done": "✓", "skipped": "–", "pending": "○", "not_done": "×"}
FILLS = {
    "done": ("#1b6e3c", "#ffffff"),
    "skipped": ("#ffe9a8", "#3a2d00"),
    "pending": ("#f2f2f2", "#444444"),
    "not_done": ("#d9d9d9", "#3d3d3d"),
}
_WORDS = {
    "title": {"pl": "Kroki: {name}", "en": "Steps: {name}"},
    "desc": {
        "pl": "Miejsca realizacji: {sites} z {in_all}. Wykonane kroki: {steps}.",
        "en": "Sites: {sites} of {in_all}. Steps done: {steps}.",
    },
    "of": {"pl": "{label} – {count} z {sites}", "en": "{label} – {count} of {sites}"},
    "done": {"pl": "wykonany", "en": "done"},
    "skipped": {"pl": "pominięty", "en": "skipped"},
    "pending": {"pl": "przed nami", "en": "pending"},
    "not_done": {"pl": "niewykonany", "en": "not done"},
    "in_all": {
        "pl": "Ile miejsc realizacji wykonało krok",
        "en": "Sites that have done the step",
    },
}
_MARGIN, _NAME_WIDTH, _CELL, _LINE, _TOP, _LETTERS = 16, 320, 40, 30, 132, 38
_INK, _GREY, _STRIPE, _RULE = "#111111", "#444444", "#f4f7fa", "#8a949e"
_MIDDLE = 'text-anchor="middle"'
_BOLD = f'{_MIDDLE} font-weight="bold"'


class StepPlace(NamedTuple):
    """Where a step of the board stands in its process."""

    code: str
    position: int
    is_ending: bool


def settle_cells(
    cells: Sequence[Row], steps: Sequence[StepPlace], *, is_over: bool
) -> list[dict[str, Any]]:
    """The cells of a site; a pending step that the site has left behind is `not_done`.

    `is_over`: the site has ended, and all pending steps are left behind, as they
    are after a recorded ending. Any other recorded step leaves those up to its
    position behind.
    """
    places = {step.code: step for step in steps}
    recorded = [places[cell["step"]] for cell in cells if cell["status"] != "pending"]
    over = is_over or any(step.is_ending for step in recorded)
    furthest = max((step.position for step in recorded), default=0)
    return [
        # An alternative to a recorded step is left behind as well.
        {**cell, "status": "not_done"}
        if cell["status"] == "pending"
        and (over or places[cell["step"]].position <= furthest)
        else {**cell}
        for cell in cells
    ]


def board_svg(board: Mapping[str, Any], language: Language) -> str:
    """An SVG: a row for each site, a numbered column for each step, a mark and a word in every cell, a legend.

    A board has `label`, `steps` of `code` and `label`, and `sites` (of `sites_in_all`) of `name`, `county_terc` and
    `cells` of `step`, `status` and `done_on`.
    """
    steps, sites = board["steps"], board["sites"]
    title = _WORDS["title"][language].format(name=board["label"][language])
    below = _TOP + len(sites) * _LINE
    # Title and legend need some width however few the steps are.
    width = max(_column(len(steps)) + _CELL + _MARGIN, 680)
    height = below + (len(steps) + 2) * _LINE + _MARGIN
    size = f'width="{width}" height="{height}"'
    parts = [
        # A screen reader reads title and description in place of the drawing.
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}" lang="{language}" role="img"',
        ' aria-labelledby="board-title board-desc" font-family="system-ui, sans-serif" font-size="14">',
        f'<title id="board-title">{escape(title)}</title>',
        f'<desc id="board-desc">{escape(_summary(board, language))}</desc>',
        f'<rect {size} fill="#ffffff"/>',
        _text(_MARGIN, 36, title, style='font-size="20" font-weight="bold"'),
        *_legend(language),
        *(
            _text(_column(number), _TOP - 12, str(number + 1), style=_BOLD)
            for number in range(len(steps))
        ),
        *(_stripe(number, width) for number in range(0, len(sites), 2)),
        *(
            part
            for number, site in enumerate(sites)
            for part in _row(number, site, steps, language)
        ),
        *_sums(below, width, board, language),
        *_names(below + 2 * _LINE, steps, language),
        "</svg>",
    ]
    return "".join(parts)


def _column(number: int) -> int:
    """The middle of a column."""
    return _NAME_WIDTH + number * _CELL + _CELL // 2


def _text(x: int, y: int, words: str, *, fill: str = _INK, style: str = "") -> str:
    return f'<text x="{x}" y="{y}" fill="{fill}" {style}>{escape(words)}</text>'


def _stripe(number: int, width: int) -> str:
    """The background of every second row."""
    top = _TOP + number * _LINE
    return f'<rect x="8" y="{top}" width="{width - 16}" height="{_LINE}" rx="4" fill="{_STRIPE}"/>'


def _count_done(board: Mapping[str, Any], step: Row) -> int:
    cells = [cell for site in board["sites"] for cell in site["cells"]]
    return sum(
        cell["step"] == step["code"] and cell["status"] == "done" for cell in cells
    )


def _summary(board: Mapping[str, Any], language: Language) -> str:
    """What the picture shows, in words: how many sites, and how many of them have done each step."""
    steps, sites = board["steps"], board["sites"]
    counts = [
        _WORDS["of"][language].format(
            label=step["label"][language],
            count=_count_done(board, step),
            sites=len(sites),
        )
        for step in steps
    ]
    return _WORDS["desc"][language].format(
        sites=len(sites), in_all=board["sites_in_all"], steps="; ".join(counts)
    )


def _row(
    number: int, site: Row, steps: Sequence[Row], language: Language
) -> Iterator[str]:
    top = _TOP + number * _LINE
    full = f"{site['name']} ({site['county_terc']})"
    # SVG does not wrap text: a long name is cut; the tooltip shows all of it.
    label = full if len(full) <= _LETTERS else f"{full[: _LETTERS - 1]}…"
    yield f"<g><title>{escape(full)}</title>{_text(_MARGIN, top + 20, label)}</g>"
    cells = {cell["step"]: cell for cell in site["cells"]}
    for column, step in enumerate(steps):
        cell = cells.get(step["code"], {"status": "pending", "done_on": None})
        word = _WORDS[cell["status"]][language]
        when = f", {cell['done_on']}" if cell["done_on"] else ""
        description = f"{site['name']}: {step['label'][language]} – {word}{when}"
        yield f"<g><title>{escape(description)}</title>{_mark(_column(column), top, cell['status'])}</g>"


def _mark(middle: int, top: int, status: str) -> str:
    """A cell; its mark means the same as its colour."""
    fill, ink = FILLS[status]
    place = f'x="{middle - _CELL // 2 + 3}" y="{top + 3}" width="{_CELL - 6}" height="{_LINE - 6}" rx="4"'
    box = f'<rect {place} fill="{fill}" stroke="{_RULE}"/>'
    return box + _text(middle, top + 20, MARKS[status], fill=ink, style=_MIDDLE)


def _legend(language: Language) -> Iterator[str]:
    for number, status in enumerate(MARKS):
        left = _MARGIN + number * 160
        yield _mark(left + _CELL // 2 - 3, 56, status)
        yield _text(left + _CELL, 76, _WORDS[status][language], fill=_GREY)


def _sums(
    top: int, width: int, board: Mapping[str, Any], language: Language
) -> Iterator[str]:
    """Under every column, how many sites have done its step."""
    yield f'<line x1="8" y1="{top + 2}" x2="{width - 8}" y2="{top + 2}" stroke="{_RULE}"/>'
    yield _text(_MARGIN, top + 22, _WORDS["in_all"][language], fill=_GREY)
    for number, step in enumerate(board["steps"]):
        yield _text(
            _column(number), top + 22, str(_count_done(board, step)), style=_BOLD
        )


def _names(top: int, steps: Sequence[Row], language: Language) -> Iterator[str]:
    """What the numbers over the columns stand for."""
    for number, step in enumerate(steps):
        line = top + number * _LINE
        yield _text(_MARGIN + 12, line, str(number + 1), style=_BOLD)
        yield _text(_MARGIN + 32, line, step["label"][language])


def wants_picture(accept: str, format_: str | None) -> bool | None:
    """Whether the answer is the picture (else JSON): by the parameter, else by the first type in Accept that fits.

    None when no type in Accept fits.
    """
    # A link cannot set Accept, so the parameter goes first.
    if format_ is not None:
        return format_ == "svg"
    kind = preferred_type(accept, ["application/json", "image/svg+xml"])
    return None if kind is None else kind == "image/svg+xml"
