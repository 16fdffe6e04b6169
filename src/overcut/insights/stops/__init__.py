"""When should each car stop, what would it gain or lose against the cars around it, and where would it rejoin?"""
