"""Small git repositories for tests: the same commits, and so the same hashes, on every machine and every day."""

import os
import subprocess
from pathlib import Path

AUTHOR = {"GIT_AUTHOR_NAME": "沈青", "GIT_AUTHOR_EMAIL": "shen@example.com"}
NO_SETTINGS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


class Repository:
    """A repository in a folder; each commit is made on a day of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, day: str = "2026-09-01") -> str:
        """Run git here and give what it prints."""
        stamp = f"{day}T12:00:00+08:00"
        dates = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
        committer = {"GIT_COMMITTER_NAME": "hr", "GIT_COMMITTER_EMAIL": "hr@example.com"}
        own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment = {**own, **NO_SETTINGS, **AUTHOR, **committer, **dates}
        done = subprocess.run(
            ("git", *arguments), cwd=self.folder, env=environment, capture_output=True, check=True, encoding="utf-8"
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Put a text into a file, its folders made as needed."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")

    def commit(self, subject: str, day: str = "2026-09-01") -> str:
        """Commit everything that there is; gives the hash."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", subject, day=day)
        return self.git("rev-parse", "HEAD")
