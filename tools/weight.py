"""How dense the code is, area by area: `python -m tools.weight [--files]`.

Code with fewer tokens a line and with shorter files and functions is easier to read. With `--files`
the files that are too long are listed, and the private members of other packages that are used.
"""

import ast
import io
import sys
import tokenize
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OURS = ("services", "gateway", "onebox", "tests", "tools", "deploy", "bench")
NARROW, WIDE = 88, 100
MOST_TOKENS, MOST_LINES = 2_200, 300
# One list of all refusals of a service is searched, not read (docs/decisions/0007-catalogue-of-refusals.md).
MOST_LINES_OF_A_CATALOGUE = 900
LAYOUT = {
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
# Documented names that only have an underscore so that they do not clash with a column or a field.
PUBLIC = {"_mapping", "_tuple", "_asdict", "_fields", "_replace", "_make", "_exit"}


@dataclass
class Weight:
    """The counts of one file, or of several together."""

    files: int = 0
    lines: int = 0
    tokens: int = 0
    comments: int = 0
    over_narrow: int = 0
    over_wide: int = 0
    casts: int = 0
    too_long: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    functions: list[int] = field(default_factory=list)

    def __add__(self, other: "Weight") -> "Weight":
        sums: dict[str, Any] = {name: mine + vars(other)[name] for name, mine in vars(self).items()}
        return Weight(**sums)

    def of_hundred(self, count: int) -> float:
        """This count for every hundred lines."""
        return 100 * count / self.lines if self.lines else 0.0


Figure = Callable[[Weight], float]
FIGURES: dict[str, Figure] = {
    "files": lambda weight: weight.files,
    "lines": lambda weight: weight.lines,
    "tokens a line": lambda weight: weight.tokens / max(weight.lines, 1),
    f"% over {NARROW}": lambda weight: weight.of_hundred(weight.over_narrow),
    f"% over {WIDE}": lambda weight: weight.of_hundred(weight.over_wide),
    "comments in 100": lambda weight: weight.of_hundred(weight.comments),
    "files too long": lambda weight: len(weight.too_long),
    "casts": lambda weight: weight.casts,
    "private of others": lambda weight: len(weight.private),
    "median function": lambda weight: median(weight.functions or [0]),
}


def areas() -> list[str]:
    """The areas of the table: the chassis, each service, and the rooms beside them."""
    services = sorted(path.parent.name for path in ROOT.glob("services/*/main.py"))
    return [*(f"services/{name}" for name in ("chassis", *services)), "gateway", "onebox", "tests"]


def sources(area: str) -> list[Path]:
    """The files of an area; a migration is history and is not weighed."""
    return [path for path in sorted((ROOT / area).rglob("*.py")) if "versions" not in path.parts]


@cache
def nodes(path: Path) -> list[ast.AST]:
    """All syntax nodes of a file, the module first; a file is read and parsed once."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))))


def weigh(path: Path) -> Weight:
    """One file. A file that cannot be parsed is an error."""
    text = path.read_text(encoding="utf-8")
    parts, lines = nodes(path), text.splitlines()
    tokens = [token.type for token in tokenize.generate_tokens(io.StringIO(text).readline)]
    weight = Weight(
        files=1,
        lines=len(lines),
        tokens=sum(kind not in {*LAYOUT, tokenize.COMMENT} for kind in tokens),
        comments=tokens.count(tokenize.COMMENT),
        over_narrow=sum(len(line) > NARROW for line in lines),
        over_wide=sum(len(line) > WIDE for line in lines),
        casts=_casts(parts),
        functions=_lengths(parts),
    )
    place = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
    if weight.tokens > MOST_TOKENS or weight.lines > _most_lines(path):
        weight.too_long.append(f"{place}: {weight.lines} lines, {weight.tokens} tokens")
    weight.private += [f"{place}: {name}" for name in _private_of_others(parts)]
    return weight


def _most_lines(path: Path) -> int:
    is_catalogue = path.name == "problems.py" and path.parent.parent.name == "services"
    return MOST_LINES_OF_A_CATALOGUE if is_catalogue else MOST_LINES


def weigh_all(paths: Iterable[Path]) -> Weight:
    """The sum of the weights of several files."""
    return sum(map(weigh, paths), Weight())


def exceeded(weight: Weight, limits: dict[str, float]) -> dict[str, float]:
    """The figures that are above their limits, or below them where a limit is negative (at least)."""
    figures = {name: FIGURES[name](weight) for name in limits}
    return {
        name: figure
        for name, figure in figures.items()
        if (figure > limits[name] if limits[name] >= 0 else figure < -limits[name])
    }


def _casts(parts: list[ast.AST]) -> int:
    """The number of calls of typing's `cast`; SQLAlchemy's `cast` is not counted."""
    is_imported = any(
        alias.name == "cast"
        for node in parts
        if isinstance(node, ast.ImportFrom) and node.module == "typing"
        for alias in node.names
    )
    functions = [node.func for node in parts if isinstance(node, ast.Call)]
    qualified = [name for name in functions if isinstance(name, ast.Attribute) and name.attr == "cast"]
    qualified = [name for name in qualified if ast.unparse(name) == "typing.cast"]
    bare = [name for name in functions if isinstance(name, ast.Name) and name.id == "cast"]
    return len(qualified) + (len(bare) if is_imported else 0)


def _lengths(parts: list[ast.AST]) -> list[int]:
    functions = (node for node in parts if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name not in PUBLIC | {"_"}


def _private_of_others(parts: list[ast.AST]) -> list[str]:
    """`package._y`, `thing._y` where nothing of ours is called `_y`, and imports of `_x` from others."""
    names = []
    for node in parts:
        if isinstance(node, ast.Attribute) and _is_private(node.attr) and node.attr not in _our_names():
            names.append(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] not in OURS:
            inside = [part for part in (node.module or "").split(".") if _is_private(part)]
            names += inside + [alias.name for alias in node.names if _is_private(alias.name)]
    return names


@cache
def _our_names() -> frozenset[str]:
    """Every private name that is defined in this repository."""
    names = set[str]()
    for path in (path for room in OURS for path in sources(room)):
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names.add(node.attr if getattr(node.value, "id", "") in {"self", "cls"} else "")
    return frozenset(filter(_is_private, names))


def table() -> str:
    """The areas and their figures."""
    width = max(map(len, areas()))
    lines = [f"{'':{width}}  " + "  ".join(FIGURES)]
    for area in areas():
        weight = weigh_all(sources(area))
        cells = [f"{_format(figure(weight)):>{len(name)}}" for name, figure in FIGURES.items()]
        lines.append(f"{area:{width}}  " + "  ".join(cells))
    return "\n".join(lines) + "\n"


def _format(figure: float) -> str:
    return f"{figure:,.{0 if float(figure).is_integer() else 1}f}"


def details() -> str:
    """The files that are too long, and the private members of others that are used."""
    weights = [weigh_all(sources(area)) for area in areas()]
    lines = [line for weight in weights for line in (*weight.too_long, *weight.private)]
    return "\n".join(["", *lines]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table() + (details() if "--files" in sys.argv[1:] else ""))
