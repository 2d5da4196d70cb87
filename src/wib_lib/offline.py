"""Find what a document would make a browser fetch.

A pack is read in places without a network and must tell nobody that it is read. Links that a
reader may click are not requests; scripts, styles, images, frames and fonts are.
"""

import re
from html.parser import HTMLParser

ATTRIBUTES = {"src", "srcset", "poster", "background", "data"}
_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')\s]+)|@import\s+["']?([^"';\s]+)""", re.IGNORECASE)


class _Finder(HTMLParser):
    """Collect addresses in attributes and styles, also of documents inside frames."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            text = value or ""
            if name == "srcdoc":
                self.found += requests(text)
            elif name == "style":
                self._search(text)
            elif name in ATTRIBUTES or (name == "href" and tag in ("link", "base", "use", "image")):
                self._keep(text)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._search(data)

    def _search(self, css: str) -> None:
        for match in _IN_STYLE.finditer(css):
            self._keep(match[1] or match[2])

    def _keep(self, address: str) -> None:
        if address and not address.startswith(("data:", "#")):
            self.found.append(address)


def requests(html: str) -> list[str]:
    """
    Return the addresses that a browser would fetch to show a document.

    Examples
    --------
    >>> requests('<img src="data:image/png;base64,AA"><a href="https://cbs.nl">CBS</a>')
    []
    >>> requests('<style>p { background: url(a.png) }</style><script src="//b.nl/c.js"></script>')
    ['a.png', '//b.nl/c.js']
    """
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return finder.found
