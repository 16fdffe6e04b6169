"""Which records there are, and who holds them."""

from overcut.lake.history.records.asking import record, records

__all__ = ["record", "records"]
