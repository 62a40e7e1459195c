"""How soon a preview answers: from the start of `serve` to the first page, with nothing kept and with all kept.
usage: preview.py SHANGJIA SITE PATH RUNS"""
import http.client
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from measure import three

shangjia, site, path, runs = sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3], int(sys.argv[4])


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def once():
    began = time.monotonic()
    server = subprocess.Popen([shangjia, "serve", "--port", "0"], cwd=site, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    port = int(server.stdout.readline().strip().rstrip("/").rsplit(":", 1)[1])
    while get(port, path)[0] != 200:
        time.sleep(0.003)
    first = time.monotonic() - began
    while json.loads(get(port, "/_/api/state")[1])["building"]:
        time.sleep(0.1)
    status = Path(f"/proc/{server.pid}/status").read_text()
    memory = int(status.split("VmHWM:")[1].split()[0]) // 1024

    def cpu():
        fields = Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    before = cpu()
    time.sleep(5)
    idle = cpu() - before
    server.terminate()
    server.wait()
    return first, memory, idle


shutil.rmtree(site / "output", ignore_errors=True)
cold = once()
warm = [once() for _ in range(runs)]
print(json.dumps({"peer": "shangjia", "site": site.name, "what": "first page", "runs": runs,
                  "cold_s": round(cold[0], 3), "warm_s": three([one[0] for one in warm]),
                  "rss_mb": three([one[1] for one in warm]), "idle_ticks_in_5_s": three([one[2] for one in warm])}))
