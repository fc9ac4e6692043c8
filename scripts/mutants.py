"""The checks of the daemon's boundary, its limits and its reading process: what each is without.

`scripts/mutate` removes them one at a time; `tests/test_cases.py` holds that each is still where it says.
"""

from __future__ import annotations

from dataclasses import dataclass

HTTP = "daemon/notime/http"
ARTICLE = "daemon/notime/article"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One check, removed."""

    what: str
    file: str
    check: str
    without: str
    tests: str
    """Of its place: the quickest that should notice."""


GUARD, AUTH, SERVER = "tests/http/test_guard.py", "tests/http/test_auth.py", "tests/http/test_server.py"
PAIRINGS, MODELS, FILES = "tests/http/test_pairings.py", "tests/model/test_store.py", "tests/test_files.py"
DAMAGE = "tests/http/test_history_damage.py"

MUTANTS = (
    Mutant("any host", f"{HTTP}/guard.py", 'hosts != [f"127.0.0.1:{port_of(request)}"]', "False", GUARD),
    Mutant("any target", f"{HTTP}/guard.py", 'not request.raw_path.startswith("/") or ', "", GUARD),
    Mutant("several hosts", f"{HTTP}/guard.py", "len(hosts) > 1 or ", "", GUARD),
    Mutant("any origin", f"{HTTP}/guard.py", " or not EXTENSION_ORIGIN.fullmatch(origins[0])", "", GUARD),
    Mutant("part of an origin", f"{HTTP}/guard.py", "EXTENSION_ORIGIN.fullmatch", "EXTENSION_ORIGIN.match", GUARD),
    Mutant("several origins", f"{HTTP}/guard.py", "len(origins) > 1 or ", "", GUARD),
    Mutant("a page is answered", f"{HTTP}/server.py", "if guard.is_a_pages(request):", "if False:", GUARD),
    Mutant("any content type", f"{HTTP}/guard.py", 'request.content_type != "application/json"', "False", GUARD),
    Mutant("compressed bodies", f"{HTTP}/guard.py", '.lower() != "identity"', ' == "x"', GUARD),
    Mutant("a large body announced", f"{HTTP}/guard.py", "(request.content_length or 0) > limit", "False", GUARD),
    Mutant("a large body in chunks", f"{HTTP}/guard.py", "len(body) > limit", "False", GUARD),
    Mutant("any expectation", f"{HTTP}/guard.py", 'expected.lower() != "100-continue"', "False", GUARD),
    Mutant("a slow body", f"{HTTP}/guard.py", "asyncio.timeout(BODY_SECONDS)", "asyncio.timeout(6000)", SERVER),
    Mutant("no token", f"{HTTP}/app.py", "if request.path not in PUBLIC:", "if False:", GUARD),
    Mutant("several tokens", f"{HTTP}/app.py", "if len(headers) > 1:", "if False:", GUARD),
    Mutant("any token", f"{HTTP}/auth.py", "token) is not None\n", "token) is not 1\n", AUTH),
    Mutant("any scheme", f"{HTTP}/auth.py", 'scheme.lower() == b"bearer" and ', "", AUTH),
    Mutant("an old process's token", f"{HTTP}/auth.py", "hmac.compare_digest(seal, self._seal(nonce, content))", "True", AUTH),
    Mutant("a token that has ended", f"{HTTP}/auth.py", "self._clock() < int.from_bytes(ends)", "True", AUTH),
    Mutant("another's token", f"{HTTP}/auth.py", "whose == _whose(asking.origin)", "True", AUTH),
    Mutant("unbound", f"{HTTP}/auth.py", " and not asking.bound", "", AUTH),
    Mutant("a nonce twice", f"{HTTP}/auth.py", "if nonce in self._nonces:", "if False:", AUTH),
    Mutant("nonces without bound", f"{HTTP}/auth.py", "len(self._nonces) > USED_NONCES", "False", AUTH),
    Mutant("what is no nonce", f"{HTTP}/auth.py", "if not NONCE.fullmatch(nonce):", "if False:", AUTH),
    Mutant("a stranger's handshake", f"{HTTP}/auth.py", "if key is None:", "if not keys:", AUTH),
    Mutant("guessing", f"{HTTP}/auth.py", "len(self._bad) == BAD_TOKENS", "False", AUTH),
    Mutant("an ended session is a guess", f"{HTTP}/auth.py", "if not genuine:", "if True:", AUTH),
    Mutant("connections without end", f"{HTTP}/server.py", "len(self._connections) > self._most", "False", SERVER),
    Mutant("nobody is kept", f"{HTTP}/server.py", "if not each.proven)", "if True)", SERVER),
    Mutant("slow heads", f"{HTTP}/server.py", "keepalive_timeout=IDLE_SECONDS", "keepalive_timeout=6000", SERVER),
    Mutant("no descriptors kept back", f"{HTTP}/server.py", "soft - OTHER_DESCRIPTORS", "soft", SERVER),
    Mutant("lines without end", f"{HTTP}/logs.py", "count < MOST and ", "", SERVER),
    Mutant("others' messages", f"{HTTP}/logs.py", "record.name.partition(\".\")[0] == OURS", "True", SERVER),
    Mutant("line breaks in lines", f"{HTTP}/logs.py", "if character.isprintable()", "if True", SERVER),
    Mutant("a key that others read", f"{HTTP}/pairings.py", 'if problem == "mode":', "if False:", PAIRINGS),
    Mutant("a key of another", f"{HTTP}/pairings.py", "if problem is not None:", "if False:", PAIRINGS),
    Mutant("keys are read once", f"{HTTP}/pairings.py", "or self._seen[0] != state", "", PAIRINGS),
    Mutant("another's files", "daemon/notime/files.py", 'return "owner"', "return None", FILES),
    Mutant("files that others write", "daemon/notime/files.py", 'return "mode" if _others_write(info) else None', "return None", FILES),
    Mutant("folders above", "daemon/notime/files.py", "            return folder\n", "            return None\n", FILES),
    Mutant("a manifest of nothing", "daemon/notime/model/store.py", "not manifest.files or set(manifest.files)", "set(manifest.files) and set(manifest.files)", MODELS),
    Mutant("files beside the manifest's", "daemon/notime/model/store.py", "set(manifest.files) != _files(folder) - {MANIFEST}", "False", MODELS),
    Mutant("digests", "daemon/notime/model/store.py", "            check(folder / name, digest)\n        return Part", "            pass\n        return Part", MODELS),
    Mutant("a model that others write", "daemon/notime/model/store.py", "if problem_of(path) is not None:", "if False:", MODELS),
    Mutant("damage is a bug", f"{HTTP}/database.py", " and self._is_sound()", "", DAMAGE),
    Mutant("a bug is damage", f"{HTTP}/database.py", "        return True\n\n    def _damaged", "        return False\n\n    def _damaged", DAMAGE),
    Mutant("a leap is believed", f"{HTTP}/clock.py", "now - before <= LEAP_SECONDS", "True", DAMAGE),
    Mutant("the status lies", f"{HTTP}/history.py", "if self._problem is not None:", "if False:", DAMAGE),
    Mutant("a damaged entry", f"{HTTP}/store.py", "            continue  # a damaged one", "            pass  # a damaged one", DAMAGE),
)  # fmt: skip
