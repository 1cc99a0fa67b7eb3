"""Lets the search of a site that was opened from the disk work without a network: offline.py SITE

Browsers start no worker from a file: address. The theme fetches a way around that from elsewhere; here the program of the worker lies in a
script beside it, out of which the page itself makes the worker.
"""

import json
import os
import sys
from pathlib import Path

ELSEWHERE = '<script src="https://unpkg.com/iframe-worker/shim" type="text/javascript"></script>'
SHIM = """{
  const program = URL.createObjectURL(new Blob([%s], {type: "text/javascript"}));
  const Started = Worker;
  window.Worker = class extends Started {
    constructor() {
      super(program);
    }
  };
}
"""


def main(site: Path) -> None:
    (worker,) = site.glob("assets/javascripts/workers/search.*.js")
    (site / "site" / "offline.js").write_text(SHIM % json.dumps(worker.read_text()))
    for page in site.rglob("*.html"):
        text = page.read_text()
        if ELSEWHERE not in text:
            raise SystemExit(f"{page}: the theme has changed: where does it fetch the way around from?")
        shim = os.path.relpath(site / "site" / "offline.js", page.parent)
        ours = f"""<script>location.protocol === "file:" && document.write('<script src="{shim}"><\\/script>')</script>"""
        page.write_text(text.replace(ELSEWHERE, ours))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
