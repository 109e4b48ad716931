"""Ask a running chat from another program: ``pip install gradio_client``, then ``python docs/ask_over_http.py [address]``."""

import sys

from gradio_client import Client

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860"
chat = Client(address, verbose=False)

answer = chat.predict("من هو المتحدث باسم الكرملين؟", api_name="/ask")
print(answer["status"], answer["confidence"])
for citation in answer["citations"]:
    print(f"[{citation['number']}] {citation['file']}, line {citation['line']}: {citation['quote']}")

for passage in chat.predict("ceasefire", 2, api_name="/search"):
    print(passage["file"], passage["start"], passage["end"], passage["title"])
