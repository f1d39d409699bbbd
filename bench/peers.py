"""The commands that plash is compared with. A peer that is not installed is named and left out."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
IMAGE = "plash-bench"


def available(program):
    found = shutil.which(program)
    if not found:
        print(f"(not installed, left out: {program})")
    return found


def bwrap(root):
    """The same root file system with the mounts that `plash run` makes; one id, no overlay."""
    command = ["bwrap", "--bind", root, "/"]
    for path in ["/tmp", "/home", "/sys", "/proc"]:
        command += ["--bind", path, path]
    return command + ["--dev-bind", "/dev", "/dev", "--ro-bind", "/etc/resolv.conf", "/etc/resolv.conf", "/bin/true"]


def podman(*words):
    """podman where neither systemd nor the newest crun can be counted on: runc, no cgroups of its own."""
    return ["podman", "--runtime", "runc", *words]


def podman_run(image):
    limits = ["--cgroups=no-conmon", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"]
    return podman("run", *limits, "--rm", "--network=none", image, "true")


def podman_runs_here(image):
    try:
        subprocess.run(podman_run(image), check=True, **QUIET)
        return True
    except subprocess.CalledProcessError as error:
        print(f"(podman cannot run here, left out: {error})")
        return False


def podman_forget():
    """Removes the images that were made here, and only those. buildah's are in the same place."""
    if shutil.which("podman"):
        listing = podman("images", "-q", "--filter", f"reference=localhost/{IMAGE}*")
        images = subprocess.run(listing, check=False, capture_output=True, text=True).stdout.split()
        if images:
            subprocess.run(podman("rmi", "-f", *images), check=False, capture_output=True)


def start_peers(root):
    """name -> command that starts `true` in the root file system at `root`. The image of podman is there already."""
    peers = {"unshare --map-auto -Urm": ["unshare", "--map-auto", "-Urm", "true"]}
    if available("bwrap"):
        peers["bwrap, the same binds"] = bwrap(root)
    if available("ch-run"):
        peers["ch-run"] = ["ch-run", root, "--", "true"]
    if available("podman") and podman_runs_here(IMAGE):
        peers["podman run"] = (podman_run(IMAGE), 10)
    return peers


def import_base(tar, folder):
    """Makes the root file system in `tar` the base image of each builder."""
    # ch-image keeps its cache with git, which wants to know who commits.
    names = [f"GIT_{who}_{what}" for who in ["AUTHOR", "COMMITTER"] for what in ["NAME", "EMAIL"]]
    os.environ.update(dict.fromkeys(names, "bench"), CH_IMAGE_STORAGE=os.path.join(folder, "ch-image"))
    if shutil.which("podman"):
        subprocess.run(podman("import", tar, IMAGE), check=True, **QUIET)
    if shutil.which("ch-image"):
        subprocess.run(["ch-image", "import", tar, IMAGE], check=True, **QUIET)


def builders(folder):
    """name -> what gives the command that builds an image `tag` of `scripts`, a layer for each."""
    oci = ["build", "--isolation=chroot", "--layers"]
    commands = {"podman build": podman(*oci), "buildah build": ["buildah", *oci], "ch-image build": ["ch-image", "build"]}

    def builder(command):
        prefix = "" if command[0] == "ch-image" else "localhost/"

        def build(tag, scripts):
            path = os.path.join(folder, f"Containerfile.{command[0]}.{tag}")
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"FROM {prefix}{IMAGE}\n")
                file.writelines(f"RUN {script}\n" for script in scripts)
            return [*command, "-t", f"{IMAGE}-{tag}", "-f", path, folder]

        return build

    return {name: builder(command) for name, command in commands.items() if available(command[0])}


def podman_image_of_layers(folder, tar, count):
    """Loads an image of `count` layers, each but the first with one small file; gives its name."""
    name = f"localhost/{IMAGE}-deep{count}:latest"
    with open(tar, "rb") as file:
        layers = [file.read()]
    for number in range(1, count):
        layers.append(archive({f"deep-{number}": b""}))
    digests = [hashlib.sha256(layer).hexdigest() for layer in layers]
    config = {"architecture": "amd64", "os": "linux", "config": {},
              "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]}}
    files = {f"{digest}.tar": layer for digest, layer in zip(digests, layers)}
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": list(files)}]
    files |= {"config.json": json.dumps(config).encode(), "manifest.json": json.dumps(manifest).encode()}
    path = os.path.join(folder, f"deep{count}.tar")
    with open(path, "wb") as file:
        file.write(archive(files))
    subprocess.run(podman("load", "-i", path), check=True, **QUIET)
    return name


def archive(files):
    """A tar archive with these names and contents."""
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return output.getvalue()
