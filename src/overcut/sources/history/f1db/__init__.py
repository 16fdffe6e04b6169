"""How a release of F1DB becomes tables."""

from overcut.sources.history.f1db.release import F1dbRelease, open_release

__all__ = ["F1dbRelease", "open_release"]
