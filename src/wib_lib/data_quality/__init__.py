"""
Data quality of an incident extract, in terms that its owner can act on.

The registers that feed the evaluation are filled for other purposes. Each check here asks one
question of the rows (is it filled, does it say something, is it in time, did its level jump, does
it heap up, does a month lack) and returns a table and `Finding`s: what, where, how many of how
many, and how sure. A check that infers bounds its false alarms at `LEVEL` per delivery, corrected
for everything it looks at. Frames in, frames and findings out; the sentences are elsewhere.
"""

from wib_lib.data_quality.assess import Quality, assess
from wib_lib.data_quality.finding import LEVEL, Finding, Kind

__all__ = ["LEVEL", "Finding", "Kind", "Quality", "assess"]
