"""The service."""

import gc

# A start makes several hundred thousand objects that stay: a collector that looks for garbage among
# them as often as Python does by default takes a tenth of the time.
gc.set_threshold(10_000, 10, 10)
