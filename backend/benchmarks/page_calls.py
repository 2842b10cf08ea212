"""The measured pages and their requests."""

from itertools import cycle, islice

from app.core.security.tokens import new_opaque_token, opaque_token_hash
from benchmarks.calls import VARIETY, Call
from benchmarks.data import Market, people
from benchmarks.databases import connected
from benchmarks.load import Request

MEMBERS = 50
"""The number of users who look at pages: each is known before the measurement."""
GOAL = 0.70

JOBS = "SELECT id, owner_id FROM cleanings ORDER BY md5(id::text) DESC LIMIT $1"
# Sessions of pages are extended when they are used, up to a time after the login.
GIVE_COOKIE = """
UPDATE sessions SET cookie_hash = $2, created_at = now(), expires_at = '2100-01-01' WHERE id = $1
"""


async def prepare_pages(market: Market) -> list[Call]:
    """The pages, with their requests for a market. Some of its users get session cookies."""
    async with connected(market.url) as connection:
        members = (await people(connection))[:MEMBERS]
        cookies = {person.id: new_opaque_token() for person in members}
        for person in members:
            digest = opaque_token_hash(cookies[person.id])
            await connection.execute(GIVE_COOKIE, person.session_id, digest)
        jobs = await connection.fetch(JOBS, VARIETY)
    visits = [
        (job["id"], cookie)
        for job, (user_id, cookie) in zip(jobs, cycle(cookies.items()), strict=False)
        if user_id != job["owner_id"]
    ]
    pages = {
        "jobs, visitor": [Request("GET", "/jobs")],
        "jobs, member": [Request("GET", "/jobs", cookie=cookie) for cookie in cookies.values()],
        "a job, visitor": [Request("GET", f"/jobs/{job}") for job, _ in visits],
        "a job, member": [Request("GET", f"/jobs/{job}", cookie=it) for job, it in visits],
        "packages, visitor": [Request("GET", "/packages")],
    }
    return [
        Call(f"page of {title}", list(islice(cycle(requests), VARIETY)), goal=GOAL)
        for title, requests in pages.items()
    ]
