"""Where people look in and decide."""
