"""The rules of the market in plain Python: the answer to each step, and its effect."""
