"""Where frames come from: archive folders, recordings, simulated weekends."""
