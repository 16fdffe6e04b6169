"""How laps, drivers, teams and eras compare: named tests with their assumptions checked, regression, clusters."""
