"""Pydantic models read from YAML, with errors as one Dutch sentence.

The sentence names the file, the key, the value found and what is allowed, so that the analyst
can repair the file without knowing the model.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from wib_lib.errors import WibError

Model = TypeVar("Model", bound=BaseModel)
# Both are safe loaders; the one in C is ten times faster and not built everywhere.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(_SAFE):  # type: ignore[misc]  # chosen at run time
    """Reads YAML; a day that does not exist stays text, so that its model refuses it by name."""


def _day(loader: Any, node: Any) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)

# What is allowed, by pydantic's error type; {…} comes from the error's own context.
RULES = {
    "missing": "deze sleutel ontbreekt en is verplicht",
    "literal_error": "toegestaan: {expected}",
    "enum": "toegestaan: {expected}",
    "date_type": "verwacht een datum als 2018-01-31",
    "date_parsing": "verwacht een datum als 2018-01-31",
    "date_from_datetime_parsing": "verwacht een datum als 2018-01-31",
    "date_from_datetime_inexact": "verwacht een datum als 2018-01-31",
    "int_type": "verwacht een geheel getal",
    "int_parsing": "verwacht een geheel getal",
    "int_from_float": "verwacht een geheel getal",
    "float_type": "verwacht een getal",
    "float_parsing": "verwacht een getal",
    "finite_number": "verwacht een getal",
    "bool_type": "verwacht true of false",
    "bool_parsing": "verwacht true of false",
    "string_type": "verwacht tekst",
    "string_too_short": "heeft minstens {min_length} teken nodig",
    "string_too_long": "mag hoogstens {max_length} teken lang zijn",
    "list_type": "verwacht een lijst",
    "tuple_type": "verwacht een lijst",
    "dict_type": "verwacht sleutels met waarden",
    "model_type": "verwacht sleutels met waarden",
    "greater_than_equal": "moet minstens {ge} zijn",
    "greater_than": "moet groter dan {gt} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "less_than": "moet kleiner dan {lt} zijn",
    "string_pattern_mismatch": "moet voldoen aan het patroon {pattern}",
    "too_short": "heeft minstens {min_length} waarde nodig",
    "value_error": "{error}",
}


class Strict(BaseModel):
    """Base of every model: unknown keys refused, values fixed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def unknown_key(key: str, allowed: Iterable[str]) -> str:
    """
    Say that a key is unknown, with the nearest allowed one first.

    Examples
    --------
    >>> unknown_key("venster_strat", ["venster_start", "doelen"])
    "sleutel 'venster_strat' is onbekend; bedoelt u 'venster_start'? Toegestaan: doelen, venster_start."
    """
    names = sorted(allowed)
    near = difflib.get_close_matches(key, names, n=1)
    hint = f"bedoelt u '{near[0]}'? Toegestaan" if near else "toegestaan"
    return f"sleutel '{key}' is onbekend; {hint}: {', '.join(names)}."


def validated(
    model: type[Model],
    data: Any,
    *,
    source: str,
    error: type[WibError],
    origins: Mapping[str, str] | None = None,
) -> Model:
    """
    Build `model` from `data`, or raise one Dutch sentence.

    Parameters
    ----------
    model : type of BaseModel
    data : mapping
        As read from YAML.
    source : str
        File named in the message.
    error : type of WibError
        What to raise.
    origins : mapping, optional
        Top-level key to the file it came from, when `data` was merged from several.

    Raises
    ------
    WibError
        Of type `error`, for the first problem found.
    """
    if not isinstance(data, Mapping):
        raise error(f"{source}: verwacht sleutels met waarden, gevonden: {data!r}.")
    try:
        return model.model_validate(data)
    except ValidationError as problem:
        raise error(_sentence(problem, model, source, origins or {})) from None


def _sentence(
    problem: ValidationError, model: type[BaseModel], source: str, origins: Mapping[str, str]
) -> str:
    first = problem.errors()[0]
    path = ".".join(str(part) for part in first["loc"])
    where = origins.get(str(first["loc"][0]) if first["loc"] else "", source)
    if first["type"] == "extra_forbidden":
        holder = _model_at(model, first["loc"][:-1])
        allowed = holder.model_fields if holder else ()
        prefix = f"onder '{path.rpartition('.')[0]}': " if "." in path else ""
        return f"{where}: {prefix}{unknown_key(str(first['loc'][-1]), allowed)}"
    context = first.get("ctx", {})
    rule = RULES.get(first["type"], "deze waarde is niet toegestaan").format(**context)
    rule = rule.replace(" or ", " of ")
    if first["type"] == "missing":
        return f"{where}: sleutel '{path}': {rule}."
    key = f"sleutel '{path}': " if path else ""
    found = "" if isinstance(first["input"], Mapping) else f"gevonden {first['input']!r}; "
    return f"{where}: {key}{found}{rule}."


def _model_at(model: type[BaseModel], path: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Follow an error's location to the model that refused the key."""
    current: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part) if current else None
        current = _inner_model(field.annotation) if field else None
    return current


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_inner_model(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in found if model), None)
