#!/usr/bin/env python3
"""Times titles beside HiGHS, an exact solver (PyPI: highspy), on the same tables in one run.

    tests/bench/titles.py [FOLDER] [--skip-highs] [--limit SECONDS]

FOLDER has tables as described in ../shared/data/README.md, which is where it looks by itself. Without highspy only our own
times are shown. The two must find the same value; the command fails when they do not.
"""
import argparse
import pathlib
import subprocess
import sys
import time

root = pathlib.Path(__file__).resolve().parents[2]
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("folder", nargs="?", default=str(root / "../shared/data/keywords"))
arguments.add_argument("--skip-highs", action="store_true")
arguments.add_argument("--limit", type=float, default=300, help="seconds that HiGHS may take for one table")
options = arguments.parse_args()

try:
    import highspy
except ImportError:
    highspy = None


def read(name):
    lines = (pathlib.Path(options.folder) / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    count = int(lines[0].split()[0])
    costs = [int(line.split("\t")[1]) for line in lines[1 : count + 1]]
    keywords = [(float(cells[0]), sorted({int(cell) for cell in cells[1:]})) for cells in (line.split("\t") for line in lines[count + 1 :])]
    return costs, keywords


def solve(name, limit):
    """max sum of v_k y_k, y_k <= x_t for each token t of k, sum of c_t x_t <= limit."""
    costs, keywords = read(name)
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("time_limit", options.limit)
    model.changeObjectiveSense(highspy.ObjSense.kMaximize)
    for nth in range(len(costs)):
        model.addVar(0, 1)
        model.changeColIntegrality(nth, highspy.HighsVarType.kInteger)
    infinity = highspy.kHighsInf
    model.addRow(-infinity, limit, len(costs), list(range(len(costs))), costs)
    for nth, (value, tokens) in enumerate(keywords):
        column = len(costs) + nth
        model.addVar(0, 1)
        model.changeColCost(column, value)
        for token in tokens:
            model.addRow(-infinity, 0, 2, [column, token], [1.0, -1.0])
    start = time.process_time()
    model.run()
    took = time.process_time() - start
    return model.getInfo().objective_function_value, took, model.getModelStatus() == highspy.HighsModelStatus.kOptimal


command = ["cargo", "bench", "--quiet", "--bench", "titles", "--", str(pathlib.Path(options.folder).resolve())]
rows = [line.split("\t") for line in subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.splitlines()]
print("| table | limit | keywords | best value | proven | parts | ms (median of 9) | HiGHS ms | ratio |")
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
wrong = 0
for name, limit, _, keywords, value, bound, parts, ms in rows:
    other, ratio = "", ""
    if highspy and not options.skip_highs:
        best, seconds, optimal = solve(name, int(limit))
        other = f"{seconds * 1e3:.0f}" + ("" if optimal else " (stopped)")
        ratio = f"{seconds * 1e3 / float(ms):.0f}"
        if optimal and abs(best - float(value)) > 0.11:
            wrong += 1
            other += f" but {best:.1f}"
    print(f"| {name} | {limit} | {keywords} | {value} | {'yes' if value == bound else 'gap'} | {parts} | {ms} | {other} | {ratio} |", flush=True)
if highspy is None:
    print("highspy is not installed (pip install highspy): only our own times.", file=sys.stderr)
sys.exit(1 if wrong else 0)
