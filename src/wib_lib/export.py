"""From executed notebook to pack: one HTML file, without code, that asks nothing of a network.

The export is the last gate before a reader. It takes `Fragment` outputs and nothing else: a
print, a frame, a bare figure or a warning in a notebook may hold rows of incidents, so it stops
the export and names the cell. It also refuses a document that would make a browser fetch
anything, and it never leaves half a file.
"""

import os
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from wib_lib import overview
from wib_lib.anchors import outlined
from wib_lib.audiences import AUDIENCES
from wib_lib.errors import RunError
from wib_lib.fragment import Fragment, is_fragment
from wib_lib.html import answer, head
from wib_lib.offline import POLICY, policy, requests

NOTEBOOK_ONLY = "alleen-notebook"
ASSETS = files("wib_lib") / "assets"


class PackExporter(TemplateExporter):
    """Notebook to pack, with the template and filters of this library."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def __init__(self) -> None:
        filters = {"outlined": outlined, "css_text": css_text, "markdown2html": _markdown}
        super().__init__(  # type: ignore[no-untyped-call]
            template_name="wib",
            extra_template_basedirs=[str(ASSETS / "templates")],
            default_preprocessors=[],  # cells are chosen and checked before
            filters=filters,
        )


@cache
def _exporter() -> PackExporter:
    return PackExporter()


def export_html(
    notebook: Path,
    target: Path,
    *,
    title: str,
    banner: str | None,
    footer: str,
    links: Sequence[tuple[str, str]] = (),
    documents: Mapping[str, str] | None = None,
) -> None:
    """
    Write an executed notebook as a pack.

    Parameters
    ----------
    notebook : Path
        Executed, with `Fragment` outputs. Cells tagged `alleen-notebook` are left out.
    target : Path
        Written whole or not at all; its folder is made.
    title : str
        Of the browser's tab.
    banner : str or None
        A warning at the top of every page.
    footer : str
        Origin of the pack: version, date, class.
    links : sequence of (name, relative address)
        Other documents of the set, above the contents.
    documents : mapping, optional
        Notebook to the file of its document beside `target`, for links to claims and definitions.

    Raises
    ------
    RunError
        When an output is not a `Fragment`, the notebook shows nothing or more than one main
        title, or the document would request something.
    """
    book = nbformat.read(notebook, as_version=4)
    check_outputs(book, notebook.name)
    book.cells = [cell for cell in book.cells if not is_notebook_only(cell)]
    page = _page(title, banner, footer) | {"links": list(links), "documents": documents or {}}
    text, _ = _exporter().from_notebook_node(book, {"page": page})
    if text.count("<h1") > 1:
        raise RunError(
            f"{notebook.name}: het pakket krijgt meer dan een hoofdtitel (h1). Laat de titel aan "
            f"wib_lib.html.head, en geef de cel met '# ...' de tag '{NOTEBOOK_ONLY}'."
        )
    _write(text, target, notebook.name)


def check_outputs(book: Any, name: str) -> None:
    """
    Refuse every output that was not made for a pack.

    Parameters
    ----------
    book : NotebookNode
    name : str
        Of the notebook, for the message. What the output holds is never repeated in it.

    Raises
    ------
    RunError
    """
    n_shown = 0
    for number, cell in enumerate(book.cells, start=1):
        for output in cell.get("outputs", []):
            is_hidden = is_notebook_only(cell) and output.output_type != "error"
            if not is_hidden and not is_fragment(output):
                raise RunError(
                    f"{name}, cel {number}: {_kind(output)} kan niet in een pakket. Toon alleen "
                    f"onderdelen uit wib_lib.html, of geef de cel de tag '{NOTEBOOK_ONLY}'."
                )
            n_shown += not is_hidden
    if n_shown == 0:
        raise RunError(f"{name}: het notebook toont niets. Voer het eerst uit en exporteer daarna.")


def write_index(
    target: Path,
    *,
    title: str,
    banner: str | None,
    dataset_label: str,
    audience: str,
    areas: Sequence[Mapping[str, Any]],
    region: Sequence[tuple[str, str]] = (),
) -> None:
    """
    Write the index over the areas.

    Parameters
    ----------
    target : Path
        `index.html`, beside the folders of the areas.
    title : str
    banner : str or None
    dataset_label : str
        Name of the delivery.
    audience : str
        A key of `AUDIENCES`.
    areas : sequence of mapping
        Per area `slug` (its folder), `naam`, `kerncijfers` (design, section 6, with `reeks`:
        `labels` and `aantal` of six windows), `ontbreekt` (phrases), `documenten` (name and
        address of what the pack holds beside the evaluation) and `fout`, a line when the area has
        no pack that holds, else None, with `stand`: "mislukt" or "verouderd".
    region : sequence of (name, address)
        Documents over all areas, linked above the table.
    """
    n_failed = sum(bool(area.get("fout")) for area in areas)
    failed = f", waarvan {n_failed} zonder geldig pakket" if n_failed else ""
    facts = [
        ("Gegevens", dataset_label),
        ("Bestemd voor", AUDIENCES[audience]),
        ("Gebieden", f"{len(areas)}{failed}"),
    ]
    opening = head(title, subtitle="De evaluaties per gebied", facts=facts, banner=banner)
    footer = f"{title} · {dataset_label} · {AUDIENCES[audience]}"
    page = _page(title, banner, footer)
    template = _exporter().environment.get_template("overzicht.html.j2")
    text = template.render(
        resources={"page": page},
        head=opening.html + answer(overview.sentences(areas)).html,
        columns=overview.COLUMNS,
        rows=overview.rows(areas),
        region=region,
        legend=overview.legend(areas),
    )
    _write(text, target, target.name)


def write_page(
    target: Path, body: Fragment, *, title: str, banner: str | None, footer: str
) -> None:
    """
    Write one page that is no notebook, behind the same gate as a pack.

    Parameters
    ----------
    target : Path
        Written whole or not at all; its folder is made.
    body : Fragment
        From `wib_lib.html`, with the only h1.
    title, banner, footer
        As for `export_html`.

    Raises
    ------
    RunError
        When the page would request something.
    """
    page = _page(title, banner, footer)
    template = _exporter().environment.get_template("pagina.html.j2")
    _write(template.render(resources={"page": page}, body=body.html), target, target.name)


def css_text(text: str) -> str:
    r"""
    Write a text as a CSS string.

    Examples
    --------
    >>> css_text('a "b" </style>')
    '"a \\22 b\\22  \\3c /style>"'
    """
    return '"' + re.sub(r'["\\<\n]', lambda match: f"\\{ord(match[0]):x} ", text) + '"'


def _markdown(source: str) -> Markup:
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return Markup(MarkdownWithMath(renderer=renderer).render(source))


def is_notebook_only(cell: Mapping[str, Any]) -> bool:
    """Tell whether a cell is for the researcher, not for the pack."""
    return NOTEBOOK_ONLY in cell.get("metadata", {}).get("tags", [])


def _kind(output: Mapping[str, Any]) -> str:
    """Name a refused output by its kind, without what it holds."""
    if output["output_type"] == "error":
        return "een fout bij het uitvoeren"
    if output["output_type"] == "stream":
        is_warning = output.get("name") == "stderr"
        return "een waarschuwing (stderr)" if is_warning else "uitvoer van print"
    data = output.get("data", {})
    if any(kind.startswith("image/") for kind in data):
        return "een losse figuur"
    return "een losse tabel" if "dataframe" in str(data.get("text/html", "")) else "losse uitvoer"


def _page(title: str, banner: str | None, footer: str) -> dict[str, Any]:
    """Return what every page needs: its texts, its looks and its script."""
    looks = {"css": _asset("pack.css"), "script": _asset("page.js"), "policy": POLICY}
    return {"title": title, "banner": banner, "footer": footer} | looks


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _write(text: str, target: Path, name: str) -> None:
    """Check that nothing is fetched, then write beside the target and move into place."""
    addresses = requests(text)
    if addresses:
        raise RunError(f"{name}: het document vraagt een ander bestand op: {addresses[0]}.")
    text = text.replace(POLICY, policy(text), 1)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
