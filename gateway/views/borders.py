"""The borders of counties, from a GeoJSON file that an administrator provides."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field, ValidationError

from gateway.problems import BordersNotLoaded
from gateway.views.projection import Drawn, projected

# After longitude and latitude there may be a height (RFC 7946, 3.1.1).
Position = Annotated[tuple[float, ...], Field(min_length=2)]
Ring = list[Position]


class _Properties(BaseModel):
    terc: str
    name: str | None = None


class _Geometry(BaseModel):
    type: str
    coordinates: list[list[Ring]] | list[Ring]


class _Feature(BaseModel):
    properties: _Properties
    geometry: _Geometry


class _Collection(BaseModel):
    features: list[_Feature]


class Outlines(NamedTuple):
    """The counties as shapes of one picture: an SVG path by TERYT code."""

    width: int
    height: int
    paths: Mapping[str, str]
    names: Mapping[str, str]
    """Names in the file, for counties that the registry does not have."""


class Borders:
    """The file, read at the first map, and again when it has changed."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read_at = 0
        self._outlines: Outlines | None = None

    async def outlines(self) -> Outlines:
        """The shapes of the counties; BordersNotLoaded without a readable file."""
        # In a thread: a country's borders take longer than other requests should wait.
        return await asyncio.to_thread(self._current)

    def _current(self) -> Outlines:
        if self._path is None:
            raise BordersNotLoaded(reason="borders_file")
        try:
            changed_at = self._path.stat().st_mtime_ns
            if self._outlines is None or changed_at != self._read_at:
                self._outlines = _outlines(self._path.read_bytes())
                self._read_at = changed_at
        except OSError:
            raise BordersNotLoaded(reason="no_file") from None
        except (ValidationError, ValueError):
            raise BordersNotLoaded(reason="no_geojson") from None
        return self._outlines


def _outlines(content: bytes) -> Outlines:
    collection = _Collection.model_validate(json.loads(content))
    rings: dict[str, list[Ring]] = {}
    for feature in collection.features:
        # A county in several parts may be several features.
        own = rings.setdefault(feature.properties.terc, [])
        own.extend(_rings(feature.geometry))
    drawing: Drawn = projected(rings)
    properties = [feature.properties for feature in collection.features]
    names = {each.terc: each.name or each.terc for each in properties}
    return Outlines(drawing.width, drawing.height, drawing.paths, names)


def _rings(geometry: _Geometry) -> Iterator[Ring]:
    """Every ring of a polygon or of several, holes among them (RFC 7946, 3.1.6)."""
    if geometry.type == "MultiPolygon":
        for polygon in geometry.coordinates:
            yield from polygon  # type: ignore[misc] # by its type a list of rings
    elif geometry.type == "Polygon":
        yield from geometry.coordinates  # type: ignore[misc] # by its type the rings
    else:
        raise ValueError(geometry.type)
