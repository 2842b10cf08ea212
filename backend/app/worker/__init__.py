"""The worker: does in the background what the API has left to do, and keeps house."""
