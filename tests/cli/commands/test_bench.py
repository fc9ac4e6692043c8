from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from notime.article import extract
from notime.cli.commands.bench import memory, plots
from notime.cli.commands.bench.articles import page
from notime.cli.commands.bench.tokens import networks_ms, throughput
from notime.types import Timings
from scripts.benchmarks import load, pairs
from support.cli_run import Run

SPREADS = ("extract_ms", "rank_ms", "first_sentence_ms", "total_ms", "other_ms")


@pytest.mark.model
def test_a_quick_run_says_everything(notime: Run, tmp_path: Path):
    html = tmp_path / "bench.html"
    model = {"NOTIME_MODEL": "gemma3-270m-rewriter"}
    done = notime("bench", "--quick", "--repetitions", "1", "--json", "--html", str(html), **model)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [model["id"] for model in found["models"]] == ["gemma3-270m-rewriter", "gemma3-270m-reader"]
    for model in found["models"]:
        assert [row["words"] for row in model["rows"]] == [200, 500, 1000]
        for row in model["rows"]:
            assert all(row[name]["n"] == 1 and row[name]["p50"] > 0 for name in SPREADS)
            ends = [row[name]["p50"] for name in SPREADS[:4]]
            assert ends == sorted(ends)
    writing = found["models"][0]["writing"]
    assert writing["tokens"] >= writing["passes"] > 0
    assert writing["tokens_per_pass"] >= 1
    assert [model["writing"] for model in found["models"][1:]] == [None]
    assert found["cold_start_ms"]["n"] == found["reload_ms"]["n"] == 1
    assert found["machine"]["cores"] >= 1
    if memory.resident_mb() is not None:
        assert found["memory"]["peak"] >= found["memory"]["loaded"] > 50
        assert len(found["memory"]["timeline"]) > 10
        assert found["unavailable"] == []
    _needs_nothing_else(html.read_text(encoding="utf-8"))


def _needs_nothing_else(text: str) -> None:
    assert text.count("<svg") == text.count("</svg>") >= 2
    assert "prefers-color-scheme: dark" in text
    for word in ("http:", "https:", "<script", "<link", "@import", "url(", " src="):
        assert word not in text


@pytest.mark.parametrize("arguments", [["--repetitions", "0"], ["--seconds", "0"], ["--repetitions", "few"]])
def test_wrong_usage(notime: Run, arguments: list[str]):
    done = notime("bench", *arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_no_model_says_how_to_get_one(notime: Run, tmp_path: Path):
    done = notime("bench", "--quick", NOTIME_MODELS=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("Run `notime models build`.")


@pytest.mark.parametrize("words", [200, 1000, 5000])
def test_an_article_has_the_length_that_was_asked_for(words: int):
    html = page(words, 3)
    assert html == page(words, 3)
    assert html != page(words, 4)
    assert not re.search(r"[{}]", html.partition("</style>")[2])
    article = extract(html)
    assert words * 0.97 <= article.words <= words * 1.1 + 60
    assert article.language == "en"


def test_throughput_of_several_summaries():
    # Three rewritings each: 2 + 3 + 5 tokens after their first, in passes that drafts made fewer.
    one = Timings(ranker_ms=50, prefill_ms=60, decode_ms=40, passes=4, rows=3, steps=6, accepted=4)
    other = Timings(ranker_ms=50, prefill_ms=80, decode_ms=60, passes=6, rows=3, steps=4, accepted=6)
    quoted = Timings(ranker_ms=50)
    found = throughput([one, quoted, other])
    assert found is not None
    assert (found.tokens, found.passes, found.prefill_ms) == (26, 10, 70)
    assert (found.tokens_per_second, found.decode_tokens_per_second) == (108.3, 200)
    assert found.tokens_per_pass == 2
    assert throughput([quoted]) is None
    assert networks_ms(one) == 150


def test_plots_hold_their_numbers():
    bars = plots.stacked_bars("Bars", ("a", "b<"), [("one", (1.0, 2.0)), ("two", (0.0, 4000.0))], "ms")
    assert "one: b&lt; 2 ms" in bars
    assert bars.count("<rect") == 4
    line = plots.Line("whole", [(200, 10.0), (20_000, 900.0)], upper=[20.0, 1000.0])
    lines = plots.log_lines("Lines", [line, plots.Line("part", [(200, 10.0)])], "words", "ms")
    assert lines.count("<circle") == 3
    assert lines.count("<polygon") == 1
    area = plots.timeline("Area", [(0.0, 50.0), (2.0, 300.0)], [(0.0, "load"), (1.0, "200 words")], "MB")
    assert "200 words" in area
    assert "NaN" not in bars + lines + area


def test_ratios_are_taken_pair_by_pair():
    # Both get slower from pair to pair, as on a machine that something else begins to use.
    ours = iter([pairs.Timed(1.0, 2.0), pairs.Timed(2.0, 4.0), pairs.Timed(4.0, 8.0)])
    theirs = iter([pairs.Timed(4.0, 4.0), pairs.Timed(8.0, 8.0), pairs.Timed(20.0, 16.0)])
    found = pairs.ratios(pairs.interleaved(lambda: next(ours), lambda: next(theirs), 3))
    assert found == {"first": [0.25, 0.25, 0.2], "total": [0.5, 0.5, 0.5]}
    assert pairs.median(found["first"]) == 0.25
    assert pairs.spread([1.0, 2.0, 3.0]) == {"min": 1.0, "q1": 1.5, "median": 2.0, "q3": 2.5, "max": 3.0}


def test_a_loads_table_says_what_each_reader_waited():
    apart = [[load.Answer(0.01, 0.2, 0.3, 9.0, 300), load.Answer(0.01, 0.2, 0.4, 9.9, 500)]]
    together = [[load.Answer(0.01, 0.2, 0.3, 9.0, 300), load.Answer(0.02, 0.5, 0.6, 9.6, 500)]]
    text = load.table(
        {
            "version": "1",
            "machine": {"processor": "Small One", "cores": 2, "load": 0.1},
            "requests": 2,
            "rounds": 1,
            "alone": load._requests(apart),
            "at_once": load._requests(together),
            "time_at_once_over_one_after_the_other": {"q1": 0.9, "median": 0.95, "q3": 1.0},
            "longest_wait_over_shortest": load._unfair(together[0]),
            "answered_in_order": load._in_order(together[0]),
            "behind_a_long_one": dict.fromkeys(
                ("long_total", "short_event", "short_first", "short_total", "short_alone_total"), 1.0
            ),
        }
    )
    assert "| 2 | 500 | 20 | 500 | 600 | 200 | 400 |" in text
    assert "Longest wait ÷ shortest: 2.0. Answered in order of arrival: yes." in text
    assert not load._in_order(together[0][::-1])


@pytest.mark.parametrize(("one", "other", "lead"), [([1, 2, 3], [1, 2, 4], 2), ([1, 2], [1, 2, 3], 2), ([], [1], 0)])
def test_equal_lead(one: list[int], other: list[int], lead: int):
    assert pairs.equal_lead(one, other) == lead
