"""The command `overcut`: thin, on runtime."""
