"""How text becomes tokens and back: the tokenizer that a GGUF file carries, written for the daemon and read by it.

Comes in: a network's weights; later a folder. Goes out: token ids, text. Must not know: what the network does.

Two kinds: byte-level BPE, as a `tokenizers` file (SmolLM2, Llama 3, Qwen), and SentencePiece's (Gemma 3). The
latter's 262,144 pieces take 48 MB of memory in SentencePiece's own library, and 305 in `tokenizers`; both give the same
ids.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Any, Protocol

from notime.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from notime.model.graph.weights import DecoderWeights

BYTE_LEVEL, PIECES = "tokenizer.json", "tokenizer.model"
"""The file of each kind."""

START = "<bos>"
"""What a text begins with, in vocabularies of pieces."""

TURNS = re.compile("(<start_of_turn>|<end_of_turn>)")
"""What stands around a turn of Gemma's chats."""

WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{digits}"
    r"| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
DIGITS = {"llama-bpe": "{1,3}", "qwen2": ""}
"""How many digits stand together, by llama.cpp's names of pre-tokenizers: Llama 3's and Qwen's, which else split alike
(their `tokenizer.json`)."""

SMOLLM = "smollm"

CONTROL_TOKEN = 3
"""`tokenizer.ggml.token_type` of a token that text never becomes; the same number in SentencePiece's file."""


class Vocabulary(Protocol):
    """Text to token ids and back."""

    def encode(self, text: str) -> list[int]:
        """Token ids; what only a prompt may hold is recognised as each kind of tokenizer has it."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """Text, special tokens left out."""
        ...

    def id(self, token: str) -> int:
        """Of one token by its name.

        Raises:
            Corrupt: there is none of that name.
        """
        ...


def open_vocabulary(folder: Path) -> Vocabulary:
    """The tokenizer of a built model."""
    return _Pieces(folder / PIECES) if (folder / PIECES).is_file() else _ByteLevel(folder / BYTE_LEVEL)


def write_vocabulary(weights: DecoderWeights, folder: Path) -> str:
    """Write the tokenizer that the GGUF file carries.

    Returns:
        The file's name.

    Raises:
        Corrupt: the file carries another kind of tokenizer.
    """
    kind = (weights.field("tokenizer.ggml.model"), weights.field("tokenizer.ggml.pre"))
    if kind[0] == "gpt2" and kind[1] in (SMOLLM, *DIGITS):
        (folder / BYTE_LEVEL).write_text(byte_level(weights), encoding="utf-8")
        return BYTE_LEVEL
    if kind[0] == "llama":
        (folder / PIECES).write_bytes(pieces(weights))
        return PIECES
    raise Corrupt(f"The GGUF file's tokenizer, {'/'.join(map(str, kind))}, is not one we build.")


class _ByteLevel:
    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(path))

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        text: str = self._tokenizer.decode(list(ids), skip_special_tokens=True)
        return text

    def id(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise Corrupt(f"The tokenizer lacks {token}.")
        return int(found)


class _Pieces:
    def __init__(self, path: Path) -> None:
        # Imported here: not every model needs it.
        from sentencepiece import SentencePieceProcessor

        self._processor = SentencePieceProcessor(model_file=str(path))
        self._start = self.id(START)

    def encode(self, text: str) -> list[int]:
        # SentencePiece takes no special token from text; a prompt may begin with one, and have turns.
        start = [self._start] if text.startswith(START) else []
        ids: list[int] = []
        for place, part in enumerate(TURNS.split(text[len(START) :] if start else text)):
            ids += [self.id(part)] if place % 2 else self._processor.encode(part)
        return [*start, *ids]

    def decode(self, ids: Sequence[int]) -> str:
        text: str = self._processor.decode([int(token) for token in ids])
        return text

    def id(self, token: str) -> int:
        found = int(self._processor.piece_to_id(token))
        if self._processor.id_to_piece(found) != token:
            raise Corrupt(f"The tokenizer lacks {token}.")
        return found


def byte_level(weights: DecoderWeights) -> str:
    """A byte-level BPE tokenizer as a `tokenizers` file."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

    kind = weights.field("tokenizer.ggml.pre")
    tokens = weights.field("tokenizer.ggml.tokens")
    merges = [tuple(merge.split(" ", 1)) for merge in weights.field("tokenizer.ggml.merges")]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=kind == "llama-bpe"))
    if kind == SMOLLM:  # each digit by itself, then GPT-2's split
        split: Any = pre_tokenizers.Digits(individual_digits=True)
    else:
        split = pre_tokenizers.Split(Regex(WORDS.format(digits=DIGITS[kind])), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=kind == SMOLLM)]
    )
    if kind == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.decoder = decoders.ByteLevel()
    types = weights.field("tokenizer.ggml.token_type")
    tokenizer.add_special_tokens(
        [
            AddedToken(token, special=True, normalized=False)
            for token, kind in zip(tokens, types, strict=True)
            if kind == CONTROL_TOKEN
        ]
    )
    return str(tokenizer.to_str(pretty=False))


def pieces(weights: DecoderWeights) -> bytes:
    """A SentencePiece model file: pieces with scores and kinds, BPE with a fallback to bytes, spaces kept as they are.

    Field numbers are those of SentencePiece's `sentencepiece_model.proto` (ModelProto, TrainerSpec, NormalizerSpec).
    """
    out = bytearray()
    columns = (weights.field(f"tokenizer.ggml.{name}") for name in ("tokens", "scores", "token_type"))
    for token, score, kind in zip(*columns, strict=True):
        piece = _bytes(1, token.encode()) + _float(2, score) + _integer(3, kind)
        out += _bytes(1, piece)
    ids = {40: "unknown", 41: "bos", 42: "eos", 43: "padding"}
    trainer = _integer(3, 2) + _integer(35, 1)  # model_type BPE, byte_fallback
    for number, name in ids.items():
        trainer += _integer(number, weights.field(f"tokenizer.ggml.{name}_token_id"))
    tokens = weights.field("tokenizer.ggml.tokens")
    for number, name in zip((45, 46, 47, 48), ids.values(), strict=True):
        trainer += _bytes(number, tokens[weights.field(f"tokenizer.ggml.{name}_token_id")].encode())
    # identity, add_dummy_prefix, remove_extra_whitespaces, escape_whitespaces
    normalizer = _bytes(1, b"identity") + _integer(3, 0) + _integer(4, 0) + _integer(5, 1)
    return bytes(out + _bytes(2, trainer) + _bytes(3, normalizer))


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _integer(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(int(value))


def _float(field: int, value: float) -> bytes:
    return _varint(field << 3 | 5) + struct.pack("<f", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value
