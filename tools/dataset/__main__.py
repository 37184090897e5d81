"""``python -m tools.dataset DIR N``: a service in DIR with N archived documents (SQLite, files, development PKI)."""

from __future__ import annotations

import argparse
from pathlib import Path

from doc_service.settings import Settings
from signing.api import Level
from tools.dataset.build import build


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("documents", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--level", type=Level, default=Level.B_LTA, choices=list(Level))
    options = parser.parse_args()
    settings = Settings(data_dir=options.directory, final_level=options.level)
    build(settings, options.documents, workers=options.workers)


if __name__ == "__main__":
    main()
