"""How anybody's own files become tables of the lake: CSV and Parquet by a mapping file, texts as documents."""
