"""Lays out the pages of the site as the generator wants them: stage.py PAGES CONFIG

A copy of the repository's Markdown in the same folders, so that relative links need no change, with every file that a page links to
beside it; a folder that a page links to gets a page that lists what is in it. The order of the navigation is written into CONFIG.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
BLOCK = re.compile(r"^(?:[-*] |\d+\. |\|)")

# What is read first stands first. A pattern takes what no earlier one has taken; a list in a list is a section below.
ORDER = [
    ("Start", ["README.md", "docs/install.md", "docs/operations/install.md", "docs/architecture.md"]),
    ("Learn", ["docs/learn/README.md", "docs/learn/*.md"]),
    (
        "Traffic",
        ["docs/routing.md", "docs/balancing.md", "docs/discovery.md", "docs/forwarding.md", "docs/tcp.md", "docs/tls.md",
         "docs/http1.md", "docs/http2.md", "docs/http2-endpoints.md", "docs/compression.md", "docs/shutdown.md"],
    ),
    ("On Kubernetes", ["docs/operator.md", "docs/reload.md", "docs/rollouts.md", "docs/autoscaling.md", "docs/kubectl.md"]),
    (
        "Operations",
        ["docs/operations/README.md", "docs/operations/sizing.md", "docs/operations/network.md", "docs/operations/aws.md",
         "docs/operations/google-cloud.md", "docs/operations/swarm.md", "docs/operations/upgrade.md",
         "docs/operations/monitoring.md", "docs/page.md", "docs/operations/troubleshooting.md", "docs/operations/alerts.md",
         "docs/operations/*.md", "docs/operations/alerts/*.md", "docs/performance.md"],
    ),
    ("Migrating", ["docs/migrating/README.md", "docs/migrating/*.md"]),
    ("Reference", ["docs/reference/configuration.md", "docs/reference/resource.md", "docs/reference/*.md", "docs/metrics.md"]),
    ("Decisions", ["docs/adr/README.md", "docs/adr/*.md"]),
    ("Project", ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md", "docs/**/*.md", "image/README.md", "bench/README.md"]),
]


def main(pages: Path, config: Path) -> None:
    shutil.rmtree(pages, ignore_errors=True)
    tracked = set(git("ls-files", "--cached", "--others", "--exclude-standard"))
    todo = [name for _, patterns in ORDER for pattern in patterns for name in matching(tracked, pattern)]
    done = set()
    while todo:
        name = todo.pop()
        if name in done:
            continue
        done.add(name)
        todo += bring(name, tracked, pages)
    shutil.copytree(ROOT / "site" / "theme", pages / "site")
    settings = (ROOT / "site" / "zensical.toml").read_text()
    config.write_text(settings.replace("[project]\n", "[project]\nnav = " + json.dumps(navigation(tracked)).replace('": ', '" = ') + "\n", 1))


def navigation(tracked: set[str]) -> list:
    taken, nav = set(), []
    for title, patterns in ORDER:
        names = []
        for pattern in patterns:
            names += [name for name in matching(tracked, pattern) if name not in taken and not taken.add(name)]
        if names:
            nav.append({title: [{heading(name): name} for name in names]})
    return nav


def matching(tracked: set[str], pattern: str) -> list[str]:
    return sorted(name for name in tracked if (ROOT / name).is_file() and re.fullmatch(regex(pattern), name))


def regex(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")


def heading(name: str) -> str:
    """The first heading without its marks; of a decision, its number stays."""
    found = re.search(r"^# (.+)$", (ROOT / name).read_text(), re.M)
    return re.sub(r"[`*]", "", found.group(1)) if found else name


def bring(name: str, tracked: set[str], pages: Path) -> list[str]:
    """Copies one file or folder, and returns what it links to."""
    source, target = ROOT / name, pages / name
    if source.is_dir():
        if f"{name}/README.md" in tracked:
            return [f"{name}/README.md"]
        inside = sorted(file for file in tracked if file.startswith(name + "/") and (ROOT / file).is_file())
        target.mkdir(parents=True, exist_ok=True)
        rows = "".join(f"- [{file[len(name) + 1:]}]({file[len(name) + 1:]})\n" for file in inside)
        (target / "README.md").write_text(f"# {name}\n\n{rows}")
        return inside
    target.parent.mkdir(parents=True, exist_ok=True)
    if not name.endswith(".md"):
        shutil.copyfile(source, target)
        return []
    text = source.read_text()
    target.write_text(blocks_apart(text))
    linked = []
    for link in LINK.findall(text):
        path = link.split("#")[0]
        if path and not re.match(r"[a-z][a-z0-9+.-]*:", path):
            linked.append(str((source.parent / path).resolve().relative_to(ROOT)))
    return linked


def blocks_apart(text: str) -> str:
    """GitHub begins a list or a table right after a paragraph; the generator wants an empty line before it."""
    lines, fence, before = [], None, ""
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if fence:
            fence = None if mark and mark.group(1).startswith(fence) else fence
        else:
            if mark:
                fence = mark.group(1)
            begins = BLOCK.match(line) and before.strip() and not BLOCK.match(before) and not before.startswith((" ", "#"))
            if begins:
                lines.append("")
        lines.append(line)
        before = line
    return "\n".join(lines)


def git(*arguments: str) -> list[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
