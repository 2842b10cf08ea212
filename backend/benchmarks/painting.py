"""The time until people see a page, on a cheap phone in a slow network.

Chromium delays and slows down itself: the network as Lighthouse's "slow 4G", and the processor.
"""

from statistics import median

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from benchmarks.data import Market
from benchmarks.server import Server
from benchmarks.services import OURS, running
from dev.chromium import OPTIONS, chromium_path

PAGE = "/jobs"
TIMES = 5
SLOW_4G = {
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
SLOWDOWN = 4
PHONE: ViewportSize = {"width": 390, "height": 844}

LARGEST = """() => new Promise((resolve) => new PerformanceObserver(
    (list) => resolve(list.getEntries().at(-1).startTime)
).observe({ type: "largest-contentful-paint", buffered: true }))"""
"""The time of the largest contentful paint, in milliseconds (W3C, Largest Contentful Paint)."""


def paint_seconds(server: Server, market: Market) -> float | None:
    """The time until the largest part of the page of jobs is painted, if nothing is cached.

    Args:
        server: The database server.
        market: The market.

    Returns:
        Seconds, the median of several loads; None without Chromium.
    """
    path = chromium_path()
    if path is None:
        return None
    with (
        running(OURS, market.url, server.cores.service) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=[*OPTIONS])
        address = f"{service.address}{PAGE}"
        _load(browser, address)  # the first request imports the pages
        return median(_load(browser, address) for _ in range(TIMES))


def _load(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(address, wait_until="networkidle")
    milliseconds = float(page.evaluate(LARGEST))
    context.close()
    return milliseconds / 1000
