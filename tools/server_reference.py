"""What docs/reference says of the server: its paths, from the OpenAPI document, and its metrics, from the registry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import Metric

from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Sessions
from overcut.server.app import create_app
from overcut.server.metrics import Metrics

METHODS = ("get", "post", "put", "patch", "delete")


def openapi() -> dict[str, Any]:
    """The OpenAPI document of a server without sessions."""
    return create_app(Sessions(Catalogue())).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each method and path with its description, in the order of the document."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield method.upper(), path, methods[method]


def http_rows() -> list[tuple[str, str, str]]:
    """Method and path, parameters, and what is answered."""
    return [
        (
            f"`{method} {path}`",
            ", ".join(f"`{given['name']}`" for given in operation.get("parameters", [])),
            operation.get("description") or operation.get("summary", ""),
        )
        for method, path, operation in operations(openapi())
    ]


def schema_rows() -> list[tuple[str, str]]:
    """Each named type of the document, with the first line of what it says."""
    schemas: dict[str, Any] = openapi()["components"]["schemas"]
    return [
        (f"`{name}`", schema.get("description", "").split("\n", 1)[0].replace("``", "`"))
        for name, schema in sorted(schemas.items())
    ]


def metric_rows() -> list[tuple[str, str, str]]:
    """Each metric's name, kind and meaning; those of open sessions included."""
    metrics = Metrics()
    metrics.watch(Sessions(Catalogue()))
    families: list[Metric] = sorted(metrics.registry.collect(), key=lambda family: family.name)
    return [
        (f"`{family.name}{'_total' if family.type == 'counter' else ''}`", family.type, family.documentation)
        for family in families
    ]
