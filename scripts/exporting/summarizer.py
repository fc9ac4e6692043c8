"""Export an encoder–decoder summarizer as quantised ONNX, with optimum and ONNX Runtime's own tools.

    python -m scripts.exporting.summarizer SOURCE OUT [--full]

SOURCE is a folder in the hub's format: `config.json`, weights, a tokenizer. OUT gets the encoder and the merged
decoder, whose inputs and outputs `notime/model/seq2seq/engine.py` tells, the model's settings and tokenizer, and
`parity.json`: how far the exported logits are from the network's, before and after quantisation, and how much of its
answers stays (ROUGE-L).

MatMuls become int8 (per-channel weights, activations quantised as they come); with `--full` nothing does. Run it by
`scripts/export-model`, or let `notime models build` do that: both make its environment. It knows nothing of notime.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export
from optimum.onnxruntime import ORTModelForSeq2SeqLM
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
from transformers.utils import logging

ENCODER, DECODER = "encoder_model.onnx", "decoder_model_merged.onnx"
KEPT = re.compile(
    r"(?:config|generation_config|tokenizer|tokenizer_config|special_tokens_map|vocab)\.json|.+\.(?:spm|model)"
)
MOST_TOKENS = 256
"""Of a sample's source."""
ANSWER_TOKENS = 48
SAMPLES = (
    "The town council voted on Monday to build a second bridge over the river. Work is to begin next spring and to "
    "take two years. Shopkeepers on the quay welcomed the decision, while two members abstained because of the price. "
    "The old road is flooded every autumn, and a survey counted nine hundred cars an hour at the only crossing.",
    "Researchers at the coast have found that the herring come back earlier than ten years ago. They counted the fish "
    "with sound every week from January on. The water was warmer by half a degree, but they do not believe that this "
    "alone explains the change. Fishermen say that they saw it long before anybody measured it.",
)


def export(source: Path, out: Path, *, full: bool) -> dict[str, Any]:
    """Write the model into `out`; what `parity.json` says."""
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as name:
        folder = Path(name)
        main_export(
            str(source), folder, task="text2text-generation-with-past", do_validation=False, local_files_only=True
        )
        out.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.iterdir()):
            if KEPT.fullmatch(path.name):
                shutil.copyfile(path, out / path.name)
        for pieces in source.glob("spiece.model"):
            shutil.copyfile(pieces, out / pieces.name)
        for graph in (ENCODER, DECODER):
            if full:
                shutil.copyfile(folder / graph, out / graph)
            else:
                quantize(folder / graph, out / graph)
        return parity(source, {"exported": folder} if full else {"exported": folder, "quantised": out})


def quantize(path: Path, out: Path) -> None:
    """MatMuls to int8, those of the decoder's two branches too."""
    quantize_dynamic(
        path,
        out,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        # Without VNNI the u8 x s8 kernels saturate unless the weights keep to 7 bits.
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={
            "DefaultTensorType": onnx.TensorProto.FLOAT,
            "EnableSubgraph": True,
            "MatMulConstBOnly": True,
            "WeightSymmetric": True,
        },
    )


@torch.inference_mode()
def parity(source: Path, exported: dict[str, Path]) -> dict[str, Any]:
    """Of each exported model, what its logits are off by, how often its first choice is the same, and ROUGE-L."""
    model = AutoModelForSeq2SeqLM.from_pretrained(source, local_files_only=True).eval()
    tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=True)
    runs = {name: runner(folder) for name, folder in exported.items()}
    found: dict[str, list[tuple[float, float, float, float]]] = {name: [] for name in exported}
    most = min(MOST_TOKENS, getattr(model.config, "max_position_embeddings", MOST_TOKENS))
    for sample in SAMPLES:
        inputs = tokenizer(sample, return_tensors="pt", truncation=True, max_length=most)
        asked = {"input_ids": inputs["input_ids"], "attention_mask": inputs["attention_mask"]}
        answer = model.generate(**asked, num_beams=1, do_sample=False, max_new_tokens=ANSWER_TOKENS)
        want = model(**asked, decoder_input_ids=answer).logits.numpy()
        for name, folder in exported.items():
            got = logits(folder, {key: value.numpy() for key, value in asked.items()}, answer.numpy())
            off = np.abs(got - want)
            same = float((got.argmax(-1) == want.argmax(-1)).mean())
            own = runs[name].generate(**asked, num_beams=1, do_sample=False, max_new_tokens=ANSWER_TOKENS)
            said = rouge_l(answer[0].tolist(), own[0].tolist())
            found[name].append((float(off.max()), float(off.mean()), same, said))
    names = ("logits_most", "logits_mean", "same_choice", "rouge_l")
    return {
        name: dict(zip(names, (round(float(each), 6) for each in np.mean(values, axis=0)), strict=True))
        for name, values in found.items()
    }


def runner(folder: Path) -> Any:
    """Optimum's own, of an exported model."""
    return ORTModelForSeq2SeqLM.from_pretrained(folder, local_files_only=True, session_options=sleeping())


def sleeping() -> onnxruntime.SessionOptions:
    """Threads that wait asleep: several sessions run in turn here, and those that spin would starve each other."""
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def logits(folder: Path, asked: dict[str, np.ndarray], answer: np.ndarray) -> np.ndarray:
    """Of each place of an answer, by the exported graphs."""
    encoder, decoder = (
        onnxruntime.InferenceSession(folder / name, sleeping(), providers=["CPUExecutionProvider"])
        for name in (ENCODER, DECODER)
    )
    (states,) = encoder.run(["last_hidden_state"], asked)
    given = {
        "input_ids": answer,
        "encoder_hidden_states": states,
        "encoder_attention_mask": asked["attention_mask"],
        "use_cache_branch": np.array([False]),
    }
    inputs = {}
    for each in decoder.get_inputs():
        past = each.name.startswith("past_key_values")
        inputs[each.name] = np.zeros((1, each.shape[1], 1, each.shape[3]), np.float32) if past else given[each.name]
    (found,) = decoder.run(["logits"], inputs)
    return found


def rouge_l(want: list[int], got: list[int]) -> float:
    """F1 of the longest common subsequence (Lin 2004), of tokens."""
    row = [0] * (len(got) + 1)
    for token in want:
        before = 0
        for place, other in enumerate(got, 1):
            before, row[place] = row[place], before + 1 if token == other else max(row[place], row[place - 1])
    return 2 * row[-1] / (len(want) + len(got))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--full", action="store_true", help="leave everything in float32")
    args = parser.parse_args()
    logging.set_verbosity_error()
    try:
        report = export(args.source, args.out, full=args.full)
    except (ImportError, KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
        # optimum and transformers have no error of their own for what they cannot do.
        print(f"{type(error).__name__}: {error}".splitlines()[0], file=sys.stderr)
        return 1
    text = json.dumps(report, indent=2)
    (args.out / "parity.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
