"""The web chat: records of `assistant.citations` made into a page.

`app.create_app` builds the page, `server.serve` runs it; `render` and `sources` are pure functions and need no Gradio.
Gradio reads its switches once, so they are set here, before any module of this package can import it: no telemetry, and no
statistics of its events either, which it would otherwise keep and work out anew, over all of them, after each one.
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(2**62)
