"""The page on models, made from the catalog itself: `python -m notime.cli.documents.catalog > docs/models.md`.

Comes in: the catalog that ships. Goes out: Markdown. Must not know: what is on disk.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from notime.model import DEFAULT_MODEL, Catalog
from notime.model.catalog import HubSource, PartsSource, PypiSource

if TYPE_CHECKING:
    from notime.model import ModelSpec

PAGE = """# Models

The default is for nearly everybody: it is measured (docs/quality.md), quotes the page, and says nothing of its own. The
others are for who wants another voice, and has the time and the memory. `notime models pull ID` fetches and builds one,
`--model ID` uses it once and `notime models use ID` from now on, `notime models remove ID` deletes it again; `notime
models list` tells what is here, its size, and the memory that it takes.

| model | way | languages | licence | download | from | tried here | to know |
|---|---|---|---|---|---|---|---|
{rows}

**Ways.** *extract*: the page's own sentences. *rewrite*: these, said shortly one by one. *whole*: the model reads the
page's text and writes the summary; a page that is longer than its window is read in parts, at most four, to which the
ranker cuts a longer one down. Whatever a model writes, each sentence is traced to the sentences of the page that bear
it and held against them (docs/check.md); where it does not hold, the one that bears most of it stands instead, and what
none bears is left out. On pages in a language that a model does not write, the ranker chooses and quotes, and says so.

**Tried here** says whether we have run these very weights. Of the others we know that the engine writes what
transformers' `generate` writes, and optimum's runner of its own export, token for token, with networks of the same kind
({families};
`tests/model/seq2seq/test_engine.py`: greedy and beam search with the settings that such models come with; {decoders};
`tests/model/test_decoders.py`: greedy, in 8-bit integers, from GGUF files of each quantisation), and nothing of how
well or fast they summarise. We could not look at the hub when these entries were written: names of repositories and
files are from what is published about them, and the revision is the branch `main`, until the first download (below).

**Time and memory.** More than the default takes of either: a model of the size of distilbart-cnn-6-6 reads a page of
800 tokens in seconds, not tenths. Loading a model takes the size of its files and 100 MB (docs/model.md), its work some
more. What does not fit into the memory that is free, or into `memory_mb` in `config.toml`, is refused before it is
loaded. `notime models bench PATH…` puts what is built side by side on your own pages, HTML files or folders of them:
time, sentences and tokens a second, memory. A `.jsonl` has pages that somebody has summarised, one {{"title", "blocks",
"sentences", "brief"}} a line (`notime/cli/bench/points.py`), and says how many of their points each model makes.

**Trust.** Files whose digests the catalog does not know are trusted on first use: `pull` tells the sha256 of each
and the commit that the hub's branch stood for, and keeps both beside the models (`trusted.json`). Later downloads ask
for that commit, and one that differs is refused, until `--force` asks for the branch and trusts it anew.

## One of your own

A folder `catalog/my-model/` beside `config.toml`, with a `model.toml` in it:

```toml
id = "my-model"
title = "BART, taught on minutes of meetings"
licence = "MIT"
languages = ["en"]
source = {{ kind = "file", path = "~/models/my-model" }}
```

then `notime models pull my-model`. The folder is one as the hub has it: `config.json`, the weights, a tokenizer. For a
repository of the hub: `source = {{ kind = "hf", repo = "owner/name" }}`, and `--from DIR` takes it from a folder (or
the hub's own cache) without a network.

Where there is no ONNX yet (`encoder_model.onnx`, `decoder_model_merged.onnx`), it is exported and quantised here by
optimum, in an environment of its own that takes some gigabytes once; `parity.json` beside the built model tells how far
its logits moved. Families that can be: {families}.

More that an entry may say: `prefix` (T5's `"summarize: "`), `limits = {{ context = 1024 }}`,
`generation = {{ num_beams = 1, max_new_tokens = 128 }}` by the names of the hub (greedy search shows words as they
come), and `files` of a source, as patterns or with their sha256.

Decoder-only models are built from a GGUF file ({decoders}; F32, F16, BF16, Q4_0, Q4_1, Q8_0, Q4_K, Q5_K, Q6_K and what
else `gguf` reads) to 8-bit integers: `engine = "causal"`, `style = "rewrite"` and a `prompt`, with all tokens that may
end an answer (`stops`), as in [models/qwen3-0.6b-rewriter](../models/qwen3-0.6b-rewriter/model.toml).

Not followed: sampling and groups of beams, since the same page gives the same summary.
"""


def page() -> str:
    """The whole page."""
    # Imported here: what lists models builds none.
    from notime.model.graph.weights import LAYER_NAMES
    from notime.model.seq2seq.export import FAMILIES

    specs = sorted(Catalog(), key=lambda spec: (spec.id != DEFAULT_MODEL, isinstance(spec.source, HubSource), spec.id))
    return PAGE.format(rows="\n".join(map(_row, specs)), families=", ".join(FAMILIES), decoders=", ".join(LAYER_NAMES))


def _row(spec: ModelSpec) -> str:
    ours = not isinstance(spec.source, HubSource)
    cells = (
        f"`{spec.id}`" + (" (default)" if spec.id == DEFAULT_MODEL else ""),
        spec.style,
        ", ".join(spec.languages) if len(spec.languages) < 4 else f"{len(spec.languages)}",
        spec.licence,
        _size(spec),
        _origin(spec),
        "yes" if ours else "no",
        spec.note or f"{spec.title}.",
    )
    return f"| {' | '.join(cells)} |"


def _size(spec: ModelSpec) -> str:
    source = spec.source
    if isinstance(source, PartsSource):
        size = sum(wheel.bytes for wheel in source.wheels)
    else:
        size = source.bytes if isinstance(source, PypiSource | HubSource) else 0
    return f"{size / 1e6:.0f} MB" if size else ""


def _origin(spec: ModelSpec) -> str:
    if isinstance(spec.source, HubSource):
        return f"hub: {spec.source.repo}, on first use"
    return "notime" if _size(spec) == "" else "package index, pinned"


if __name__ == "__main__":
    sys.stdout.write(page())
