"""Prints the software bill of materials: all crates that are built into the programs, on
any system, as CycloneDX 1.5. What it says is in Cargo.lock and the crates' manifests.

    sbom.py VERSION
"""

import json
import os
import subprocess
import sys
import tomllib
import uuid
from datetime import datetime, timezone


def main(version):
    metadata = json.loads(
        subprocess.check_output(["cargo", "metadata", "--locked", "--features", "tray", "--format-version", "1"])
    )
    with open("Cargo.lock", "rb") as file:
        locked = tomllib.load(file)["package"]
    checksums = {(one["name"], one["version"]): one.get("checksum") for one in locked}
    packages = {one["id"]: one for one in metadata["packages"]}
    root = metadata["resolve"]["root"]
    depends = {
        node["id"]: sorted(
            dependency["pkg"]
            for dependency in node["deps"]
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])
        )
        for node in metadata["resolve"]["nodes"]
    }
    built, new = set(), [root]
    while new:
        one = new.pop()
        if one not in built:
            built.add(one)
            new.extend(depends[one])

    def reference(identity):
        package = packages[identity]
        return f"pkg:cargo/{package['name']}@{package['version']}"

    def component(identity, kind):
        package = packages[identity]
        described = {
            "type": kind,
            "bom-ref": reference(identity),
            "name": package["name"],
            "version": package["version"],
            "purl": reference(identity),
        }
        if package.get("license"):
            # "MIT/Apache-2.0" is how old manifests write "or".
            described["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        checksum = checksums.get((package["name"], package["version"]))
        if checksum:
            described["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        return described

    others = sorted(built - {root}, key=reference)
    made = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc)
    with open("Cargo.lock", "rb") as file:
        serial = uuid.uuid5(uuid.NAMESPACE_OID, version + file.read().hex())
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": component(root, "application"),
        },
        "components": [component(one, "library") for one in others],
        "dependencies": [
            {"ref": reference(one), "dependsOn": sorted({reference(to) for to in depends[one]})}
            for one in sorted(built, key=reference)
        ],
    }
    json.dump(document, sys.stdout, indent=1, sort_keys=True)
    print()


main(sys.argv[1])
