"""What the service is measured against: the least that gives the same answers to the same calls.

Starlette, an asyncpg pool, orjson and PyJWT, with SQL by hand. Every check that the service makes
of a good request is made here, and every statement that a write needs is sent. PostgreSQL writes
the JSON, since that is the fastest here, too. What is left out is what makes a program worth
living in: floors, documentation, error texts, calls that nobody measures.
"""
