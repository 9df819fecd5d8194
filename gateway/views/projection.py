"""Longitudes and latitudes as shapes of a picture in which areas compare. Pure."""

from collections.abc import Mapping, Sequence
from math import cos, hypot, radians, sin, sqrt
from typing import NamedTuple

WIDTH = 1600
"""Of the picture, in its own units: whole ones are finer than any screen shows."""
# Two parallels and a middle of Poland: shapes are most accurate there.
_SOUTH, _NORTH = radians(50), radians(54)
_MIDDLE_LATITUDE, _MIDDLE_LONGITUDE = radians(52), radians(19)
Rings = Sequence[Sequence[Sequence[float]]]
Point = tuple[int, int]


class Drawn(NamedTuple):
    """Shapes, and the size of the picture that they fill."""

    width: int
    height: int
    paths: Mapping[str, str]


def _flat(longitude: float, latitude: float) -> tuple[float, float]:
    """Albers' equal-area conic projection of the sphere.

    Source: J. P. Snyder, Map Projections – A Working Manual (USGS 1395), section 14.
    """
    n = (sin(_SOUTH) + sin(_NORTH)) / 2
    constant = cos(_SOUTH) ** 2 + 2 * n * sin(_SOUTH)
    radius = sqrt(constant - 2 * n * sin(radians(latitude))) / n
    middle = sqrt(constant - 2 * n * sin(_MIDDLE_LATITUDE)) / n
    angle = n * (radians(longitude) - _MIDDLE_LONGITUDE)
    # A picture's y points down.
    return radius * sin(angle), radius * cos(angle) - middle


def projected(by_code: Mapping[str, Rings]) -> Drawn:
    """The shapes by code, scaled to the width of the picture."""
    flat = {
        code: [[_flat(point[0], point[1]) for point in ring] for ring in rings]
        for code, rings in by_code.items()
    }
    points = [point for rings in flat.values() for ring in rings for point in ring]
    if not points:
        raise ValueError("no borders")
    left, top = min(x for x, _ in points), min(y for _, y in points)
    right, bottom = max(x for x, _ in points), max(y for _, y in points)
    scale = WIDTH / (right - left)
    paths = {}
    for code, rings in flat.items():
        rounded = [
            [(round((x - left) * scale), round((y - top) * scale)) for x, y in ring]
            for ring in rings
        ]
        paths[code] = "".join(map(_path, rounded))
    return Drawn(WIDTH, round((bottom - top) * scale), paths)


def _path(ring: Sequence[Point]) -> str:
    """The ring in SVG; neighbours still share each point, as all are rounded alike."""
    (x, y), *others = ring
    steps = []
    for right, down in others:
        if hypot(right - x, down - y) > 0:
            steps.append(f"{right - x} {down - y}")
            x, y = right, down
    if not steps:
        return ""
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z"
