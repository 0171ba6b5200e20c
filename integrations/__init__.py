"""Translators at the doors: channels, feeds, exports."""
