"""The built default networks against transformers' float32 ones with the same adapters, on a page of ours.

`expected_gemma.json`: what `Gemma3ForCausalLM` gave in float32, laid out and asked as `decoder.py` and the prompt have
it.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from notime import extract
from notime.article import split
from notime.model import Part
from notime.model.decoding.causal import CausalModel
from notime.model.ranking.decoder import PageModel
from notime.model.ranking.layout import Layout
from notime.summary.rewrite import prompt, rewrite, task

pytestmark = pytest.mark.model

EXPECTED = json.loads(Path(__file__).with_name("expected_gemma.json").read_text(encoding="utf-8"))


def test_scores_of_a_page_are_those_of_the_unquantised_network(gemma_parts: dict[str, Part], pages: Path):
    article = extract((pages / "sample-article.html").read_bytes())
    sentences = split(article)
    headings = tuple((n, block.text) for n, block in enumerate(article.blocks) if block.kind == "heading")
    page = Layout(article.title, headings, tuple(s.text for s in sentences), tuple(s.block for s in sentences))
    pieces = list(PageModel(gemma_parts["page"].folder).read(page))
    assert [piece.tokens for piece in pieces] == EXPECTED["pieces"]
    scores = np.concatenate([piece.scores for piece in pieces])
    assert np.corrcoef(scores, EXPECTED["scores"])[0, 1] > 0.99
    assert set(np.argsort(-scores)[:2]) == set(np.argsort(-np.array(EXPECTED["scores"]))[:2])


def test_rewritings_are_those_of_the_unquantised_network(gemma_parts: dict[str, Part], pages: Path):
    part = gemma_parts["causal"]
    assert part.spec.prompt is not None
    article = extract((pages / "sample-article.html").read_bytes())
    sentences = split(article)
    model = CausalModel(part.folder, context=part.spec.limits.context)
    tasks = [task(sentences, row["sentence"], title=article.title) for row in EXPECTED["rewritings"]]
    prompts = [prompt(part.spec.prompt.template, asked) for asked in tasks]
    assert [len(model.encode(each)) for each in prompts] == [row["tokens"] for row in EXPECTED["rewritings"]]
    written = [""] * len(tasks)
    for piece in rewrite(prompts, model, stops=part.spec.prompt.stops, max_new_tokens=part.spec.limits.max_new_tokens):
        written[piece.row] += piece.text
    same = [text.strip() == row["text"] for text, row in zip(written, EXPECTED["rewritings"], strict=True)]
    assert sum(same) >= len(same) - 1
