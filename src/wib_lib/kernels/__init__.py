"""Kernels for the notebooks of the chain: warm where the system can fork, else ordinary ones."""

import sys

# Nothing here checks an internationalised address, and the grammar of one, which a schema checker
# compiles on import where it is installed, takes longer than many a notebook.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
