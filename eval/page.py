from pathlib import Path

NAME = "report.html"


def write(path, results, before=None):
    path.write_text("stub")
