"""The web chat: records of `assistant.citations` made into a page.

`app.create_app` builds the page, `server.serve` runs it; `render` and `sources` are pure functions and need no Gradio.
Gradio reads its telemetry switches once, when it is imported, so they are set here, before any module of this package
can.
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
