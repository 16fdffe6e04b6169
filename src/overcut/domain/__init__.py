"""The vocabulary: values that every room speaks, with no I/O and nothing but msgspec beneath them."""
