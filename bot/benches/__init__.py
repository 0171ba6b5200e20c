"""Benchmarks: each beside its bare-metal reference in the same run, for machines are noisy."""
