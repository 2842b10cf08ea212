"""``make chaos``: breaks what the service stands on, and looks whether its promises hold."""
