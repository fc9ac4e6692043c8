"""The page on models is what the catalog says."""

from __future__ import annotations

from conftest import TESTS
from notime.cli.documents import catalog
from notime.model import Catalog
from notime.model.catalog import HubSource
from notime.model.graph.weights import LAYER_NAMES
from notime.model.seq2seq.export import FAMILIES, script, wants

PAGE = TESTS.parent / "docs" / "models.md"


def test_the_page_is_that_of_the_catalog():
    """Else: python -m notime.cli.documents.catalog > docs/models.md."""
    assert PAGE.read_text(encoding="utf-8") == catalog.page()


def test_what_of_the_hub_is_listed_the_engines_run():
    """Each family that is listed is one whose tokens or logits the tests hold against another's."""
    kinds = {"distilbart": "bart", "bart": "bart", "t5": "t5", "flan": "t5", "pegasus": "pegasus", "mt5": "mt5"}
    decoders = {"smollm2": "llama", "llama3.2": "llama", "qwen2.5": "qwen2", "qwen3": "qwen3", "gemma3": "gemma3"}
    for spec in (each for each in Catalog() if isinstance(each.source, HubSource)):
        assert spec.note
        assert spec.ranker == "minilm-l6-ranker"
        if spec.engine == "seq2seq":
            assert spec.style == "whole"
            assert kinds[spec.id.split("-")[0]] in FAMILIES
        else:
            assert (spec.engine, spec.style) == ("causal", "rewrite")
            (name,) = (each for each in decoders if spec.id.startswith(each))
            assert decoders[name] in LAYER_NAMES
    archives = {path.name for path in (TESTS / "models" / "summarizers").glob("*.xz")}
    assert archives == {f"{family}.tar.xz" for family in FAMILIES}


def test_what_exports_is_at_hand():
    assert script().is_file()
    assert {each.split("[")[0].split("=")[0] for each in wants()} == {"optimum-onnx", "torch"}
