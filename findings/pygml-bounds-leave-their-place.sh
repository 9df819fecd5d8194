#!/usr/bin/env bash
# pygml: the envelope of a school district near Rzeszów lies in the Baltic Sea.
# Expected: in PL-1992 (EPSG:2180) a GML position is northing first, then easting. `pygml.parse` turns it to XY
#   for GeoJSON and keeps the name of the reference system (docstring of `parse_v32`: "coordinates are
#   flipped to XY order"). An Envelope takes its axes from srsName like each other geometry (GML 3.2.1, 10.1.4).
# Happens: Point, LineString and Polygon are turned, the Envelope is not, and it loses the name of its reference
#   system: a srsName is looked for at its corners alone. So the envelope of a district does not hold the
#   district, and the answer has no sign of it. GML 3.1 and EPSG:4326 (latitude first) are alike.
# Seen in: pygml 0.3.2.
# Why it matters: the files of the Polish geodesy have a gml:boundedBy with an envelope at their head; used to
#   choose a map or to leave out what is far away, it leaves out the whole district.
# So: copy the srsName to both corners before parsing, or make the bounds from the parsed geometries.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pygml==0.3.2
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import pygml

RING = "247000 714000 247000 716000 249000 716000 249000 714000 247000 714000"
OUTLINE = f"<g:exterior><g:LinearRing><g:posList>{RING}</g:posList></g:LinearRing></g:exterior>"
CORNERS = "<g:lowerCorner>247000 714000</g:lowerCorner><g:upperCorner>249000 716000</g:upperCorner>"
DEGREES = "<g:lowerCorner>50.0 22.0</g:lowerCorner><g:upperCorner>50.1 22.1</g:upperCorner>"
SYSTEM = "urn:ogc:def:crs:EPSG::"


def parsed(kind: str, inside: str, code: int = 2180, gml: str = "gml/3.2") -> tuple[list[float], str | None]:
    text = f'<g:{kind} xmlns:g="http://www.opengis.net/{gml}" srsName="{SYSTEM}{code}">{inside}</g:{kind}>'
    geometry = pygml.parse(text).__geo_interface__
    eastings, northings = zip(*geometry["coordinates"][0], strict=True)
    name = geometry["crs"]["properties"]["name"] if "crs" in geometry else None
    return [min(eastings), min(northings), max(eastings), max(northings)], name


district = parsed("Polygon", OUTLINE)
bounds = parsed("Envelope", CORNERS)
older = parsed("Envelope", CORNERS, gml="gml")
degrees = parsed("Envelope", DEGREES, code=4326)
at_corners = parsed("Envelope", CORNERS.replace("Corner>2", f'Corner srsName="{SYSTEM}2180">2'))
print("pygml", version("pygml"))
print("bounds of the polygon:  ", *district)
print("bounds of the envelope: ", *bounds)
print("in GML 3.1:             ", *older)
print("in degrees (EPSG:4326): ", *degrees)
print("srsName at the corners: ", *at_corners)

assert district == ([714000, 247000, 716000, 249000], f"{SYSTEM}2180"), "a polygon is read another way now"
assert bounds == older == ([247000, 714000, 249000, 716000], None), "an envelope is where its district is now"
assert at_corners == district, "corners are read another way now"
assert degrees == ([50, 22, 50.1, 22.1], None), "an envelope in degrees is turned now"
PYTHON
