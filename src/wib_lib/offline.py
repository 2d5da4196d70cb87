"""Find what a document would make a browser fetch.

A pack is read in places without a network and must tell nobody that it is read. Links that a
reader may click are not requests; scripts, styles, images, frames and fonts are.
"""

import base64
import hashlib
import html as markup
import re
from collections.abc import Iterable
from html.parser import HTMLParser

POLICY = "wib-policy"  # where a page takes its policy
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


def policy(html: str) -> str:
    """
    Return the Content-Security-Policy of a page: no origin at all, own scripts and styles by hash.

    A frame with its document inside obeys the policy of the page, so its scripts and styles
    count too. Whatever was not in the page when it was written does not run.

    Examples
    --------
    >>> policy("<script>1</script>")[:44]
    "default-src 'none'; script-src 'sha256-a4ayc"
    >>> "style-src" in policy("<p>a</p>")
    False
    """
    documents = [html, *(markup.unescape(inner) for inner in _FRAMES.findall(html))]
    rules = ["default-src 'none'"]
    for name, tag in (("script-src", "script"), ("style-src", "style")):
        texts = (text for document in documents for text in _inside(document, tag))
        hashes = sorted({_digest(text) for text in texts})
        rules += [f"{name} {' '.join(hashes)}"] if hashes else []
    return "; ".join([*rules, "img-src data:", "base-uri 'none'", "form-action 'none'"])


_FRAMES = re.compile(r'<iframe\b[^>]*\ssrcdoc="([^"]*)"')


def _inside(html: str, tag: str) -> Iterable[str]:
    return re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", html, re.DOTALL | re.IGNORECASE)


def _digest(text: str) -> str:
    """Hash as a browser does, which reads every line end as one sign."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(plain.encode()).digest()).decode()}'"
