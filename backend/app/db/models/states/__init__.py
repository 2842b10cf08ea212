"""The states of jobs, offers and bookings, and the moves between them."""
