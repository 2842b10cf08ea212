"""The reference of the benchmarks: a minimal program with the same responses to the same requests.

Starlette, an asyncpg pool, orjson and PyJWT, with handwritten SQL. It makes every check that the
service makes of a valid request, and sends every statement that a write needs. PostgreSQL makes
the JSON, since that is the fastest here, too. Layers, documentation, error texts and unmeasured
calls are left out.
"""
