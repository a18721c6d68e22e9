"""Offline evaluation: datasets, suites and benchmarks."""
