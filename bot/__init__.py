"""The service: turns, store, timers, outbox."""
