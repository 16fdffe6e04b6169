"""What the weather is going to be at a circuit: forecasts by Open-Meteo."""
