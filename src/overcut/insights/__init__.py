"""What a reader of the timing or of the history wants to know next: readings of sessions and of the lake."""
