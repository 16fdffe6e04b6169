"""Composes sources and timing into sessions that play, for the server and the command line."""
