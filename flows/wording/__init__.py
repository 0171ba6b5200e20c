"""What people read: translations by key, SMS segments, rendering."""
