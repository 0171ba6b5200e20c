"""Where people look in and decide."""

from admin.app import build_admin

__all__ = ["build_admin"]
