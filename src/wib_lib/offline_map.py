"""Leaflet maps that run with the network off: folium, with its web addresses swapped for files.

Stock folium asks eleven addresses for scripts and fonts and shows nothing without them. Polygons
with tooltips need Leaflet alone (1.9.4, BSD-2, shipped in `assets/leaflet`). An address that is
not known here is an error: a map may not start to ask the network because folium was updated.
"""

import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import folium
import geopandas as gpd
import shapely
from branca.element import CssLink, Element, Figure, JavascriptLink, MacroElement
from jinja2 import Template
from markupsafe import Markup

from wib_lib.offline import requests

LEAFLET_JS, LEAFLET_CSS = "leaflet.js", "leaflet.css"
_URL_RULE = re.compile(r"[\w-]+\s*:\s*url\([^)]*\)\s*;?")
_FIXED_SIZE = re.compile(r",\s*maximum-scale=[\d.]+,\s*user-scalable=no")
_LOOK = """
html, body, main { height: 100%; margin: 0; }
main { display: flex; font: 13px/1.45 "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial,
  sans-serif; color: #1a2027; }
body div.folium-map { flex: 1 1 auto; width: auto; height: auto; min-width: 0; }
body div.leaflet-container { background: #fff; font: inherit; }
.legenda { order: 2; flex: none; width: 11.5rem; padding: 12px 14px; border-left: 1px solid #d8dde3;
  overflow: auto; box-sizing: border-box; }
.legenda p { margin: 0 0 6px; color: #56606b; }
.legenda p.merk { margin: 12px 0 0; color: #b4500b; font-weight: bold; }
.legenda ul { list-style: none; margin: 0; padding: 0; }
.legenda li { display: flex; gap: 8px; margin: 3px 0; }
.legenda i { flex: none; width: 20px; height: 12px; margin-top: 3px; border: 1px solid #98a2ad; }
.legenda i.leeg { border-style: dashed; background: #f4f5f7; }
body .leaflet-tooltip { font: inherit; opacity: 1 !important; }
.leaflet-tooltip th { text-align: left; font-weight: 400; color: #56606b; padding-right: 10px; }
.leaflet-tooltip td { font-weight: 600; }
@media (max-width: 540px) {
  main { flex-direction: column; }
  .legenda { width: auto; border: 0; border-top: 1px solid #d8dde3; }
  .legenda ul { columns: 2; }
}
"""


def packaged(name: str) -> str:
    """
    Read a Leaflet file, without what would make a browser ask for another file.

    Examples
    --------
    >>> "url(" in packaged(LEAFLET_CSS), "sourceMappingURL" in packaged(LEAFLET_JS)
    (False, False)
    """
    text = (files("wib_lib") / "assets" / "leaflet" / name).read_text(encoding="utf-8")
    if name.endswith(".css"):
        return _URL_RULE.sub("", text)
    return re.sub(r"//# sourceMappingURL=.*", "", text)


class OfflineFigure(Figure):
    """A folium document whose scripts and styles are inside it."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="nl">\n<head>\n<title>{{ this.title | e }}</title>\n'
        "{{ this.header.render(**kwargs) }}\n</head>\n<body>\n<main>\n{{ this.html.render(**kwargs) }}\n</main>\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n</body>\n</html>\n"
    )

    def render(self, **kwargs: Any) -> str:
        """
        Render with the known addresses swapped for the packaged files.

        Raises
        ------
        ValueError
            When any other address is left in a place that a browser requests.
        """
        html = super().render(**kwargs)
        for link in list(self.header._children.values()):
            if not isinstance(link, JavascriptLink | CssLink):
                continue
            name = link.url.rsplit("/", 1)[-1]
            if "/leaflet@1.9" not in link.url or name not in (LEAFLET_JS, LEAFLET_CSS):
                raise ValueError(f"the map asks for an address that is not packaged: {link.url}")
            tag = "script" if name == LEAFLET_JS else "style"
            html = html.replace(link.render(), f"<{tag}>{packaged(name)}</{tag}>")
        html = _FIXED_SIZE.sub("", html)  # a reader may enlarge what is small
        left = requests(html)
        if left:
            raise ValueError(f"the map asks for an address that is not packaged: {left[0]}")
        return html


class _Literal(Element):
    """HTML put in as it is; branca's own elements read their text as a template."""

    _template = Template("{{ this.markup }}")

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.markup = markup


class _Controls(MacroElement):
    """Dutch zoom buttons, a scale in metres, and the opening view.

    The view waits until the frame has a size: fitted to nothing, Leaflet fails.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}(function (map, bounds) {"
        'L.control.zoom({zoomInTitle: "Inzoomen", zoomOutTitle: "Uitzoomen"}).addTo(map);'
        "L.control.scale({imperial: false}).addTo(map);"
        "var watch = new ResizeObserver(function () {"
        "map.invalidateSize(false); var size = map.getSize();"
        "if (size.x < 50 || size.y < 50) { return; }"
        "map.fitBounds(bounds, {padding: [12, 12], animate: false}); watch.disconnect(); });"
        "watch.observe(map.getContainer());"
        "})({{ this._parent.get_name() }}, {{ this.bounds | tojson }});{% endmacro %}"
    )

    def __init__(self, bounds: list[list[float]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.bounds = bounds


def document(
    shapes: gpd.GeoSeries,
    texts: Sequence[Mapping[str, str]],
    styles: Sequence[Mapping[str, str]],
    *,
    legend: Sequence[tuple[str, str]],
    unit: str,
    title: str,
    fields: Sequence[str],
    mark: str = "",
) -> str:
    """
    Build the document.

    Parameters
    ----------
    shapes : GeoSeries
        In degrees (EPSG:4326).
    texts, styles : sequence of mapping
        Per shape the tooltip (field to text) and the Leaflet path options.
    legend : sequence of (colour, label)
        An empty colour stands for areas without a figure.
    unit, title : str
        Heading of the legend; title of the document.
    fields : sequence of str
        Tooltip fields in order.
    mark : str
        Words below the legend that stay in view.
    """
    figure = OfflineFigure(title=title)
    west, south, east, north = (round(float(edge), 5) for edge in shapes.total_bounds)
    middle = [(south + north) / 2, (west + east) / 2]
    canvas = folium.Map(
        middle, tiles=None, zoom_control=False, scrollWheelZoom=False, zoomSnap=0.25
    )
    canvas.default_js = [item for item in canvas.default_js if item[0] == "leaflet"]
    canvas.default_css = [item for item in canvas.default_css if item[0] == "leaflet_css"]
    canvas.options["attribution_control"] = False  # its only line would link to a web site
    figure.add_child(canvas)
    base = {"weight": 1, "fillOpacity": 1}
    folium.GeoJson(
        _features(shapes, texts),
        style_function=lambda feature: base | dict(styles[int(feature["id"])]),
        highlight_function=lambda _: {"weight": 2.5, "color": "#1a2027"},
        tooltip=folium.GeoJsonTooltip(fields=list(fields), sticky=True),
        zoom_on_click=False,
    ).add_to(canvas)
    canvas.add_child(_Controls([[south, west], [north, east]]))
    figure.html.add_child(_Literal(_legend(legend, unit, mark)))
    fills = "".join(
        f".legenda .k{color[1:]} {{ background: {color}; }}\n" for color, _ in legend if color
    )
    figure.header.add_child(_Literal(f"<style>{_LOOK}{fills}</style>"), name="zz_look")
    _name_in_order(figure)
    return figure.render()


def _features(shapes: gpd.GeoSeries, texts: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return a feature collection with five decimals (about a metre) and the shown texts only."""
    rounded = shapely.transform(shapes.array, lambda points: points.round(5))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": str(i),
                "properties": {field: str(Markup.escape(text)) for field, text in row.items()},
                "geometry": shapely.geometry.mapping(shape),
            }
            for i, (shape, row) in enumerate(zip(rounded, texts, strict=True))
        ],
    }


def _legend(entries: Sequence[tuple[str, str]], unit: str, mark: str) -> str:
    rows = Markup("").join(
        Markup('<li><i class="{}"></i>{}</li>').format(f"k{color[1:]}" if color else "leeg", label)
        for color, label in entries
    )
    words = Markup('<p class="merk">{}</p>').format(mark) if mark else ""
    legend = Markup('<div class="legenda"><p>{}</p><ul>{}</ul>{}</div>').format(unit, rows, words)
    return str(legend)


def _name_in_order(element: Element, count: int = 0) -> int:
    """Number the elements: branca draws random names, and a pack must come out the same twice."""
    element._id = f"{count:03d}"
    for part in (*element._children.values(), *_parts(element)):
        count = _name_in_order(part, count + 1)
    return count


def _parts(element: Element) -> tuple[Element, ...]:
    if isinstance(element, Figure):
        return element.header, element.html, element.script
    return ()
