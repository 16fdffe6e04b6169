"""The lake as a graph: one question over several tables, answered at once (GraphQL, read only)."""

from overcut.server.graphql.routes import graphql_routes

__all__ = ["graphql_routes"]
