"""What the cars send: their channels and places, for the map as it happens and as columns for whole laps.

The engine reads messages by `recent`; `columns` makes arrays of whole sessions, `lap` a table of one lap.
"""
