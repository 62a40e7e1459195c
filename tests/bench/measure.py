"""One timed run of a command: CPU seconds of it and its children, and its peak memory."""
import os
import subprocess


def run(command, folder):
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out = process.stdout.read() + process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} exited {process.returncode}: {out.decode(errors='replace')[-2000:]}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "rss_mb": usage.ru_maxrss / 1024, "out": out.decode(errors="replace")}


def three(values):
    values = sorted(values)
    return [round(values[0], 3), round(values[len(values) // 2], 3), round(values[-1], 3)]
