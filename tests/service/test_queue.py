"""The queue and its turns, by themselves: the work is a fake that waits at several points, as the real one does."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notime.errors import Busy, Cancelled, ModelUnavailable
from notime.service.queue import LONGEST_WAIT, SPARE, JobQueue
from notime.service.threads import Stop, in_thread
from notime.service.turns import Turns

STEPS = 4


class Bench:
    """A queue whose jobs take two turns, with an await before, in and after each."""

    def __init__(self, most: int = 8) -> None:
        self.states: list[bool] = []
        self.queue = JobQueue(most, self.states.append)
        self.turns = (Turns(), Turns())
        self.begun = 0
        self.running = 0
        self.open = asyncio.Event()
        self.open.set()

    async def work(self, client: str, publish: Any, *, fails: bool = False) -> str:
        self.begun += 1
        for turns in self.turns:
            async with turns.turn(client):
                self.running += 1
                try:
                    for step in range(STEPS):
                        publish(step)
                        await asyncio.sleep(0)
                        await self.open.wait()
                    if fails:
                        raise ModelUnavailable("no")
                finally:
                    self.running -= 1
        return "done"

    async def ask(self, key: str, client: str = "a", *, fails: bool = False) -> list[Any]:
        async def work(publish: Any) -> str:
            return await self.work(client, publish, fails=fails)

        with self.queue.ask(key, client, work) as events:
            return [event async for event in events]

    async def settle(self) -> None:
        """More steps than any job has awaits."""
        for _ in range(100):
            await asyncio.sleep(0)

    def assert_empty(self) -> None:
        assert (len(self.queue), self.running) == (0, 0)
        assert self.states[-1:] in ([], [False])
        for turns in self.turns:
            assert (turns._taken, turns._waiting) == (False, {})


async def test_everybody_who_asks_for_the_same_hears_all_of_one_computation():
    bench = Bench()
    first = asyncio.create_task(bench.ask("page"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    heard = await asyncio.gather(first, *(bench.ask("page", client) for client in "abc"))
    assert heard == [[*range(STEPS), *range(STEPS), "done"]] * 4
    assert bench.begun == 1
    bench.assert_empty()


async def test_one_who_leaves_does_not_stop_what_others_wait_for():
    bench = Bench()
    first, second = asyncio.create_task(bench.ask("page")), asyncio.create_task(bench.ask("page"))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second)[-1] == "done"
    bench.assert_empty()


async def test_what_nobody_waits_for_any_more_stops():
    bench = Bench()
    bench.open.clear()  # it would go on for ever
    only = asyncio.create_task(bench.ask("page"))
    await bench.settle()
    assert bench.running == 1
    only.cancel()
    await bench.settle()
    bench.assert_empty()


async def test_a_failure_is_told_to_all_and_frees_the_place():
    bench = Bench()
    found = await asyncio.gather(*(bench.ask("page", fails=True) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in found] == [ModelUnavailable] * 3
    await bench.settle()
    bench.assert_empty()


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("others", [0, 3])
async def test_finding_3_a_cancellation_at_any_await_leaves_nothing(others: int, fails: bool):
    """Until the request ends by itself it is cancelled once after each step of the loop, and once more beside it."""
    for steps in range(100):
        bench = Bench()
        tasks = [asyncio.create_task(bench.ask(f"other {number}", "b")) for number in range(others)]
        request = asyncio.create_task(bench.ask("page", fails=fails))
        for _ in range(steps):
            await asyncio.sleep(0)
        ended = request.done()
        request.cancel()
        await asyncio.sleep(0)
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
        assert all(found[-1] == "done" for found in await asyncio.gather(*tasks))
        await bench.settle()
        bench.assert_empty()
        if ended:
            return
    raise AssertionError("never ended by itself")


async def test_finding_3_ten_thousand_random_cancellations_leave_the_queue_empty():
    chance, bench = random.Random(13), Bench(most=8)
    cancelled = refused = 0
    tasks: list[asyncio.Task[list[Any]]] = []
    while cancelled < 10_000:
        page, client = f"page {chance.randrange(12)}", chance.choice("abcd")
        tasks.append(asyncio.create_task(bench.ask(page, client, fails=chance.random() < 0.3)))
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
        tasks = [task for task in tasks if not task.done()]
        if tasks and chance.random() < 0.9:
            task = tasks.pop(chance.randrange(len(tasks)))
            cancelled += task.cancel()
            refused += isinstance((await asyncio.gather(task, return_exceptions=True))[0], Busy)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await bench.settle()
    bench.assert_empty()
    assert refused < cancelled
    assert (await bench.ask("page"))[-1] == "done"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 30)), min_size=1, max_size=9))
def test_finding_3_any_mix_of_requests_and_cancellations_leaves_nothing(plan: list[tuple[str, int]]):
    async def run() -> None:
        bench = Bench()
        tasks = [asyncio.create_task(bench.ask(f"{client}{place}", client)) for place, (client, _) in enumerate(plan)]
        for step in range(31):
            for task, (_, when) in zip(tasks, plan, strict=True):
                if when == step:
                    task.cancel()
            await asyncio.sleep(0)
        await asyncio.gather(*tasks, return_exceptions=True)
        await bench.settle()
        bench.assert_empty()

    asyncio.run(run())


async def test_clients_take_turns():
    bench, order = Bench(most=20), []

    async def ask(client: str, number: int) -> None:
        await bench.ask(f"{client}{number}", client)
        order.append(client)

    await asyncio.gather(*(ask("greedy", number) for number in range(6)), *(ask("b", number) for number in range(2)))
    assert order.index("b") <= 2
    assert order[:5].count("b") == 2


async def test_who_has_nothing_in_a_full_queue_finds_a_place():
    bench = Bench(most=2)
    bench.open.clear()
    greedy = [asyncio.create_task(bench.ask(f"{number}", "greedy")) for number in range(30)]
    await asyncio.sleep(0)
    assert len(bench.queue) == 3
    others = [asyncio.create_task(bench.ask(client, client)) for client in "abcdefgh"]
    await asyncio.sleep(0)
    assert len(bench.queue) == 3 + SPARE
    bench.open.set()
    found = await asyncio.gather(*greedy, *others, return_exceptions=True)
    assert [type(each) for each in found[3:30]] == [Busy] * 27
    assert [each[-1] for each in found[30:34] if isinstance(each, list)] == ["done"] * 4
    await bench.settle()
    bench.assert_empty()


async def test_case_17_retry_after_holds(monkeypatch: pytest.MonkeyPatch):
    """By a clock of our own: jobs take 3 s; who was sent away comes when it was told to, and is let in."""
    loop, now, bench = asyncio.get_running_loop(), [1000.0], Bench(most=3)
    monkeypatch.setattr(loop, "time", lambda: now[0])
    for number in range(30):  # so long that the queue knows how long a job takes
        task = asyncio.create_task(bench.ask(f"first {number}"))
        await asyncio.sleep(0)
        now[0] += 3.0
        await task
        await asyncio.sleep(0)
    bench.open.clear()
    waiting = [asyncio.create_task(bench.ask(f"waits {number}")) for number in range(4)]
    await asyncio.sleep(0)
    told = []
    for number in range(3):
        with pytest.raises(Busy) as busy:
            await bench.ask(f"late {number}")
        told.append(busy.value.retry_after)
    assert told[0] in {3, 4}
    assert told == sorted(told)
    bench.open.set()
    for seconds, before in zip(told, [0, *told], strict=False):
        now[0] += seconds - before
        await waiting.pop(0)
        await asyncio.sleep(0)
        bench.open.clear()
        waiting.append(asyncio.create_task(bench.ask(f"came at {seconds}")))
        await asyncio.sleep(0)
        assert not waiting[-1].done()
        bench.open.set()
    await asyncio.gather(*waiting)


async def test_retry_after_knows_how_long_the_running_job_has_taken(monkeypatch: pytest.MonkeyPatch):
    loop, now, bench = asyncio.get_running_loop(), [1000.0], Bench(most=0)
    monkeypatch.setattr(loop, "time", lambda: now[0])
    bench.open.clear()
    task = asyncio.create_task(bench.ask("long"))
    await asyncio.sleep(0)
    now[0] += 30.0
    others = [asyncio.create_task(bench.ask(f"late {number}")) for number in range(5)]
    await asyncio.sleep(0)
    busy = others.pop().exception()
    assert isinstance(busy, Busy)
    assert busy.retry_after >= 30
    bench.open.set()
    await asyncio.gather(task, *others, return_exceptions=True)


async def test_retry_after_is_never_longer_than_the_queue_nor_than_can_be_asked():
    bench = Bench(most=1)
    bench.open.clear()
    tasks = [asyncio.create_task(bench.ask(f"{number}")) for number in range(200)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    busy = [task.exception() for task in tasks if task.done()]
    assert len(busy) == 198
    assert all(isinstance(each, Busy) and 1 <= each.retry_after <= min(LONGEST_WAIT, 10) for each in busy)
    bench.open.set()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_interrupting_tells_everybody_and_frees_all():
    bench = Bench()
    bench.open.clear()
    tasks = [asyncio.create_task(bench.ask(f"{number}")) for number in range(5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    bench.queue.interrupt(ModelUnavailable("stops"))
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in found] == [ModelUnavailable] * 5
    bench.open.set()
    with pytest.raises(ModelUnavailable, match="stops"):
        await bench.ask("late")
    await bench.settle()
    bench.assert_empty()


async def test_closing_leaves_nobody_waiting():
    bench = Bench()
    bench.open.clear()
    tasks = [asyncio.create_task(bench.ask(f"{number}")) for number in range(5)]
    await asyncio.sleep(0)
    await bench.queue.close()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in found] == [Cancelled] * 5
    bench.assert_empty()


async def test_a_thread_is_waited_for_whatever_is_cancelled():
    began, may_end, stop = Event(), Event(), Stop()
    with ThreadPoolExecutor(1) as pool:

        def work() -> None:
            began.set()
            may_end.wait()
            stop.check()

        task = asyncio.create_task(in_thread(pool, work, stop.set))
        await asyncio.to_thread(began.wait)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not task.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert stop.is_set()
        never = asyncio.create_task(in_thread(pool, may_end.wait, stop.set))
        never.cancel()
        with pytest.raises(asyncio.CancelledError):
            await never
