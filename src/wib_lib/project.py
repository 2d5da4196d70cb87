"""The project's folders: where parameters, datasets, processed tables and packs are.

The root is the folder that holds `params/regio.yaml`, found upwards from where one works, so
that notebooks run the same from the root, from `notebooks/` and under papermill.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from wib_lib.codes import Area
from wib_lib.delivery import Bronnen, read_bronnen
from wib_lib.elsewhere import slugify, whole, without_file, yardstick
from wib_lib.errors import DeliveryError, ParamError, RunError
from wib_lib.params import Eenheid, Layer, Params, resolve
from wib_lib.validation import Loader, validated

REGION_FILE = "regio.yaml"
# Folder of the tables within `data/processed/<dataset>`, beside the results; in it, the names of
# the gemeenten of the delivery by code.
TABLES, GEMEENTEN = "levering", "gemeenten.json"


@dataclass(frozen=True)
class Dataset:
    """
    A delivery on disk: the folder, its name, and how it describes itself.

    `elsewhere` are its gemeenten without a parameter file of their own, by slug: what such a file
    would say. It is empty as long as the delivery was not read.
    """

    folder: Path
    name: str
    bronnen: Bronnen
    elsewhere: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """
    Folders under one root.

    Parameters
    ----------
    root : Path
        Holds `params/`, `notebooks/`, `data/` and `reports/`.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Project":
        """
        Find the root at or above `start` (default: the working directory).

        Raises
        ------
        RunError
            When no folder above holds `params/regio.yaml`.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "params" / REGION_FILE).is_file():
                return cls(folder)
        raise RunError(
            f"params/{REGION_FILE} is niet gevonden in {here} of een map daarboven; "
            "ga naar de map van het project."
        )

    @cached_property
    def region(self) -> Mapping[str, Any]:
        """Content of `params/regio.yaml`."""
        return read_yaml(self.root / "params" / REGION_FILE, error=ParamError)

    @property
    def area_slugs(self) -> tuple[str, ...]:
        """Areas in the region's order, by the name of their parameter file."""
        slugs = self.region.get("gebieden", ())
        if not isinstance(slugs, list) or not all(isinstance(slug, str) for slug in slugs):
            raise ParamError(f"params/{REGION_FILE}: sleutel 'gebieden': verwacht een lijst namen.")
        twice = next((slug for slug in slugs if slugs.count(slug) > 1), None)
        if twice:
            raise ParamError(
                f"params/{REGION_FILE}: sleutel 'gebieden': {twice} staat er twee keer."
            )
        return tuple(slugs)

    @property
    def unit(self) -> Eenheid:
        """The police region, from `params/regio.yaml`."""
        source = f"params/{REGION_FILE}, eenheid"
        return validated(Eenheid, self.region.get("eenheid"), source=source, error=ParamError)

    def evaluated_years(self) -> list[int]:
        """Calendar years that the evaluations of all areas compare, oldest first."""
        starts = [self.area_layer(slug)[1].get("venster_start") for slug in self.area_slugs]
        years = [start.year for start in starts if isinstance(start, date)]
        before = self.region.get("jaren_voor", 0)
        return list(range(min(years) - before, max(years) + 1)) if years else []

    @cached_property
    def _files(self) -> dict[str, Layer]:
        """Parameter files that were read: each once, however many areas look at it."""
        return {}

    def area_layer(self, slug: str) -> Layer:
        """Read one area's parameters, with the file name for messages."""
        name = f"params/{slug}.yaml"
        if slug not in self._files:
            self._files[slug] = (name, read_yaml(self.root / name, error=ParamError))
        return self._files[slug]

    def slug_of(self, name: str, dataset: Dataset | None = None) -> str:
        """
        Find an area by its slug, name or gemeente code, whatever the capitals and spaces.

        Areas of the approach go first; without a dataset there are no others. A code is the whole
        gemeente, never a part of it.

        Raises
        ------
        RunError
            When there is no such area, naming the ones there are.
        """
        wanted = slugify(name)
        own = {slug: self.area_layer(slug)[1] for slug in self.area_slugs}
        elsewhere = {} if dataset is None else dataset.elsewhere
        for slug, values in {**own, **elsewhere}.items():
            named = (slug, slugify(str(values.get("gemeente", ""))))
            if wanted in named or name.strip().upper() == whole(values):
                return slug
        n_more = len(elsewhere)
        others = f", en {n_more} andere gemeenten van de levering" if n_more else ""
        raise RunError(
            f"gebied '{name}' is onbekend; toegestaan: {', '.join(self.area_slugs)}{others}."
        )

    def params(self, slug: str, dataset: Dataset, overrides: Mapping[str, Any]) -> Params:
        """Merge the four layers for one area; see `wib_lib.params.resolve`."""
        shared = [
            (f"params/{REGION_FILE}", self.region),
            (f"{dataset.name}/bronnen.yaml, parameters", dataset.bronnen.parameters),
            ("opgegeven parameter (-p of in het notebook)", overrides),
        ]
        if slug in dataset.elsewhere:
            values = {key: value for _, layer in shared for key, value in layer.items()}
            own = (f"gemeente zonder params/{slug}.yaml", dataset.elsewhere[slug])
            own = (own[0], {**own[1], **yardstick(slug, values)})
        else:
            own = self.area_layer(slug)
        return resolve([shared[0], own, *shared[1:]])

    def _elsewhere(self, name: str) -> dict[str, Mapping[str, Any]]:
        """Return what parameter files would say of the gemeenten that have none."""
        try:
            path = self.processed(name) / TABLES / GEMEENTEN
            delivered: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        files = {slug: self.area_layer(slug)[1] for slug in self.area_slugs}
        known = self.unit.gemeenten
        return without_file({**delivered, **{c: known[c] for c in delivered if c in known}}, files)

    def areas(self, dataset: Dataset) -> dict[str, Area]:
        """Return the areas of the approach by name, as the parameter files have them."""
        found = [self.params(slug, dataset, {}) for slug in self.area_slugs]
        return {params.gemeente: params.gebied.area for params in found}

    def dataset(self, name_or_path: str) -> Dataset:
        """
        Open a dataset: a bare name in `data/raw/`, or any path (relative to the root or here).

        Raises
        ------
        DeliveryError
            When the folder or its `bronnen.yaml` is missing or wrong.
        """
        tried = [self.root / "data" / "raw" / name_or_path, self.root / name_or_path]
        tried += [Path(name_or_path).expanduser()]
        folder = next((path for path in tried if path.is_dir()), None)
        if folder is None:
            raise DeliveryError(
                f"dataset '{name_or_path}' is niet gevonden; zet de levering in "
                f"data/raw/{Path(name_or_path).name}/ of geef het pad van een bestaande map; de "
                "voorbeelddata maakt u met `wib sample`."
            )
        folder = folder.resolve()
        source = f"{folder.name}/bronnen.yaml"
        data = read_yaml(folder / "bronnen.yaml", error=DeliveryError)
        bronnen = read_bronnen(data, source=source)
        return Dataset(folder, folder.name, bronnen, self._elsewhere(folder.name))

    def processed(self, dataset: str) -> Path:
        """Folder of a dataset's checked tables: the analyst's layer, never shared."""
        return self.root / "data" / "processed" / dataset

    def results(self, dataset: str, audience: str, slug: str) -> Path:
        """Folder of one area's results, per step: the analyst's layer."""
        return self.processed(dataset) / "uitkomsten" / audience / slug

    def reports(self, dataset: str, audience: str) -> Path:
        """Folder of a dataset's packs for one audience."""
        return self.root / "reports" / dataset / audience


def read_yaml(path: Path, *, error: type[ParamError] | type[DeliveryError]) -> dict[str, Any]:
    """
    Read a YAML file of keys and values.

    Raises
    ------
    ParamError or DeliveryError
        When the file is missing, no UTF-8, no YAML, or no mapping.
    """
    shown = f"{path.parent.name}/{path.name}"
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
    except FileNotFoundError:
        raise error(f"{shown} ontbreekt.") from None
    except UnicodeDecodeError:
        raise error(f"{shown}: het bestand is niet in UTF-8 geschreven.") from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f", regel {mark.line + 1}" if mark else ""
        raise error(f"{shown}{where}: geen geldige YAML; controleer inspringen en dubbele punten.") from None  # fmt: skip
    if not isinstance(data, dict):
        raise error(f"{shown}: verwacht sleutels met waarden.")
    return data
