"""``make audit``: known vulnerabilities of the requirements.

The requirements are pinned with hashes, so nothing is resolved or installed.
"""

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

REQUIREMENTS = Path("requirements.txt")
DATA = "https://api.osv.dev/v1/query"
QUESTION = b'{"version": "2.4.1", "package": {"name": "jinja2", "ecosystem": "PyPI"}}'
PATIENCE = 10  # seconds to wait for the vulnerability data


def is_answered(data: str) -> bool:
    """Whether the vulnerability service is reachable, and answers in its own format."""
    question = Request(data, QUESTION, {"Content-Type": "application/json"})  # noqa: S310 (a constant URL)
    try:
        with urlopen(question, timeout=PATIENCE) as answer:  # noqa: S310 (a constant URL)
            json.load(answer)
    except (OSError, ValueError):
        return False
    return True


def audit(requirements: Path, data: str) -> int:
    """Prints the known vulnerabilities of pinned requirements.

    Returns:
        0 if there are none, or if the service is unreachable, which is reported.
    """
    if not is_answered(data):
        print(f"audit skipped: the vulnerability data can't be reached ({data})")
        return 0
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip"]
    command += ["--progress-spinner=off", "--vulnerability-service=osv", f"--osv-url={data}"]
    return subprocess.run([*command, f"--requirement={requirements}"], check=False).returncode


if __name__ == "__main__":
    sys.exit(audit(REQUIREMENTS, DATA))
