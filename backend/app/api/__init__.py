"""The service over HTTP."""

import gc

# What is imported stays. Until `server` has been, nobody need look for garbage in it: that would
# take a sixth of the time.
gc.disable()
