"""How fast the service is, and how its cost grows: ``make bench`` and ``make bench-growth``."""
