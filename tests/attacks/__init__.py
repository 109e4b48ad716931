"""What strangers try: hostile files, questions, uploads, requests and instructions, and what must come of them."""
