"""What if they had done something else: questions about a race, simulated answers, and where it was won or lost."""
