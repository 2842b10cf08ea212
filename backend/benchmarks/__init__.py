"""Benchmarks of throughput and of growth: ``make bench`` and ``make bench-growth``."""
