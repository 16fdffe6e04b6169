"""Features for forecasts: declared once, computed alike from past sessions and as one goes on."""

from overcut.lake.features.catalogue import CATALOGUE
from overcut.lake.features.declaration import Entity, Feature
from overcut.lake.features.online import OnlineFeatures
from overcut.lake.features.store import FeatureStore

__all__ = ["CATALOGUE", "Entity", "Feature", "FeatureStore", "OnlineFeatures"]
