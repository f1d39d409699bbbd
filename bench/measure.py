"""Whole processes, timed in turn: A B C A B C ..., so that a machine whose speed drifts treats all alike."""

import os
import statistics
import time

NULL = os.open(os.devnull, os.O_RDWR)


def run_once(command, environment=None):
    """Milliseconds from the start of a command to its end. A command that fails is an error."""
    actions = [(os.POSIX_SPAWN_DUP2, NULL, 0), (os.POSIX_SPAWN_DUP2, NULL, 1), (os.POSIX_SPAWN_DUP2, NULL, 2)]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, environment or os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    elapsed = (time.perf_counter() - start) * 1000
    if status != 0:
        raise RuntimeError(f"{' '.join(command)}: wait status {status}")
    return elapsed, usage.ru_maxrss


def in_turn(commands, rounds, warm_up=3):
    """Times a dict of name -> command. A value (command, n) is run every n-th round only: for slow peers.

    Gives name -> (median ms, minimum ms, runs, peak resident kB)."""
    times = {name: [] for name in commands}
    peaks = {name: 0 for name in commands}
    for number in range(-warm_up, rounds):
        for name, command in commands.items():
            command, every = command if isinstance(command, tuple) else (command, 1)
            if number % every:
                continue
            elapsed, peak = run_once(command)
            if every > 1:
                # The kernel goes on cleaning up after such a peer for a while: not on the account of the next in turn.
                time.sleep(0.5)
            if number >= 0:
                times[name].append(elapsed)
                peaks[name] = max(peaks[name], peak)
    return summaries(times, peaks)


def once_each(commands):
    """Times a dict of name -> commands of which each can run once only; in turn. As `in_turn` gives it."""
    times = {name: [] for name in commands}
    for number in range(max(map(len, commands.values()))):
        for name, row in commands.items():
            if number < len(row):
                times[name].append(run_once(row[number])[0])
    return summaries(times)


def summaries(times, peaks=None):
    return {
        name: (statistics.median(values), min(values), len(values), (peaks or {}).get(name, 0))
        for name, values in times.items()
    }


def table(title, results, reference):
    """Prints the results as Markdown, each with its ratio to `reference`."""
    base = results[reference][0]
    print(f"\n### {title}\n")
    print(f"| | median ms | min ms | runs | {reference} : this |\n|---|---|---|---|---|")
    for name, (median, least, runs, _) in results.items():
        print(f"| {name} | {median:.2f} | {least:.2f} | {runs} | {base / median:.2f} |")
