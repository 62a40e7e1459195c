"""Builds again after the body of one product changed: CPU seconds, memory, and what was made anew.
usage: edit.py SHANGJIA SITE RUNS"""
import json
import re
import sys
import time
from pathlib import Path

from measure import run, three

shangjia, site, runs = sys.argv[1], Path(sys.argv[2]).resolve(), int(sys.argv[3])
product = site / "content/products/cat-00/p000000.md"
run([shangjia, "build", "--quiet"], site)
rows = []
for nth in range(runs):
    text = product.read_text(encoding="utf-8")
    product.write_text(re.sub(r"bodymark\w+", f"bodymark{int(time.time() * 1000)}x{nth}", text), encoding="utf-8")
    rows.append(run([shangjia, "build", "--verbose"], site))
made = [re.findall(r"^made (\S+)", row["out"], re.M) for row in rows]
if any(one != ["site/cat-00/p000000/index.html"] for one in made):
    raise SystemExit(f"made anew: {made}")
print(json.dumps({"peer": "shangjia", "site": site.name, "what": "body of one product", "runs": runs, "made": made[-1],
                  "cpu": three([row["cpu"] for row in rows]), "rss_mb": three([row["rss_mb"] for row in rows])}))
