"""What is needed to work on the service on one's own machine; no part of the service itself."""
