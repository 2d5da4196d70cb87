"""The one thing a notebook may show in a pack: a piece of HTML made by this library.

A pack is handed to mayors and published, so nothing may reach it by accident: a data frame left
at the end of a cell holds incident rows, a print holds whatever was printed. A `Fragment`
carries a mark in its output metadata, and the export refuses every output without that mark.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from wib_lib.blocks import Block, Columns, Figure, Folded, Table, from_json, to_json

METADATA = {"wib": {"fragment": True}}
BLOCKS = "application/vnd.wib.blocks+json"
# A table, figure or frame that does not say yet of which privacy class it is.
UNCLASSED = re.compile(r"<figure\b(?![^>]*\bdata-klasse=)([^>]*)>")
MIMETYPES = ("text/html", "text/plain", BLOCKS)


@dataclass(frozen=True)
class Fragment:
    """
    A piece of a pack.

    Parameters
    ----------
    html : str
        Escaped HTML, complete elements only.
    text : str
        The same content for a reader without HTML, and for comparing runs.
    blocks : tuple of Block
        The same content for the forms that are not HTML; empty for what only the screen has.
    """

    html: str
    text: str
    blocks: tuple[Block, ...] = ()

    def __html__(self) -> Markup:
        """Stay HTML inside other HTML (the convention of markupsafe)."""
        return Markup(self.html)

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Show all forms in Jupyter, with the mark that the export asks for."""
        forms = (self.html, self.text, to_json(self.blocks))
        return dict(zip(MIMETYPES, forms, strict=True)), METADATA


def of_class(fragment: Fragment, klasse: str) -> Fragment:
    """
    Give every table and figure that has none yet the privacy class of its content.

    Examples
    --------
    >>> of_class(Fragment('<figure class="wib-tabel"></figure>', ""), "V1").html
    '<figure class="wib-tabel" data-klasse="V1"></figure>'
    """
    html = UNCLASSED.sub(rf'<figure\1 data-klasse="{klasse}">', fragment.html)
    return replace(fragment, html=html, blocks=_classed(fragment.blocks, klasse))


def _classed(parts: tuple[Block, ...], klasse: str) -> tuple[Block, ...]:
    return tuple(_classed_one(part, klasse) for part in parts)


def _classed_one(part: Block, klasse: str) -> Block:
    if isinstance(part, Table | Figure):
        return replace(part, klasse=part.klasse or klasse)
    if isinstance(part, Columns | Folded):
        return replace(part, blocks=_classed(part.blocks, klasse))
    return part


def join(*fragments: Fragment) -> Fragment:
    r"""
    Put fragments below each other.

    Examples
    --------
    >>> join(Fragment("<p>a</p>", "a"), Fragment("<p>b</p>", "b")).text
    'a\n\nb'
    """
    return Fragment(
        "\n".join(fragment.html for fragment in fragments),
        "\n\n".join(fragment.text for fragment in fragments),
        tuple(block for fragment in fragments for block in fragment.blocks),
    )


def is_fragment(output: Mapping[str, Any]) -> bool:
    """
    Tell whether an output of an executed cell is a `Fragment` and nothing else.

    Parameters
    ----------
    output : mapping
        As stored in a notebook (nbformat 4).

    Examples
    --------
    >>> data, metadata = Fragment("<p>a</p>", "a")._repr_mimebundle_()
    >>> is_fragment({"output_type": "display_data", "data": data, "metadata": metadata})
    True
    >>> is_fragment({"output_type": "stream", "name": "stdout", "text": "a"})
    False
    """
    if output.get("output_type") not in ("display_data", "execute_result"):
        return False
    mark = output.get("metadata", {}).get("wib", {})
    return mark.get("fragment") is True and set(output.get("data", {})) == set(MIMETYPES)


def blocks_of(output: Mapping[str, Any]) -> tuple[Block, ...]:
    """
    Return the blocks of an output for which `is_fragment` holds.

    Examples
    --------
    >>> from wib_lib.blocks import Paragraph
    >>> data, metadata = Fragment("<p>a</p>", "a", (Paragraph("a"),))._repr_mimebundle_()
    >>> blocks_of({"output_type": "display_data", "data": data, "metadata": metadata})
    (Paragraph(text='a'),)
    """
    found: tuple[Block, ...] = from_json(output["data"][BLOCKS])
    return found
