"""``make chaos``: fault injection under load, with a check of the guarantees of the service."""
