"""Flows as data: what a flow may say, read from YAML, with faults in words for its author."""
