"""Web pages: one per mailed link, and one about the service."""
