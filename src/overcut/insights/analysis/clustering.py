"""Which stints, or cars, are of a kind?"""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial import distance

from overcut.kernel.errors import DataMissingError, WrongUsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_CHOSEN = 8
WEAK_SILHOUETTE = 0.25
FEWEST = 6
MOST = 3_000


class Cluster(msgspec.Struct, frozen=True):
    """One kind: its members by name, and the mean of each feature in its own unit."""

    number: int
    members: list[str]
    means: dict[str, float]


class Clustering(msgspec.Struct, frozen=True):
    """Ward's clusters of standardised features.

    Attributes:
        features: used. ``clusters``: the largest first. ``silhouette``: -1 to 1, how much closer members are to their
            own than to the nearest other; below 0.25 there is hardly any structure.
        tried: silhouette of each number of clusters that was tried. ``notes``: assumptions, in words.
    """

    features: list[str]
    clusters: list[Cluster]
    silhouette: float
    tried: dict[str, float]
    notes: list[str]


def cluster(table: pl.DataFrame, name: str, features: list[str], wanted: int) -> Clustering:
    """Cluster the rows of ``table`` by ``features``.

    Args:
        table: one row a stint or car. ``name``: its column of names.
        features: columns of numbers; each is centred and divided by its standard deviation.
        wanted: how many clusters; 0 to take the number (2 to 8) with the best silhouette.

    Raises:
        WrongUsageError: a feature does not exist or never varies. DataMissingError: fewer than six complete rows.
    """
    absent = [feature for feature in features if feature not in table.columns]
    if absent or not features:
        numbers = [column for column in table.columns if table[column].dtype.is_numeric()]
        raise WrongUsageError(
            f"There is no feature {absent[0]}" if absent else "No feature is named",
            hint=f"features are {', '.join(numbers)}",
        )
    table = table.drop_nulls(features)
    if not FEWEST <= table.height <= MOST:
        raise DataMissingError(
            f"{table.height} rows have all of {', '.join(features)}", why=f"{FEWEST} to {MOST} can be clustered"
        )
    raw = table.select(pl.col(features).cast(pl.Float64)).to_numpy()
    spread = raw.std(axis=0)
    if not np.all(spread > 0):
        raise WrongUsageError(f"{features[int(np.argmin(spread))]} never varies", hint="leave it out")
    points = (raw - raw.mean(axis=0)) / spread
    tree = hierarchy.linkage(points, method="ward")
    apart = distance.squareform(distance.pdist(points))
    choices = [wanted] if wanted else list(range(2, min(MOST_CHOSEN, table.height - 1) + 1))
    cuts = {count: _labels(tree, count) for count in choices}
    tried = {count: round(silhouette(apart, labels), 4) for count, labels in cuts.items()}
    best = max(choices, key=lambda count: (tried[count], -count))
    notes = [
        "Features count alike after standardising, clusters are round; Ward merges what adds least variance.",
        *(["Hardly any structure: do not read much into these clusters."] if tried[best] < WEAK_SILHOUETTE else []),
    ]
    names = [str(value) for value in table[name]]
    return Clustering(
        features, _clusters(cuts[best], names, raw, features), tried[best], {str(k): v for k, v in tried.items()}, notes
    )


def silhouette(apart: Floats, labels: Ints) -> float:
    """Mean silhouette (Rousseeuw, 1987): nearest other cluster's mean distance less the own's, over the larger."""
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    if len(members) < 2:
        return 0.0
    to_each = np.column_stack([apart[:, mine].sum(axis=1) for mine in members])
    sizes = np.array([len(mine) for mine in members], dtype=np.float64)
    own = np.searchsorted(np.unique(labels), labels)
    rows = np.arange(len(labels))
    inside = to_each[rows, own] / np.maximum(sizes[own] - 1.0, 1.0)
    other = to_each / sizes
    other[rows, own] = np.inf
    outside = other.min(axis=1)
    scores = np.where(sizes[own] > 1, (outside - inside) / np.maximum(np.maximum(outside, inside), 1e-12), 0.0)
    return float(scores.mean())


def _labels(tree: Floats, count: int) -> Ints:
    return np.asarray(hierarchy.fcluster(tree, count, criterion="maxclust"), dtype=np.int64)


def _clusters(labels: Ints, names: list[str], raw: Floats, features: list[str]) -> list[Cluster]:
    kinds = sorted(np.unique(labels).tolist(), key=lambda label: (-int((labels == label).sum()), label))
    found: list[Cluster] = []
    for number, label in enumerate(kinds, start=1):
        mine = np.flatnonzero(labels == label)
        means = {feature: round(float(raw[mine, i].mean()), 6) for i, feature in enumerate(features)}
        found.append(Cluster(number, [names[int(i)] for i in mine], means))
    return found
