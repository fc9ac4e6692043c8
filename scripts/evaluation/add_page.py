"""Make a test page of an HTML file.

    scripts/add-page NAME FILE

Writes tests/pages/NAME/source.html and, with what is extracted now, expected.txt: the title, an empty line, one block a
line. Correct expected.txt by hand before it is committed. The file must be yours to publish: rebuild other people's
pages in your own words.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from notime.article import Reader
from notime.errors import Unsummarizable
from notime.types import Page

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name")
    parser.add_argument("file", type=Path)
    args = parser.parse_args()
    folder = ROOT / "tests" / "pages" / args.name
    if folder.exists():
        sys.exit(f"tests/pages/{args.name} is there already.")
    with Reader() as reader:
        try:
            article = reader.read(Page(args.file.read_bytes()))
            expected = f"{article.title}\n\n{article.text}\n"
        except Unsummarizable as error:
            expected = f"{error.code}: {error.message}\n"
    folder.mkdir(parents=True)
    shutil.copyfile(args.file, folder / "source.html")
    (folder / "expected.txt").write_text(expected, encoding="utf-8")
    print(f"tests/pages/{args.name}/expected.txt is what is extracted now; correct it by hand.")


if __name__ == "__main__":
    main()
