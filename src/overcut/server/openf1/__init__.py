"""The lake in the shape of OpenF1's REST interface, so that what was written for it runs against Overcut."""

from overcut.server.openf1.routes import openf1_routes

__all__ = ["openf1_routes"]
