"""Hostile worlds: the real service among crashes, lies and bad clocks, and what must stay true."""
