"""The worker: runs background tasks, and processes the deadlines of jobs and bookings."""
