"""The page on models is what the catalog says."""

from __future__ import annotations

from conftest import TESTS
from notime.cli import catalog
from notime.model import Catalog
from notime.model.catalog import HubSource
from notime.model.export import FAMILIES, script, wants

PAGE = TESTS.parent / "docs" / "models.md"


def test_the_page_is_that_of_the_catalog():
    """Else: python -m notime.cli.catalog > docs/models.md."""
    assert PAGE.read_text(encoding="utf-8") == catalog.page()


def test_what_of_the_hub_is_listed_the_engine_runs():
    """Each family that is listed is one whose tokens the tests hold against transformers."""
    kinds = {"distilbart": "bart", "bart": "bart", "t5": "t5", "flan": "t5", "pegasus": "pegasus", "mt5": "mt5"}
    for spec in Catalog():
        if isinstance(spec.source, HubSource):
            assert (spec.engine, spec.style, spec.ranker) == ("seq2seq", "whole", "minilm-l6-ranker")
            assert kinds[spec.id.split("-")[0]] in FAMILIES
            assert spec.note
            assert spec.licence
    assert {f"{family}.tar.xz" for family in FAMILIES} == {
        path.name for path in (TESTS / "models" / "summarizers").glob("*.xz")
    }


def test_what_exports_is_at_hand():
    assert script().is_file()
    assert {each.split("[")[0].split("=")[0] for each in wants()} == {"optimum-onnx", "torch"}
