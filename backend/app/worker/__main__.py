"""``python -m app.worker``: runs the worker."""

from app.core.collection import collection_set_up


def main() -> None:
    """Runs the worker in a process of its own, whose garbage collector it configures."""
    with collection_set_up():
        from app.worker.program import main as run
    run()


if __name__ == "__main__":
    main()
