"""Tiny real summarizers: BART, T5, mT5, Pegasus and Marian of two layers, exported as any other.

    .venv-export/bin/python tests/models/summarizers.py [FOLDER]

makes them with transformers, exports them with `scripts/exporting/summarizer.py`, and writes
`summarizers/FAMILY.tar.xz`, the exported files, and `summarizers/expected.json`, what transformers' `generate` writes
with each (and optimum's own runner, which must agree). Weights are seeded noise: what they say means nothing.
`scripts/export-model` makes the environment; the tests need nothing of it.
"""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    GenerationConfig,
    MarianConfig,
    MarianMTModel,
    MarianTokenizer,
    MT5Config,
    MT5ForConditionalGeneration,
    PegasusConfig,
    PegasusForConditionalGeneration,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
    T5Tokenizer,
)

HERE = Path(__file__).resolve().parent
OUT = HERE / "summarizers"
sys.path.insert(0, str(HERE.parent.parent))

from scripts.exporting.summarizer import SAMPLES, export, runner  # noqa: E402 # found by its folder

SIZES = {
    "d_model": 16,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
}
BART_SIZES = SIZES | {"encoder_ffn_dim": 24, "decoder_ffn_dim": 24, "max_position_embeddings": 64, "init_std": 0.6}
T5_SIZES = {"d_model": 16, "d_kv": 8, "d_ff": 24, "num_layers": 2, "num_decoder_layers": 2, "num_heads": 2}
SOURCES = ("The old road is flooded every autumn.", "He did not ask; she said 42.", SAMPLES[0][:150])
SETTINGS: tuple[dict[str, Any], ...] = (
    {"num_beams": 1},
    {"num_beams": 1, "no_repeat_ngram_size": 2, "min_length": 12, "repetition_penalty": 1.3},
    {"num_beams": 2, "length_penalty": 2.0, "no_repeat_ngram_size": 3},
    {"num_beams": 4, "length_penalty": 2.0, "no_repeat_ngram_size": 2, "early_stopping": True, "min_length": 10},
    {"num_beams": 4, "length_penalty": 0.6, "encoder_no_repeat_ngram_size": 2, "suppress_tokens": [5, 9]},
    {"num_beams": 3, "early_stopping": "never", "length_penalty": 0.8, "bad_words_ids": [[7], [11, 12]]},
    {"num_beams": 4, "length_penalty": -0.5, "forced_bos_token_id": 6, "begin_suppress_tokens": [8, 10]},
)
MAX_LENGTH = 24


def bytes_tokenizer(folder: Path, *, begins: bool) -> int:
    """Byte-level BPE without merges; how many tokens there are."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = {token: number for number, token in enumerate([*special, *letters])}
    tokenizer = Tokenizer(models.BPE(vocab=words, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    single = "<s> $A </s>" if begins else "$A </s>"
    tokenizer.post_processor = processors.TemplateProcessing(
        single=single, special_tokens=[(token, words[token]) for token in special]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(folder)
    return len(words)


def pieces(path: Path, **ids: int) -> sentencepiece.SentencePieceProcessor:
    """A SentencePiece model of the samples."""
    with tempfile.TemporaryDirectory() as name:
        text = Path(name) / "text"
        text.write_text("\n".join(". ".join(SAMPLES).split(". ")), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(text),
            model_prefix=str(path.with_suffix("")),
            vocab_size=90,
            hard_vocab_limit=False,
            bos_id=-1,
            normalization_rule_name="identity",
            minloglevel=2,
            **ids,
        )
    trained = path.with_suffix(".model")
    trained.replace(path)
    path.with_suffix(".vocab").unlink()
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def made(folder: Path) -> Iterator[tuple[str, Any, Path]]:
    """Each family's network, its tokenizer written."""
    torch.manual_seed(17)
    where = folder / "bart"
    size = bytes_tokenizer(where, begins=True)
    special = {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "decoder_start_token_id": 2}
    yield "bart", BartForConditionalGeneration(BartConfig(vocab_size=size, **BART_SIZES, **special)), where

    torch.manual_seed(18)
    where = folder / "pegasus"
    size = bytes_tokenizer(where, begins=False)
    special = {"pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1, "bos_token_id": None}
    yield "pegasus", PegasusForConditionalGeneration(PegasusConfig(vocab_size=size, **BART_SIZES, **special)), where

    for family, config, network in (
        ("t5", T5Config, T5ForConditionalGeneration),
        ("mt5", MT5Config, MT5ForConditionalGeneration),
    ):
        torch.manual_seed(19)
        where = folder / family
        where.mkdir()
        size = len(pieces(where / "spiece.model", pad_id=0, eos_id=1, unk_id=2))
        T5Tokenizer(str(where / "spiece.model"), extra_ids=0, legacy=True).save_pretrained(where)
        # The table is longer than the vocabulary, as theirs is.
        special = {"vocab_size": size + 6, "decoder_start_token_id": 0, "initializer_factor": 3.0}
        yield family, network(config(**T5_SIZES, **special)), where

    torch.manual_seed(20)
    where = folder / "marian"
    where.mkdir()
    source = pieces(where / "source.spm", unk_id=0, eos_id=1)
    pieces(where / "target.spm", unk_id=0, eos_id=1)
    words = {"</s>": 0, "<unk>": 1}
    for number in range(len(source)):
        words.setdefault(source.id_to_piece(number), len(words))
    words["<pad>"] = len(words)
    (where / "vocab.json").write_text(json.dumps(words), encoding="utf-8")
    MarianTokenizer(
        str(where / "source.spm"),
        str(where / "target.spm"),
        str(where / "vocab.json"),
        source_lang="en",
        target_lang="en",
    ).save_pretrained(where)
    last = len(words) - 1
    special = {"pad_token_id": last, "eos_token_id": 0, "decoder_start_token_id": last, "forced_eos_token_id": 0}
    config = MarianConfig(vocab_size=len(words), bad_words_ids=[[last]], **BART_SIZES, **special)
    yield "marian", MarianMTModel(config), where


def main() -> None:
    """Run from the command line."""
    OUT.mkdir(exist_ok=True)
    expected: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else name)
        folder.mkdir(parents=True, exist_ok=True)
        torch.set_num_threads(1)  # tiny networks gain nothing from more
        for family, model, where in made(folder):
            model.eval().save_pretrained(where)
            out = folder / f"{family}-onnx"
            print(family, export(where, out, full=True)["exported"])
            expected[family] = list(cases(model, runner(out), where))
            pack(out, OUT / f"{family}.tar.xz")
    text = json.dumps(expected, separators=(",", ":")).replace("},{", "},\n{")
    (OUT / "expected.json").write_text(text + "\n", encoding="utf-8")


@torch.inference_mode()
def cases(model: Any, exported: Any, where: Path) -> Iterator[dict[str, Any]]:
    """What `generate` writes, by source and settings."""
    tokenizer = MarianTokenizer if (where / "source.spm").is_file() else PreTrainedTokenizerFast
    if (where / "spiece.model").is_file():
        tokenizer = T5Tokenizer
    encode = tokenizer.from_pretrained(where)
    for text in SOURCES:
        ids = encode(text, truncation=True, max_length=64)["input_ids"]
        asked = torch.tensor([ids])
        for settings in SETTINGS:
            # Noise seldom ends: what it would write as its eighth token ends it as well.
            plain = written(model, asked, settings)
            ends = [model.generation_config.eos_token_id, plain[min(8, len(plain) - 1)]]
            both = settings | {"eos_token_id": ends}
            tokens = written(model, asked, both)
            if written(exported, asked, both) != tokens:
                raise SystemExit(f"{where.name}: optimum's runner writes something else with {both}")
            known = [token for token in tokens[1:] if token not in ends and token < len(encode)]
            said = encode.decode(known, skip_special_tokens=True, clean_up_tokenization_spaces=False)
            yield {"text": text, "source": ids, "settings": both, "tokens": tokens, "said": said}


@torch.inference_mode()
def written(model: Any, asked: torch.Tensor, settings: dict[str, Any]) -> list[int]:
    """The tokens, the start token first."""
    config = GenerationConfig(**(model.generation_config.to_diff_dict() | settings | {"max_length": MAX_LENGTH}))
    mask = torch.ones_like(asked)
    tokens: list[int] = model.generate(asked, attention_mask=mask, generation_config=config, do_sample=False)[
        0
    ].tolist()
    return tokens


def pack(folder: Path, archive: Path) -> None:
    """The folder's files, the same bytes whenever it is packed."""
    with tarfile.open(archive, "w:xz", preset=9) as tar:
        for path in sorted(folder.iterdir()):
            if path.name == "parity.json":
                continue
            info = tarfile.TarInfo(path.name)
            info.size = path.stat().st_size
            with path.open("rb") as file:
                tar.addfile(info, file)


if __name__ == "__main__":
    main()
