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


GUARD, AUTH, SERVER = "tests/http/test_guard.py", "tests/http/auth/test_handshake.py", "tests/http/test_server.py"
PAIRINGS, MODELS, FILES = "tests/http/auth/test_pairings.py", "tests/model/test_store.py", "tests/test_files.py"
DAMAGE = "tests/http/test_history_damage.py"
ISOLATION, READER = "tests/article/process/test_isolation.py", "tests/article/process/test_reader.py"
QUEUE, CACHE, GROWTH = "tests/service/test_queue.py", "tests/service/test_cache.py", "tests/summary/test_growth.py"
SHAPES, REWRITE = "tests/http/test_shapes.py", "tests/summary/test_rewrite.py"

MUTANTS = (
    Mutant("any host", f"{HTTP}/guard.py", 'hosts != [f"127.0.0.1:{port_of(request)}"]', "False", GUARD),
    Mutant("any target", f"{HTTP}/guard.py", 'not request.raw_path.startswith("/") or ', "", GUARD),
    Mutant("several hosts", f"{HTTP}/guard.py", "len(hosts) > 1 or ", "", f"{GUARD}::test_case_02_several_hosts_are_refused_whatever_the_parser_lets_through"),
    Mutant("any origin", f"{HTTP}/guard.py", " or not EXTENSION_ORIGIN.fullmatch(origins[0])", "", GUARD),
    Mutant("part of an origin", f"{HTTP}/guard.py", "EXTENSION_ORIGIN.fullmatch", "EXTENSION_ORIGIN.match", GUARD),
    Mutant("several origins", f"{HTTP}/guard.py", "len(origins) > 1 or ", "", GUARD),
    Mutant("a page is answered", f"{HTTP}/server.py", "if guard.is_a_pages(request):", "if False:", GUARD),
    Mutant("any content type", f"{HTTP}/guard.py", 'request.content_type != "application/json"', "False", GUARD),
    Mutant("compressed bodies", f"{HTTP}/guard.py", '.lower() != "identity"', ' == "x"', GUARD),
    Mutant("a large body announced", f"{HTTP}/guard.py", "(request.content_length or 0) > limit", "False", f"{GUARD}::test_case_14_a_body_too_large_is_refused_before_it_is_read"),
    Mutant("a large body in chunks", f"{HTTP}/guard.py", "len(body) > limit", "False", GUARD),
    Mutant("any expectation", f"{HTTP}/guard.py", 'expected.lower() != "100-continue"', "False", GUARD),
    Mutant("a slow body", f"{HTTP}/guard.py", "asyncio.timeout(BODY_SECONDS)", "asyncio.timeout(6000)", f"{SERVER}::test_case_16_a_slow_body_is_408"),
    Mutant("no token", f"{HTTP}/app.py", "if request.path not in PUBLIC:", "if False:", f"{GUARD}::test_case_07_nothing_is_looked_up_without_a_token"),
    Mutant("several tokens", f"{HTTP}/app.py", "if len(headers) > 1:", "if False:", f"{GUARD}::test_case_07_a_token_in_the_query_or_given_twice_is_no_token"),
    Mutant("any token", f"{HTTP}/auth/handshake.py", "token) is not None\n", "token) is not 1\n", AUTH),
    Mutant("any scheme", f"{HTTP}/auth/handshake.py", 'scheme.lower() == b"bearer" and ', "", AUTH),
    Mutant("an old process's token", f"{HTTP}/auth/handshake.py", "hmac.compare_digest(seal, self._seal(nonce, content))", "True", AUTH),
    Mutant("a token that has ended", f"{HTTP}/auth/handshake.py", "self._clock() < int.from_bytes(ends)", "True", AUTH),
    Mutant("another's token", f"{HTTP}/auth/handshake.py", "whose == _whose(asking.origin)", "True", AUTH),
    Mutant("unbound", f"{HTTP}/auth/handshake.py", " and not asking.bound", "", AUTH),
    Mutant("a nonce twice", f"{HTTP}/auth/handshake.py", "if nonce in self._nonces:", "if False:", AUTH),
    Mutant("nonces without bound", f"{HTTP}/auth/handshake.py", "len(self._nonces) > USED_NONCES", "False", AUTH),
    Mutant("what is no nonce", f"{HTTP}/auth/handshake.py", "if not NONCE.fullmatch(nonce):", "if False:", AUTH),
    Mutant("a stranger's handshake", f"{HTTP}/auth/handshake.py", "if key is None:", "if not keys:", AUTH),
    Mutant("guessing", f"{HTTP}/auth/handshake.py", "len(self._bad) == BAD_TOKENS", "False", AUTH),
    Mutant("an ended session is a guess", f"{HTTP}/auth/handshake.py", "if not genuine:", "if True:", AUTH),
    Mutant("connections without end", f"{HTTP}/server.py", "len(self._connections) > self._most", "False", SERVER),
    Mutant("nobody is kept", f"{HTTP}/server.py", "if not each.proven)", "if True)", SERVER),
    Mutant("slow heads", f"{HTTP}/server.py", "keepalive_timeout=IDLE_SECONDS", "keepalive_timeout=6000", f"{SERVER}::test_case_16_slow_headers_are_not_waited_for"),
    Mutant("no descriptors kept back", f"{HTTP}/server.py", "soft - OTHER_DESCRIPTORS", "soft", f"{SERVER}::test_descriptors_are_kept_back"),
    Mutant("lines without end", f"{HTTP}/logs.py", "count < MOST and ", "", SERVER),
    Mutant("others' messages", f"{HTTP}/logs.py", "record.name.partition(\".\")[0] == OURS", "True", SERVER),
    Mutant("line breaks in lines", f"{HTTP}/logs.py", "if character.isprintable()", "if True", SERVER),
    Mutant("a key that others read", f"{HTTP}/auth/pairings.py", 'if problem == "mode":', "if False:", PAIRINGS),
    Mutant("a key of another", f"{HTTP}/auth/pairings.py", "if problem is not None:", "if False:", PAIRINGS),
    Mutant("keys are read once", f"{HTTP}/auth/pairings.py", "or self._seen[0] != state", "", PAIRINGS),
    Mutant("another's files", "daemon/notime/files.py", 'return "owner"', "return None", FILES),
    Mutant("files that others write", "daemon/notime/files.py", 'return "mode" if _others_write(info) else None', "return None", FILES),
    Mutant("folders above", "daemon/notime/files.py", "            return folder\n", "            return None\n", FILES),
    Mutant("a manifest of nothing", "daemon/notime/model/store.py", "not manifest.files or set(manifest.files)", "set(manifest.files) and set(manifest.files)", MODELS),
    Mutant("files beside the manifest's", "daemon/notime/model/store.py", "set(manifest.files) != _files(folder) - {MANIFEST}", "False", MODELS),
    Mutant("digests", "daemon/notime/model/store.py", "            check(folder / name, digest)\n        return Part", "            pass\n        return Part", MODELS),
    Mutant("a model that others write", "daemon/notime/model/store.py", "if problem_of(path) is not None:", "if False:", MODELS),
    Mutant("damage is a bug", "daemon/notime/history/database.py", " and self._is_sound()", "", DAMAGE),
    Mutant("a bug is damage", "daemon/notime/history/database.py", "        return True\n\n    def _damaged", "        return False\n\n    def _damaged", DAMAGE),
    Mutant("a leap is believed", "daemon/notime/history/clock.py", "now - before <= LEAP_SECONDS", "True", DAMAGE),
    Mutant("the status lies", "daemon/notime/history/thread.py", "if self._problem is not None:", "if False:", f"{DAMAGE}::test_case_27_the_status_says_so_where_there_is_no_room"),
    Mutant("a damaged entry", "daemon/notime/history/store.py", "            continue  # a damaged one", "            pass  # a damaged one", DAMAGE),
    Mutant("a page takes its time", f"{ARTICLE}/process/reader.py", "            timer.start()\n", "            pass\n", f"{READER}::test_a_page_without_end_is_killed_and_the_next_one_read"),
    Mutant("a page of any size", f"{ARTICLE}/process/reader.py", "if len(content) > most or (", "if False and (", f"{READER}::test_a_page_over_the_limit_is_refused_before_it_is_parsed"),
    Mutant("characters are taken for bytes", f"{ARTICLE}/process/reader.py", "len(content.encode(\"utf-8\", \"replace\")) > most", "False", f"{READER}::test_a_page_over_the_limit_is_refused_before_it_is_parsed"),
    Mutant("any answer is this page's", f"{ARTICLE}/process/reader.py", "if answer.pop(\"id\", None) != number:", "if answer.pop(\"id\", None) is None:", f"{ISOLATION}::test_finding_2_a_frame_with_another_number_ends_the_process"),
    Mutant("a process goes on whatever went wrong", f"{ARTICLE}/process/reader.py", "if not sound or ", "if ", f"{ISOLATION}::test_finding_2_whatever_goes_wrong_the_next_page_gets_its_own_answer"),
    Mutant("a process for ever", f"{ARTICLE}/process/reader.py", " or self._pages >= self._limits.pages", "", f"{ISOLATION}::test_the_process_is_recycled_after_so_many_pages"),
    Mutant("a process that ran out of memory goes on", f"{ARTICLE}/process/reader.py", "sound = answer.get(\"error\") != \"memory\"", "sound = True", f"{ISOLATION}::test_case_35_memory_that_runs_out_ends_the_page_and_nothing_else"),
    Mutant("what was stopped is read", f"{ARTICLE}/process/reader.py", "if stopped():", "if False:", f"{ISOLATION}::test_a_read_that_is_stopped_before_it_begins_does_nothing"),
    Mutant("a cancel that comes too late", f"{ARTICLE}/process/reader.py", "if only is not None and not (", "if False and not (", f"{ISOLATION}::test_a_cancel_that_comes_too_late_costs_no_process"),
    Mutant("a cancel that comes too early", f"{ARTICLE}/process/reader.py", "if self._killed:  # cancelled", "if False:  # cancelled", f"{ISOLATION}::test_a_cancel_while_the_process_starts_is_heard"),
    Mutant("a closed reader reads", f"{ARTICLE}/process/reader.py", "if self._closed:", "if False:", f"{ISOLATION}::test_a_reader_that_is_closed_while_it_reads_stays_closed"),
    Mutant("a traceback on standard error", f"{ARTICLE}/process/reader.py", "stderr=subprocess.DEVNULL,", "stderr=None,", f"{ISOLATION}::test_nothing_of_the_reading_process_is_on_standard_error"),
    Mutant("code from the current folder", f"{ARTICLE}/process/reader.py", "sys.executable, \"-P\", ", "sys.executable, ", f"{ISOLATION}::test_the_reading_process_takes_no_code_from_the_current_folder"),
    Mutant("no confinement", f"{ARTICLE}/process/worker.py", "held = confine.confine(memory)", "held = ()", f"{ISOLATION}::test_the_reading_process_is_confined_says_so_and_nothing_else"),
    Mutant("a library prints into the answers", f"{ARTICLE}/process/worker.py", "    os.dup2(devnull, 1)", "    pass", f"{ISOLATION}::test_the_reading_process_is_confined_says_so_and_nothing_else"),
    Mutant("the processor's time without bound", f"{ARTICLE}/process/worker.py", "confine.limit_time(seconds)", "pass", f"{ISOLATION}::test_case_35_a_page_may_compute_for_so_long_whoever_looks_after_it"),
    Mutant("orphans", f"{ARTICLE}/process/worker.py", "with confine.ends_with(sink.fileno()):", "if True:", f"{ISOLATION}::test_a_reading_process_ends_with_a_parent_that_was_killed_in_the_middle_of_its_page"),
    Mutant("memory without bound", f"{ARTICLE}/process/confine.py", "resource.setrlimit(resource.RLIMIT_AS, (most, most))", "pass", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("descriptors without bound", f"{ARTICLE}/process/confine.py", "resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))", "pass", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("bytes into files", f"{ARTICLE}/process/confine.py", "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))", "pass", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("core dumps", f"{ARTICLE}/process/confine.py", "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))", "pass", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("others look into its memory", f"{ARTICLE}/process/confine.py", "_libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)", "pass", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("files", f"{ARTICLE}/process/confine.py", "held += [\"files\"] if _only_read(libc) else []", "pass", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("Python's files can be changed", f"{ARTICLE}/process/confine.py", "_READ = 0b1101", "_READ = 0b1111", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("any call", f"{ARTICLE}/process/confine.py", "held += [\"network\"] if _refuse_calls(libc) else []", "pass", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("sockets", f"{ARTICLE}/process/confine.py", "(41, 42, ", "(42, ", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("pairs of sockets", f"{ARTICLE}/process/confine.py", "(41, 42, 53, ", "(41, 42, ", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("other processes", f"{ARTICLE}/process/confine.py", "56, 57, 58, ", "", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("signals", f"{ARTICLE}/process/confine.py", " 59, 62, ", " 59, ", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("the other table of calls", f"{ARTICLE}/process/confine.py", "(_AT_LEAST, len(numbers) + 1, 0, _X32)", "(_AT_LEAST, 0, 0, _X32)", f"{ISOLATION}::test_the_process_has_no_network_no_files_and_no_other_process"),
    Mutant("a frame of any length", f"{ARTICLE}/process/messages.py", "if length > MOST_BYTES:", "if False:", f"{ISOLATION}::test_a_frame_that_says_it_is_huge_is_not_read"),
    Mutant("what is no frame", f"{ARTICLE}/process/messages.py", "if not isinstance(message, dict):", "if False:", f"{ISOLATION}::test_what_is_no_frame_ends_the_conversation"),
    Mutant("labels of any length", f"{ARTICLE}/process/messages.py", "harmless(text)[:MOST_LABEL]", "harmless(text)", f"{ISOLATION}::test_what_is_told_of_an_article_is_bounded_and_harmless"),
    Mutant("text that turns", f"{ARTICLE}/process/messages.py", "text=harmless(block.text)", "text=block.text", f"{ISOLATION}::test_titles_are_bounded_and_text_is_made_harmless"),
    Mutant("memory that ran out is an empty page", f"{ARTICLE}/document/tree.py", "== etree.ErrorTypes.ERR_NO_MEMORY", "== -1", f"{ISOLATION}::test_case_35_memory_that_runs_out_ends_the_page_and_nothing_else"),
    Mutant("sentences of any length", f"{ARTICLE}/sentences/splitting.py", "while end - start > LONGEST:", "while False:", f"{GROWTH}::test_finding_4_no_sentence_is_longer_than_the_bound_and_none_is_lost"),
    Mutant("a queue without end", "daemon/notime/service/queue.py", "if len(self._jobs) <= self._most + (0 if known else SPARE):", "if True:", f"{QUEUE}::test_who_has_nothing_in_a_full_queue_finds_a_place"),
    Mutant("one client fills the queue", "daemon/notime/service/queue.py", "(0 if known else SPARE)", "SPARE", f"{QUEUE}::test_who_has_nothing_in_a_full_queue_finds_a_place"),
    Mutant("work that nobody waits for", "daemon/notime/service/queue.py", "if not self._listeners and self.task is not None:", "if False:", f"{QUEUE}::test_what_nobody_waits_for_any_more_stops"),
    Mutant("answers kept without end", "daemon/notime/service/cache.py", " or self._size > MOST_BYTES", "", f"{CACHE}::test_finding_11_answers_are_kept_up_to_so_many_bytes"),
    Mutant("titles of any length", "daemon/notime/service/request.py", "len(self.title) > MOST_TITLE", "False", f"{SHAPES}::test_finding_11_titles_are_cut_and_addresses_that_are_pages_are_none"),
    Mutant("addresses that are pages", "daemon/notime/service/request.py", "len(self.url) > MOST_ADDRESS", "False", f"{SHAPES}::test_finding_11_titles_are_cut_and_addresses_that_are_pages_are_none"),
    Mutant("prompts of any length", "daemon/notime/summary/rewrite.py", "while (tokens := count(text)) > most:", "while (tokens := count(text)) < 0:", f"{REWRITE}::test_noise_costs_no_more_than_prose"),
)  # fmt: skip
