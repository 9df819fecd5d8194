"""The problems of the gateway alone; its others are in the chassis's catalogue."""

from services.chassis.ground.problems import Problem, Unavailable


class ExpectationFailed(Problem):
    """Only `Expect: 100-continue` is understood."""

    status, title_pl = 417, "Obsługiwane jest tylko `Expect: 100-continue`"


class BordersNotLoaded(Problem):
    """No borders of counties are loaded, so that there is no map.

    `reason`: no file is set (`borders_file`), it is not there (`no_file`), or it is no
    GeoJSON of polygons with a `terc` (`no_geojson`).
    """

    status, title_pl = 404, "Nie wczytano granic powiatów, więc nie ma mapy"


class MapNotDrawn(Unavailable):
    """The map cannot be drawn at the moment."""

    title_pl = "Mapy nie można teraz narysować"
