"""The commands that plash is compared with. A peer that is not installed is named and left out."""

import os
import shutil
import subprocess


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


def podman_command():
    """podman where neither systemd nor the newest crun can be counted on: runc, no cgroups of its own."""
    return ["podman", "--runtime", "runc"]


def podman_run(image):
    limits = ["--cgroups=no-conmon", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"]
    return podman_command() + ["run", *limits, "--rm", "--network=none", image, "true"]


def podman_import(tar, name):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*podman_command(), "import", tar, name], check=True, **quiet)


def podman_forget():
    """Removes the images that were made here, and only those."""
    if shutil.which("podman"):
        listed = subprocess.run(
            [*podman_command(), "images", "-q", "--filter", "reference=localhost/plash-bench*"],
            check=False, capture_output=True, text=True)
        images = listed.stdout.split()
        if images:
            subprocess.run([*podman_command(), "rmi", "-f", *images], check=False, capture_output=True)


def start_peers(root, tar):
    """name -> command that starts `true` in the root file system at `root`."""
    peers = {"unshare --map-auto -Urm": ["unshare", "--map-auto", "-Urm", "true"]}
    if available("bwrap"):
        peers["bwrap, the same binds"] = bwrap(root)
    if available("ch-run"):
        peers["ch-run"] = ["ch-run", root, "--", "true"]
    if available("podman"):
        try:
            podman_import(tar, "plash-bench")
            command = podman_run("plash-bench")
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            peers["podman run"] = (command, 10)
        except subprocess.CalledProcessError as error:
            print(f"(podman cannot run here, left out: {error})")
    return peers


def podman_build(folder, name, steps):
    """A build of `steps` trivial steps, uncached unless it was built before."""
    path = os.path.join(folder, f"Containerfile.{name}")
    with open(path, "w", encoding="utf-8") as file:
        file.write("FROM localhost/plash-bench\n")
        file.writelines(f"RUN touch /{name}-{step}\n" for step in range(steps))
    return [
        *podman_command(), "build", "--isolation=chroot", "--layers", "-t", f"plash-bench-{name}",
        "-f", path, folder,
    ]
