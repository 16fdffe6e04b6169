"""How a folder of timing tables, one Parquet file for all sessions each, becomes tables of the lake."""

from overcut.sources.timing_tables.folder import TimingFolder

__all__ = ["TimingFolder"]
