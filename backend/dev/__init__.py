"""Development tools; not part of the service."""
