"""How sessions come from OpenF1's REST interface, or from files of its answers."""
