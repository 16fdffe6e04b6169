"""What a race can still become: a fast race simulator, its fitted parameters, what-ifs, the best plan, hindsight."""
