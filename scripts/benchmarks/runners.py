"""One runner of language models in a process of its own, driven by lines of JSON.

    python -m scripts.benchmarks.runners NAME FILE THREADS     NAME is a key of RUNNERS

First it says `{"version", "settings"}`, or `{"error"}` and ends. Then for each `{"prompt", "tokens": n}`, the prompt a
text or token ids, it answers `{"first", "total", "ids", "passes"}`: seconds from the request to the first and to the
last of exactly n greedy tokens, the stop token not minded. A text is tokenised within that time. `"ids": true` asks for
the ids where they would cost time. Between requests it waits for input and runs nothing.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    Prompt = str | list[int]

CONTEXT = 2048
"""Tokens; llama.cpp and genai allocate their cache for so many."""


class Runner(Protocol):
    """Loads in its constructor; yields the ids of greedy tokens as they come, None where they are not told."""

    settings: str

    def __init__(self, path: Path, threads: int) -> None: ...

    def generate(self, prompt: Prompt, tokens: int, *, ids: bool) -> Iterator[int | None]:
        """Exactly so many tokens."""


class Notime:
    """Our engine; FILE is a folder that `notime.model` built."""

    def __init__(self, path: Path, threads: int) -> None:
        from notime.model.decoding.causal import CausalModel

        self._model = CausalModel(path, context=CONTEXT, threads=threads)
        self._drafts = "sources" in inspect.signature(self._model.generate).parameters
        self.passes = 0
        drafts = "drafts from the prompt" if self._drafts else "no drafts"
        self.settings = f"onnxruntime {version('onnxruntime')}, {threads} threads, {drafts}"

    def generate(self, prompt: Prompt, tokens: int, *, ids: bool) -> Iterator[int | None]:
        """With no token that stops it."""
        prompt = self._model.encode(prompt) if isinstance(prompt, str) else prompt
        more: dict[str, Any] = {"sources": [prompt]} if self._drafts else {}
        self.passes = 0
        for made in self._model.generate([prompt], max_new_tokens=tokens, **more):
            self.passes += 1
            yield from (token.id for token in made)


class XLlamaCpp:
    """llama.cpp from the prebuilt wheel `xllamacpp`; FILE is a GGUF."""

    def __init__(self, path: Path, threads: int) -> None:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = params.n_batch = CONTEXT
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
        params.cache_prompt = False
        params.verbosity = -1
        self._server = xllamacpp.Server(params)
        features = " ".join(part.split(" = ")[0] for part in _features(xllamacpp.get_system_info()))
        self.settings = (
            f"llama.cpp in xllamacpp, {threads} threads, ubatch {params.n_ubatch}, flash attention auto, {features}"
        )

    def generate(self, prompt: Prompt, tokens: int, *, ids: bool) -> Iterator[int | None]:
        """Through the server's own completion endpoint, called within the process."""
        asked = {"prompt": prompt, "n_predict": tokens, "temperature": 0, "samplers": ["top_k"], "top_k": 1}
        asked |= {"ignore_eos": True, "stream": True, "cache_prompt": False}
        yield from _called_back(self._server.handle_completions, asked | ({"logprobs": 1} if ids else {}))


def _features(info: str) -> list[str]:
    return [part.strip() for part in info.replace("CPU :", "").split("|") if part.strip().endswith("= 1")]


def _called_back(handle: Any, asked: dict[str, Any]) -> Iterator[int | None]:
    """An iterator over what a function calls back with, from a thread that runs it."""
    import queue
    import threading

    events: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def told(event: Any) -> bool:
        events.put(event)
        return False

    def run() -> None:
        handle(asked, told)
        events.put(None)

    threading.Thread(target=run, daemon=True).start()
    while (event := events.get()) is not None:
        choice = (event.get("choices") or [{}])[0]
        if "error" in event:
            raise RuntimeError(str(event["error"]))
        if choice.get("finish_reason") is None:
            content = (choice.get("logprobs") or {}).get("content") or [{}]
            yield content[0].get("id")


class LlamaCppPython:
    """llama.cpp in llama-cpp-python, which is compiled for the machine at hand; FILE is a GGUF."""

    def __init__(self, path: Path, threads: int) -> None:
        import llama_cpp

        self._model = llama_cpp.Llama(
            str(path), n_ctx=CONTEXT, n_batch=CONTEXT, n_threads=threads, n_threads_batch=threads, verbose=False
        )
        features = " ".join(part.split(" = ")[0] for part in _features(llama_cpp.llama_print_system_info().decode()))
        self.settings = f"llama.cpp in llama-cpp-python, {threads} threads, ubatch 512, {features}"

    def generate(self, prompt: Prompt, tokens: int, *, ids: bool) -> Iterator[int | None]:
        """Nothing is kept from the request before."""
        if isinstance(prompt, str):
            prompt = self._model.tokenize(prompt.encode(), add_bos=False, special=True)
        self._model.reset()
        made = self._model.generate(prompt, top_k=1, temp=0.0)
        for _ in range(tokens):
            yield int(next(made))


class Genai:
    """onnxruntime-genai; FILE is a folder that its builder made."""

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime_genai

        self._genai = onnxruntime_genai
        config = onnxruntime_genai.Config(str(path))
        config.overlay(json.dumps({"model": {"decoder": {"session_options": {"intra_op_num_threads": threads}}}}))
        self._model = onnxruntime_genai.Model(config)
        self._tokenizer = onnxruntime_genai.Tokenizer(self._model)
        self.settings = f"int4, block 32, accuracy level 4, by its own builder, {threads} threads"

    def generate(self, prompt: Prompt, tokens: int, *, ids: bool) -> Iterator[int | None]:
        """The stop token is held off by the least length."""
        if isinstance(prompt, str):
            prompt = [int(each) for each in self._tokenizer.encode(prompt)]
        params = self._genai.GeneratorParams(self._model)
        length = len(prompt) + tokens
        params.set_search_options(max_length=length, min_length=length, do_sample=False)
        generator = self._genai.Generator(self._model, params)
        generator.append_tokens(prompt)
        for _ in range(tokens):
            generator.generate_next_token()
            yield int(generator.get_next_tokens()[0])


class Transformers:
    """transformers on torch; FILE is a Hugging Face folder."""

    def __init__(self, path: Path, threads: int) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.set_num_threads(threads)
        self._torch = torch
        self._tokenizer = AutoTokenizer.from_pretrained(path)
        self._model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()
        self.settings = f"torch {torch.__version__}, float32, {threads} threads, generate() with a streamer"

    def generate(self, prompt: Prompt, tokens: int, *, ids: bool) -> Iterator[int | None]:
        """From a thread, as its streamers are used."""
        import queue
        import threading

        if isinstance(prompt, str):
            prompt = self._tokenizer(prompt, add_special_tokens=False)["input_ids"]
        events: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        given = self._torch.tensor([prompt])

        class Streamer:
            begun = False

            def put(self, value: Any) -> None:
                if self.begun:
                    events.put(int(value.reshape(-1)[0]))
                self.begun = True  # the prompt comes first

            def end(self) -> None:
                events.put(None)

        def run() -> None:
            with self._torch.inference_mode():
                self._model.generate(
                    given,
                    attention_mask=self._torch.ones_like(given),
                    do_sample=False,
                    min_new_tokens=tokens,
                    max_new_tokens=tokens,
                    streamer=Streamer(),
                )

        threading.Thread(target=run, daemon=True).start()
        while (token := events.get()) is not None:
            yield token


RUNNERS: dict[str, tuple[type[Runner], str]] = {
    "notime": (Notime, "notime"),
    "xllamacpp": (XLlamaCpp, "xllamacpp"),
    "llama-cpp-python": (LlamaCppPython, "llama-cpp-python"),
    "onnxruntime-genai": (Genai, "onnxruntime-genai"),
    "transformers": (Transformers, "transformers"),
}
"""Runner and the distribution whose version it has."""


def main() -> None:
    """Run from the command line."""
    # Libraries print what they like to standard output: the answers go another way.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    name, path, threads = sys.argv[1:]
    kind, distribution = RUNNERS[name]
    try:
        runner = kind(Path(path), int(threads))
        print(json.dumps({"version": version(distribution), "settings": runner.settings}), file=out)
    except Exception as error:  # whatever a peer raises is its answer
        print(json.dumps({"error": f"{type(error).__name__}: {error}"[:300]}), file=out)
        return
    for line in sys.stdin:
        asked = json.loads(line)
        clock = time.perf_counter()
        marks, ids = [], []
        for token in runner.generate(asked["prompt"], asked["tokens"], ids=asked.get("ids", False)):
            marks.append(time.perf_counter() - clock)
            ids.append(token)
        answer = {"first": marks[0], "total": marks[-1], "ids": ids, "passes": getattr(runner, "passes", len(ids))}
        print(json.dumps(answer), file=out)


if __name__ == "__main__":
    main()
