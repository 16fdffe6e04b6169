"""How much one question may ask for, told before anything is read: how deep, and how many fields."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import GraphQLError
from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MAX_DEPTH = 8
MAX_FIELDS = 500
"""Fields of a question, those of a fragment counted wherever it is spread."""

_DEEPER_FOR_THE_SCHEMA = 16
"""Questions on the schema itself (``__schema``, ``__type``) nest deeper: tools ask for types of types of types."""


def check_limits(document: DocumentNode) -> None:
    """Whether a valid question stays within the limits.

    Raises:
        GraphQLError: it does not.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    walk = _Walk(fragments)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            walk.through(node.selection_set, 1, MAX_DEPTH)


class _Walk:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._fields = 0

    def through(self, chosen: SelectionSetNode, depth: int, deepest: int) -> None:
        if depth > deepest:
            raise GraphQLError(f"The question is more than {MAX_DEPTH} levels deep")
        for node in chosen.selections:
            if isinstance(node, FieldNode):
                self._count()
                about_schema = node.name.value in ("__schema", "__type")
                if node.selection_set is not None:
                    self.through(node.selection_set, depth + 1, _DEEPER_FOR_THE_SCHEMA if about_schema else deepest)
            elif isinstance(node, InlineFragmentNode):
                self._count()
                self.through(node.selection_set, depth, deepest)
            elif isinstance(node, FragmentSpreadNode):
                self._count()
                self.through(self._fragments[node.name.value].selection_set, depth, deepest)

    def _count(self) -> None:
        self._fields += 1
        if self._fields > MAX_FIELDS:
            raise GraphQLError(f"The question has more than {MAX_FIELDS} fields, counting each use of a fragment")
