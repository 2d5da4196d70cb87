"""Errors raised on purpose.

Each carries one Dutch sentence for the analyst: what is wrong, in which file, at which
key, column or row, and what to do. The command line prints the sentence and ends with
exit code 1; anything else that escapes is a defect of this library.
"""


class WibError(Exception):
    """Base of every error whose message is meant for the analyst."""


class ParamError(WibError):
    """A parameter file or a `-p` value cannot be used."""


class DeliveryError(WibError):
    """A delivered file, or its description in `bronnen.yaml`, cannot be used."""


class FetchError(WibError):
    """Open data cannot be fetched."""


class TableError(WibError):
    """A table handed to an analysis breaks its contract."""


class RunError(WibError):
    """A run cannot start or continue."""
