"""View models: what pages show, read from the JSON that PostgreSQL writes.

They have only the fields that pages use, and validate nothing: a list of twenty jobs takes a
twentieth of the time that the models of the API take.
"""

from app.db.repositories.pages import Page


def json_list(page: Page) -> str:
    """The items of a page as one JSON text."""
    return f"[{','.join(page.items)}]"
