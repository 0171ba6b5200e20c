"""Phones beside each other, for those who want to see the service from the other side."""

from admin.simulator.app import build_simulator

__all__ = ["build_simulator"]
