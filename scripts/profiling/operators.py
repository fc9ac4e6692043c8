"""Profile the default model's networks, and kinds of matrix products beside each other.

    scripts/profile operators   milliseconds by kind of node, of the rewriter's passes and of the ranker's window
    scripts/profile matrices    milliseconds of the matrices of all layers, by kind and number of tokens

Two threads that sleep between operators; the best of several runs each, the kinds in turn.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from notime.model import Catalog, ModelStore
from notime.model.decoding.lanes import Lanes
from notime.model.ranking.encoder import FIRST, REST
from notime.model.runtime.embedding import FILE, Embedding
from notime.model.runtime.session import open_session
from notime.settings import Settings
from scripts.training.smollm import SMOLLM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onnx import NodeProto

REPEATS = 12
LAYERS = 30
SHAPES = ((576, 960), (576, 576), (576, 3072), (1536, 576))
"""In and out of the rewriter's matrices in one layer."""
RANDOM = np.random.default_rng(2)
"""One for all weights: ONNX Runtime makes one of equal ones."""
TOKENS = (1, 3, 24, 64, 250)
KINDS = (
    "float32",
    "8 bits, blocks of 32",
    "8 bits, blocks of 128",
    "4 bits, blocks of 32",
    "int8, a scale",
    "int8, a scale a token",
)
PASSES = {
    "prefill, 49 + 81 + 115 tokens": (0, [(49, 1), (81, 1), (115, 1)]),
    "verifying 3 x 9 tokens": (100, [(9, 9)] * 3),
    "3 tokens": (100, [(1, 1)] * 3),
    "1 token": (100, [(1, 1)]),
}
"""What stands in each lane, and for each lane tokens and wanted logits."""


def session(model: Path | bytes, profile: Path | None = None) -> onnxruntime.InferenceSession:
    """One on two threads that sleep."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = 2, 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if profile:
        options.enable_profiling = True
        options.profile_file_prefix = str(profile)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def best(run: Callable[[], object]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times) * 1000


def nodes(opened: onnxruntime.InferenceSession) -> Counter[str]:
    """Milliseconds by kind of node, of the last run of a profiled session."""
    events = json.loads(Path(opened.end_profiling()).read_text(encoding="utf-8"))
    last = [event for event in events if event.get("name") == "model_run"][-1]
    found: Counter[str] = Counter()
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time") and event["ts"] >= last["ts"]:
            found[event["args"]["op_name"]] += event["dur"] / 1000
    return found


def told(name: str, whole: float, kinds: Mapping[str, float]) -> None:
    """One line."""
    parts = ", ".join(f"{kind} {spent:.1f}" for kind, spent in Counter(kinds).most_common(8))
    print(f"{name}: {whole:.1f} ms; profiled: {parts}")


def operators() -> None:
    """Of every kind of pass."""
    settings = Settings.load()
    store = ModelStore(settings.models, settings.cache_dir)
    ranker, rewriter = (store.locate(spec).folder for spec in Catalog().with_parts(SMOLLM))
    random = np.random.default_rng(1)

    def passing(
        opened: onnxruntime.InferenceSession, standing: int, counts: list[tuple[int, int]]
    ) -> Callable[[], object]:
        width = next(each.shape[2] for each in opened.get_inputs() if each.name == "embedded")
        lanes = Lanes(opened, Embedding(rewriter / FILE, width))
        lanes.reserve(400)
        for lane in range(len(lanes)):
            lanes.keep(lane, [1] * standing)
        fed = {lane: (random.integers(5, 40_000, n).tolist(), wanted) for lane, (n, wanted) in enumerate(counts)}
        return lambda: lanes.run(fed)

    with tempfile.TemporaryDirectory() as scratch:
        profile = Path(scratch) / "profile"
        for name, (standing, counts) in PASSES.items():
            whole = best(passing(open_session(rewriter / "model.onnx", threads=2), standing, counts))
            opened = session(rewriter / "model.onnx", profile)
            best(passing(opened, standing, counts))
            told(f"rewriter, {name}", whole, nodes(opened))
        sentences, tokens = 24, 510
        beside = {
            "pooling": np.full((1, sentences, tokens), 1 / tokens, dtype=np.float32),
            "features": np.zeros((1, sentences, 8), dtype=np.float32),
        }
        for name, source in ((FIRST, "embedded"), (REST, "hidden")):
            plain, opened = open_session(ranker / name, threads=2, arena=True), session(ranker / name, profile)
            width = next(each.shape[2] for each in plain.get_inputs() if each.name == source)
            feeds = {source: random.standard_normal((1, tokens, width), dtype=np.float32), **beside}
            whole = best(partial(plain.run, None, feeds))
            best(partial(opened.run, None, feeds))
            told(f"ranker, a window of {tokens} tokens, {name}", whole, nodes(opened))


def product(kind: str, name: str, width: int, out: int) -> tuple[list[NodeProto], list[TensorProto]]:
    """Nodes from `x{width}` to `{name}` and their weights."""
    source, random = f"x{width}", RANDOM
    node = helper.make_node
    if kind.startswith(("8", "4")):
        bits, block = int(kind[0]), int(kind.rsplit(" ", 1)[1])
        blocks = -(-width // block)
        codes = random.integers(0, 256, (out, blocks, block * bits // 8), dtype=np.uint8)
        weights = {"codes": codes, "scales": random.uniform(1e-3, 2e-3, (out, blocks)).astype(np.float32)}
        attributes = {"K": width, "N": out, "bits": bits, "block_size": block, "accuracy_level": 4}
        made = [
            node(
                "MatMulNBits", [source, f"{name}.codes", f"{name}.scales"], [name], domain="com.microsoft", **attributes
            )
        ]
    elif kind == "float32":
        weights = {"weight": random.normal(size=(width, out)).astype(np.float32)}
        made = [node("MatMul", [source, f"{name}.weight"], [name])]
    else:
        codes = random.integers(-63, 64, (width, out)).astype(np.int8)
        weights = {"codes": codes, "scales": random.uniform(1e-3, 2e-3, out).astype(np.float32)}
        given = [f"{name}.codes", f"{name}.scales"]
        made = [node("DynamicQuantizeMatMul", [source, *given], [name], domain="com.microsoft")]
        if kind.endswith("token"):
            weights |= {
                "level": np.float32(1 / 127),
                "one": np.float32(1),
                "zero": np.uint8(128),
                "axis": np.array([-1]),
            }
            made = [
                node("Shape", [source], [f"{name}.count"], start=1, end=2),
                node("Expand", [f"{name}.zero", f"{name}.count"], [f"{name}.zeros"]),
                node("Abs", [source], [f"{name}.abs"]),
                node("ReduceMax", [f"{name}.abs", f"{name}.axis"], [f"{name}.max"], keepdims=1),
                node("Mul", [f"{name}.max", f"{name}.level"], [f"{name}.step"]),
                node("Reshape", [f"{name}.step", f"{name}.axis"], [f"{name}.steps"]),
                node("QuantizeLinear", [source, f"{name}.steps", f"{name}.zeros"], [f"{name}.in"], axis=1),
                node(
                    "MatMulIntegerToFloat",
                    [f"{name}.in", f"{name}.codes", f"{name}.one", f"{name}.scales", f"{name}.zero"],
                    [f"{name}.sum"],
                    domain="com.microsoft",
                ),
                node("Mul", [f"{name}.sum", f"{name}.step"], [name]),
            ]
    return made, [numpy_helper.from_array(np.asarray(values), f"{name}.{part}") for part, values in weights.items()]


def graph(kind: str) -> bytes:
    """A model of all layers' matrices side by side; one number comes out of each."""
    made: list[Any] = []
    weights: list[Any] = []
    outputs = []
    for layer in range(LAYERS):
        for width, out in SHAPES:
            name = f"m{layer}.{width}.{out}"
            more, values = product(kind, name, width, out)
            made += [*more, helper.make_node("ReduceMax", [name], [f"{name}.y"], keepdims=0)]
            weights += values
            outputs.append(helper.make_tensor_value_info(f"{name}.y", TensorProto.FLOAT, []))
    inputs = [helper.make_tensor_value_info(f"x{w}", TensorProto.FLOAT, [1, "tokens", w]) for w in (576, 1536)]
    made_graph = helper.make_graph(made, "matrices", inputs, outputs, weights)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    model: bytes = helper.make_model(made_graph, opset_imports=opsets, ir_version=10).SerializeToString()
    return model


def matrices() -> None:
    """Each kind, by number of tokens."""
    opened = {kind: session(graph(kind)) for kind in KINDS}
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for tokens in TOKENS:
        feeds = {f"x{width}": np.ones((1, tokens, width), dtype=np.float32) for width in (576, 1536)}
        for kind, each in opened.items():
            found[kind].append(best(partial(each.run, None, feeds)))
    print(f"| {LAYERS} layers, ms | " + " | ".join(f"{tokens}" for tokens in TOKENS) + " |")
    for kind, times in found.items():
        print(f"| {kind} | " + " | ".join(f"{spent:.1f}" for spent in times) + " |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["operators", "matrices"])
    {"operators": operators, "matrices": matrices}[parser.parse_args().what]()
