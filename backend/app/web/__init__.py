"""The pages for people: what a mailed link leads to, and what the service is."""
