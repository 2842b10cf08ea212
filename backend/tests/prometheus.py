"""Metrics as Prometheus reads them."""

from httpx import AsyncClient, TransportError
from prometheus_client.parser import text_string_to_metric_families


class Scrape:
    """What a process, or several, told at one time.

    Args:
        text: In which words.
    """

    def __init__(self, text: str) -> None:
        self.samples = [
            sample for family in text_string_to_metric_families(text) for sample in family.samples
        ]

    @property
    def names(self) -> set[str]:
        """The names of all metrics."""
        return {sample.name for sample in self.samples}

    def labels(self, label: str) -> set[str]:
        """All values of a label."""
        return {sample.labels[label] for sample in self.samples if label in sample.labels}

    def value(self, name: str, **labels: str) -> float:
        """The sum of the values of a metric that have some labels; 0 if there are none."""
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


async def told(client: AsyncClient, authorization: str = "") -> Scrape:
    """What a process tells; nothing if it doesn't answer with success."""
    try:
        response = await client.get("/metrics", headers={"Authorization": authorization})
    except TransportError:
        return Scrape("")
    return Scrape(response.text if response.is_success else "")
