"""Looks at the site that was built: check.py SITE

Every link of a page leads to a file, and to an anchor that is there; nothing is loaded from elsewhere.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    def __init__(self, path: Path):
        super().__init__()
        self.links, self.loads, self.anchors = [], [], set()
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attributes: list) -> None:
        given = dict(attributes)
        self.anchors.update(filter(None, (given.get("id"), given.get("name"))))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        loaded = given.get(LOADS.get(tag, ""))
        if loaded and given.get("rel") not in ("canonical", "prev", "next", "alternate"):
            self.loads.append(loaded)


def main(site: Path) -> int:
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    wrong = []
    for path, page in pages.items():
        where = path.relative_to(site)
        for link in page.loads + page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.loads and parts.scheme != "data":
                    wrong.append(f"{where}: loads {link} from elsewhere")
                continue
            if where.name == "404.html":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                wrong.append(f"{where}: {link} leads nowhere")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors | {"__skip"}:
                wrong.append(f"{where}: {link} names no anchor of {target.relative_to(site)}")
    print("\n".join(sorted(set(wrong))) or f"{site}: {len(pages)} pages, every link and anchor is there")
    return 1 if wrong or len(pages) < 40 else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
