"""Whether the manifests in DIST name what is in DIST, and can be read.

    manifests.py DIST TARGET…

Writes the steps of the workflow to DIST/steps, for shellcheck.
"""

import json
import os
import re
import sys
import tarfile
import tomllib
import zipfile

ADDRESS = re.compile(r"https://[^\s\"']+/releases/(?:latest/)?download/[^\s\"']+")
PROGRAMS = ["tokenpass", "tokenpass-tray"]
# Of winget's schemas 1.6.0: what a manifest must have, and what ours has besides.
SHARED = ["PackageIdentifier", "PackageVersion", "ManifestType", "ManifestVersion"]
WINGET = {
    "version": (["DefaultLocale"], []),
    "installer": (
        ["Installers"],
        ["InstallerType", "Scope", "UpgradeBehavior", "InstallerSwitches", "Commands"],
    ),
    "defaultLocale": (
        ["PackageLocale", "Publisher", "PackageName", "License", "ShortDescription"],
        ["PackageUrl", "Moniker"],
    ),
}
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def main(dist, targets):
    made = set(os.listdir(dist))
    with open(os.path.join(dist, "SHA256SUMS")) as file:
        sums = dict(reversed(line.split()) for line in file)

    manifests = ["tokenpass.rb", "tokenpass.json"]
    manifests += sorted(name for name in made if name.endswith(".yaml"))
    for name in manifests:
        with open(os.path.join(dist, name)) as file:
            text = file.read()
        if left := re.search(r"@[A-Z][A-Z0-9:]*", text):
            fail(f"{name}: {left[0]} is not filled in")
        addresses = [found for found in ADDRESS.findall(text) if "$version" not in found]
        digests = DIGEST.findall(text)
        wanted = [sums.get(os.path.basename(found)) for found in addresses]
        if wanted != digests:
            fail(f"{name}: {addresses} and {digests} do not belong together")
    if len(manifests) != 5:
        fail(f"there are {manifests}, not five")
    print("   manifests: every address is that of a file made, and has its checksum")

    with open(os.path.join(dist, "tokenpass.json")) as file:
        scoop = json.load(file)
    version = scoop["version"]
    now = scoop["architecture"]["64bit"]
    for key, later in scoop["autoupdate"]["architecture"]["64bit"].items():
        if later.replace("$version", version) != now[key]:
            fail(f"scoop would make {later} of {now[key]}")

    with open("Cargo.toml", "rb") as file:
        package = tomllib.load(file)["package"]
    for target in [*targets, "x86_64-pc-windows-msvc"]:
        for program in PROGRAMS:
            names, inside = binstall(package, target, program)
            found = [name for name in names if name in made]
            if not found or inside not in entries(os.path.join(dist, found[0])):
                fail(f"cargo binstall on {target} looks for {inside} in {names}")
    print("   cargo binstall finds both programs of each target")

    archive = entries(os.path.join(dist, f"tokenpass-{version}-x86_64-pc-windows-gnu.zip"))
    for program in [*scoop["bin"], *(shortcut[0] for shortcut in scoop["shortcuts"])]:
        if f"{now['extract_dir']}/{program}" not in archive:
            fail(f"scoop's {program} is not in the archive")
    with open(os.path.join(dist, "tokenpass.rb")) as file:
        installed = re.search(r"bin\.install (.*)", file.read())[1]
    archive = entries(os.path.join(dist, f"tokenpass-{version}-universal-apple-darwin.tar.gz"))
    for program in re.findall(r'"(.*?)"', installed):
        if f"tokenpass-{version}-universal-apple-darwin/{program}" not in archive:
            fail(f"the formula's {program} is not in the archive")
    for program in PROGRAMS:
        if f'"{program}"' not in installed or f"{program}.exe" not in scoop["bin"]:
            fail(f"{program} is installed by the formula or by scoop alone")
    print("   scoop and the formula install both programs")

    try:
        import yaml
    except ImportError:
        print("skipped: there is no PyYAML to read winget's manifests and the workflow")
        return
    for name in manifests[2:]:
        with open(os.path.join(dist, name)) as file:
            fields = yaml.safe_load(file)
        if fields["PackageVersion"] != version or fields["ManifestVersion"] != "1.6.0":
            fail(f"{name}: {fields}")
        must, may = WINGET[fields["ManifestType"]]
        if not {*SHARED, *must} <= fields.keys() <= {*SHARED, *must, *may}:
            fail(f"{name} has {list(fields)}")
        if any(isinstance(text, str) and len(text) > 256 for text in fields.values()):
            fail(f"{name}: a field is longer than winget takes")
    with open(".github/workflows/release.yml") as file:
        workflow = yaml.safe_load(file)
    os.mkdir(os.path.join(dist, "steps"))
    for job, told in workflow["jobs"].items():
        for number, step in enumerate(told["steps"]):
            if script := step.get("run"):
                # What Actions fills in before a shell sees it.
                script = re.sub(r"\$\{\{.*?\}\}", "filled", script)
                with open(os.path.join(dist, "steps", f"{job}-{number}.sh"), "w") as file:
                    file.write(f"#!/usr/bin/env bash\nset -eo pipefail\n{script}")
    print("   winget's manifests and the workflow are YAML")


# The names that it tries for a format: binstalk-types, `PkgFmt::extensions`.
SUFFIXES = {"txz": [".txz", ".tar.xz"], "tgz": [".tgz", ".tar.gz"], "zip": [".zip"]}


def binstall(package, target, program):
    """What cargo-binstall looks for: file names, and a path in the archive."""
    told = package["metadata"]["binstall"]
    for name, system in told["overrides"].items():
        if name == target or any(
            name == f"cfg({condition})" and part in target
            for condition, part in [
                ('target_os = "linux"', "linux"),
                ('target_vendor = "apple"', "apple"),
            ]
        ):
            told = {**told, **system}
    places = {
        "repo": "https://example.com/o/tokenpass",
        "name": package["name"],
        "bin": program,
        "version": package["version"],
        "target": target,
        "binary-ext": ".exe" if "windows" in target else "",
    }

    def fill(text, suffix=""):
        known = {**places, "archive-suffix": suffix}
        return re.sub(r"\{ ([a-z-]+) \}", lambda place: known[place[1]], text)

    suffixes = SUFFIXES.get(told.get("pkg-fmt"), sum(SUFFIXES.values(), []))
    addresses = [fill(told["pkg-url"], suffix) for suffix in suffixes]
    return [os.path.basename(address) for address in addresses], fill(told["bin-dir"])


def entries(path):
    if path.endswith(".zip"):
        return zipfile.ZipFile(path).namelist()
    with tarfile.open(path) as archive:
        return archive.getnames()


def fail(message):
    sys.exit(f"FAILED: {message}")


main(sys.argv[1], sys.argv[2:])
