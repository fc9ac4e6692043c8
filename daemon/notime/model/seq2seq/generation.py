"""How a summarizer's words are chosen, as its own files have it.

Comes in: a folder with `config.json` and, mostly, `generation_config.json`, in the hub's format. Goes out:
`Generation`. Must not know: networks.

What is not here is not followed: sampling and groups of beams, since the same page gives the same summary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from notime.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONFIG, GENERATION = "config.json", "generation_config.json"

TOKENS = ("decoder_start_token_id", "bos_token_id", "eos_token_id")

MAX_LENGTH = 20
"""The hub's, where a model names none."""


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of greedy and beam search, by the names that the hub gives them.

    Lengths count the start token, as there.
    """

    decoder_start_token_id: int
    eos_token_id: tuple[int, ...] = ()
    num_beams: int = 1
    length_penalty: float = 1.0
    early_stopping: bool | str = False
    """True: when there are as many answers as beams; False: when better ones are unlikely; "never": impossible."""
    max_length: int = MAX_LENGTH
    min_length: int = 0
    no_repeat_ngram_size: int = 0
    encoder_no_repeat_ngram_size: int = 0
    repetition_penalty: float = 1.0
    bad_words_ids: tuple[tuple[int, ...], ...] = ()
    suppress_tokens: tuple[int, ...] = ()
    begin_suppress_tokens: tuple[int, ...] = ()
    forced_bos_token_id: int | None = None
    forced_eos_token_id: tuple[int, ...] = ()


def read_generation(folder: Path, overrides: Mapping[str, Any]) -> Generation:
    """The settings of a model.

    Args:
        folder: holds the model's files.
        overrides: from the catalog; `max_new_tokens` and `min_new_tokens` count without the start token.

    Raises:
        Corrupt: the files make no sense, or name no token to start with.
    """
    found = config = read_config(folder)
    if (folder / GENERATION).is_file():
        # Where it is there it stands alone, but for what names tokens.
        found = {name: config.get(name) for name in TOKENS} | _json(folder / GENERATION)
    found = {name: value for name, value in (found | dict(overrides)).items() if value is not None}
    if "bos_token_id" in found:
        found.setdefault("decoder_start_token_id", found["bos_token_id"])
    if "max_new_tokens" in found:
        found["max_length"] = found["max_new_tokens"] + 1
    if "min_new_tokens" in found:
        found["min_length"] = found["min_new_tokens"] + 1
    for name in ("eos_token_id", "forced_eos_token_id"):
        if isinstance(found.get(name), int):
            found[name] = [found[name]]
    try:
        return msgspec.convert(found, Generation)
    except msgspec.ValidationError as error:
        raise Corrupt(f"{GENERATION} is not one we can follow: {error}.") from error


def read_config(folder: Path) -> dict[str, Any]:
    """`config.json`.

    Raises:
        Corrupt: it cannot be read.
    """
    return _json(folder / CONFIG)


def _json(path: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError) as error:
        raise Corrupt(f"{path.name} cannot be read.") from error
