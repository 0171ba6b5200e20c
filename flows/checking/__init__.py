"""Proves flows before anybody meets them: every conversation walked, every text weighed."""
