"""The factory for uvicorn: ``uvicorn --factory app.api.launch:get_application``."""

from typing import TYPE_CHECKING

from app.core.collection import collection_set_up

if TYPE_CHECKING:
    from fastapi import FastAPI


def get_application() -> "FastAPI":
    """Builds the service with the settings of the environment, in a process of its own.

    The garbage collector is configured here, not by an import of `app.api.server`.
    """
    with collection_set_up():
        from app.api.server import get_application as build

        return build()
