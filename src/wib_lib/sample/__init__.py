"""
Sample data: the fictitious dataset `voorbeeld`, with known truths planted in it.

The tool must be tried, taught and tested without police records. This package
writes a delivery that looks like the real ones (formats, encodings, flaws) for
the nine areas and Leiden, with levels and season taken from published figures
and everything below the gemeente invented. What was planted stands in
`waarheid.json`, so that a test can ask whether an analysis finds it.

Nothing here uses the readers or the analyses of `wib_lib`: the sample is their
independent witness.
"""

from wib_lib.sample.dataset import write_sample

__all__ = ["write_sample"]
