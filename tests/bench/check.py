"""Checks a shop of which nothing is kept: CPU seconds and memory.
usage: check.py SHANGJIA SITE RUNS"""
import json
import shutil
import sys
from pathlib import Path

from measure import run, three

shangjia, site, runs = sys.argv[1], Path(sys.argv[2]).resolve(), int(sys.argv[3])
shutil.rmtree(site / "output", ignore_errors=True)
rows = [run([shangjia, "check", "--format", "short"], site) for _ in range(runs)]
print(json.dumps({"peer": "shangjia", "site": site.name, "what": "check", "runs": runs, "last line": rows[-1]["out"].splitlines()[-1:],
                  "cpu": three([row["cpu"] for row in rows]), "rss_mb": three([row["rss_mb"] for row in rows])}))
