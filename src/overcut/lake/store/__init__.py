"""How the lake is kept on disk: immutable Parquet parts, a manifest for each generation, a derived catalogue."""
