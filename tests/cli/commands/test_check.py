from __future__ import annotations

import json

from support.cli_run import Run


def test_a_judgement_a_line(notime: Run):
    row = {"id": 7, "article": "The boat will not sail at noon. It rains.", "summary": "The boat will sail at noon."}
    done = notime("check", "--jsonl", stdin=json.dumps(row) + "\n\n" + "{}\n")
    judged, refused = map(json.loads, done.stdout.splitlines())
    assert judged["id"] == 7
    assert 0 <= judged["score"] <= 1
    assert set(judged) == {"id", "score", "supported", "sentences"}
    (sentence,) = judged["sentences"]
    assert sentence["source"] == "The boat will not sail at noon."
    assert sentence["reasons"] == ["a negation was lost"]
    assert refused["id"] is None
    assert refused["error"]["code"] == "bad_request"
    assert done.returncode == 0
