"""An encoder–decoder as its source has it, laid out as the engine reads it.

Comes in: a folder in the hub's format. Goes out: the names of the files that were written. Must not know: where the
folder came from.

Where somebody has exported it already, its graphs are copied; else it is exported here (`export.py`).
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from notime.errors import Corrupt
from notime.model.seq2seq.export import export
from notime.model.seq2seq.generation import CONFIG, GENERATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Progress = Callable[[str, float], None]

GRAPH = re.compile(r"(?:onnx/)?(encoder_model|decoder_model_merged)(?:_\w+)?\.onnx")
SIDE = (CONFIG, GENERATION, "tokenizer.json", "spiece.model", "source.spm", "target.spm", "vocab.json", "parity.json")
DATA = re.compile(r"(?:onnx/)?([\w.]+\.onnx[_.]data)")


def write_summarizer(source: Path, names: Iterable[str], folder: Path, cache: Path, progress: Progress) -> list[str]:
    """Write `encoder_model.onnx`, `decoder_model_merged.onnx`, the model's settings and its tokenizer.

    Args:
        source: the folder.
        names: the files of it that count.
        folder: where to write.
        cache: holds the environment that exports.
        progress: called with what is going on and the share done, 0 to 1.

    Raises:
        Corrupt: several files could be the encoder or the decoder.
        ModelUnavailable: it cannot be exported.
    """
    named = set(names)
    graphs = {name: match[1] + ".onnx" for name in sorted(named) if (match := GRAPH.fullmatch(name))}
    if not graphs:
        export(source, folder, cache, progress)
        return sorted(path.name for path in folder.iterdir())
    if sorted(graphs.values()) != ["decoder_model_merged.onnx", "encoder_model.onnx"]:
        raise Corrupt("There must be one encoder_model and one decoder_model_merged.", hint="Name the files to take.")
    data = {name: match[1] for name in named if (match := DATA.fullmatch(name))}
    copied = graphs | data | {name: name for name in SIDE if name in named}
    for name, here in copied.items():
        shutil.copyfile(source / name, folder / here)
    return sorted(copied.values())
