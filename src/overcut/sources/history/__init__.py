"""Where the history since 1950 comes from: the F1DB release, and servers or dumps in Ergast's shape."""
