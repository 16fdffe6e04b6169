"""How good a session's data is: what was missing, repaired or doubtful, in words a user understands."""
