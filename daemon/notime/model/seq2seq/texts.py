"""Text to the tokens of an encoder–decoder and back.

Comes in: a folder with a tokenizer in the hub's format. Goes out: token ids with the special tokens that a source has,
text without any. Must not know: what becomes of them.

Three kinds: a `tokenizers` file; SentencePiece's vocabulary of T5 and mT5, where its own library takes a fraction of
the memory; and Marian's two SentencePiece models, for source and target, over one table of ids.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from notime.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TOKENIZER, PIECES = "tokenizer.json", "spiece.model"
MARIAN_SOURCE, MARIAN_TARGET, MARIAN_IDS = "source.spm", "target.spm", "vocab.json"

END, UNKNOWN, PADDING = "</s>", "<unk>", "<pad>"


class Texts(Protocol):
    """A tokenizer of sources and answers."""

    def encode(self, text: str, most: int) -> list[int]:
        """Of a source, special tokens included, cut off before them where it has more than `most`."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """Text, special tokens left out."""
        ...


def open_texts(folder: Path, config: dict[str, Any]) -> Texts:
    """The tokenizer of a model.

    Raises:
        Corrupt: there is none that we know, or it cannot be read.
    """
    try:
        if config.get("model_type") in ("t5", "mt5") and (folder / PIECES).is_file():
            return _Pieces(folder / PIECES)
        if (folder / TOKENIZER).is_file():
            return _Tokenizer(folder / TOKENIZER)
        if (folder / MARIAN_SOURCE).is_file():
            return _Marian(folder)
    except Exception as error:  # the libraries' exceptions share no base class
        raise Corrupt("The model's tokenizer cannot be read.") from error
    raise Corrupt(f"The model has no tokenizer that we know: {TOKENIZER}, {PIECES} or {MARIAN_SOURCE}.")


class _Tokenizer:
    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()

    def encode(self, text: str, most: int) -> list[int]:
        self._tokenizer.enable_truncation(most)
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        text: str = self._tokenizer.decode(list(ids), skip_special_tokens=True)
        return text


class _Pieces:
    def __init__(self, path: Path) -> None:
        from sentencepiece import SentencePieceProcessor

        self._pieces = SentencePieceProcessor(model_file=str(path))
        self._end = int(self._pieces.piece_to_id(END))

    def encode(self, text: str, most: int) -> list[int]:
        return [*self._pieces.encode(text)[: most - 1], self._end]

    def decode(self, ids: Sequence[int]) -> str:
        text: str = self._pieces.decode([int(each) for each in ids if self._says(int(each))])
        return text.rstrip()  # as its own tokenizer does

    def _says(self, number: int) -> bool:
        # The network's table is longer than the vocabulary: what is behind it means nothing.
        if number >= len(self._pieces):
            return False
        return not self._pieces.is_control(number) and not self._pieces.is_unknown(number)


class _Marian:
    def __init__(self, folder: Path) -> None:
        from sentencepiece import SentencePieceProcessor

        self._source = SentencePieceProcessor(model_file=str(folder / MARIAN_SOURCE))
        self._target = SentencePieceProcessor(model_file=str(folder / MARIAN_TARGET))
        self._ids: dict[str, int] = json.loads((folder / MARIAN_IDS).read_text(encoding="utf-8"))
        self._names = {number: piece for piece, number in self._ids.items()}

    def encode(self, text: str, most: int) -> list[int]:
        unknown = self._ids[UNKNOWN]
        ids = [self._ids.get(piece, unknown) for piece in self._source.encode(text, out_type=str)]
        return [*ids[: most - 1], self._ids[END]]

    def decode(self, ids: Sequence[int]) -> str:
        pieces = [self._names.get(int(each), PADDING) for each in ids]
        text: str = self._target.decode_pieces([piece for piece in pieces if piece not in (END, UNKNOWN, PADDING)])
        return text
