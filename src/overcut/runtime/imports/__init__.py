"""How sources come into the lake: read, validated, written as one, and compared with what others tell."""
