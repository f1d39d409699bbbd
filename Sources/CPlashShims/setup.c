#define _GNU_SOURCE
#include "CPlashShims.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PROC_PATH_SIZE = 32, LINKS_FOLLOWED = 8 };

static void proc_path(char *path, int descriptor) { snprintf(path, PROC_PATH_SIZE, "/proc/self/fd/%d", descriptor); }

/// What openat2 does in one call, part by part, on kernels (or under seccomp filters) without it. Links are refused
/// here, not followed: following them inside a root takes the kernel's help. `own`: and other file systems.
static int walk_in_root(int root, const char *path, int flags, bool own) {
  char part[NAME_MAX + 1];
  struct stat status, own_status;
  int directory = fstat(root, &own_status) < 0 ? -1 : dup(root);
  while (directory >= 0) {
    path += strspn(path, "/");
    size_t length = strcspn(path, "/");
    if (length > NAME_MAX) {
      close(directory);
      errno = ENAMETOOLONG;
      return -1;
    }
    memcpy(part, path, length);
    part[length] = 0;
    path += length;
    bool last = path[strspn(path, "/")] == 0;
    int next = !strcmp(part, "..") ? (errno = ELOOP, -1)
                                   : openat(directory, *part ? part : ".",
                                            (last ? flags : O_PATH | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC, 0);
    if (next >= 0 && fstat(next, &status) == 0 &&
        (S_ISLNK(status.st_mode) || (own && status.st_dev != own_status.st_dev))) {
      close(next);
      next = -1;
      errno = S_ISLNK(status.st_mode) ? ELOOP : EXDEV;
    }
    int error = errno;
    close(directory);
    errno = error;
    if (last) return next;
    directory = next;
  }
  return -1;
}

/// A path of an image may lead anywhere: it is resolved as if `root` were the root already. `own`: only where nothing is
/// mounted on it (EXDEV).
static int resolve_in_root(int root, const char *path, int flags, bool own) {
  uint64_t how = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | (own ? RESOLVE_NO_XDEV : 0);
  int descriptor = plash_openat2(root, path, (uint64_t)(flags | O_CLOEXEC), 0, how);
  // EPERM: what filters say to calls that they do not know; of the call itself it is no answer.
  return descriptor < 0 && (errno == ENOSYS || errno == EPERM) ? walk_in_root(root, path, flags, own) : descriptor;
}

static int open_in_root(int root, const char *path, int flags) { return resolve_in_root(root, path, flags, false); }

static int make_file(int directory, const char *name) {
  int descriptor = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (descriptor >= 0) close(descriptor);
  return descriptor < 0 ? -1 : 0;
}

static int make_in_root(int root, const char *path, bool file, int links);

/// `path` up to `end` is a link that leads nowhere yet: makes what it points to.
static int make_link_target(int root, const char *path, size_t start, size_t end, int parent, const char *name,
                            bool file, int links) {
  char target[PATH_MAX], joined[2 * PATH_MAX];
  ssize_t length = readlinkat(parent, name, target, sizeof target - 1);
  if (length < 0) return -1;
  target[length] = 0;
  int size = *target == '/' ? snprintf(joined, sizeof joined, "%s%s", target, path + end)
                            : snprintf(joined, sizeof joined, "%.*s%s%s", (int)start, path, target, path + end);
  if (links == 0 || size >= PATH_MAX) {
    errno = links == 0 ? ELOOP : ENAMETOOLONG;
    return -1;
  }
  return make_in_root(root, joined, file, links - 1);
}

/// Makes the directories of `path` inside `root` that are missing, and at its end a directory or an empty file. Nothing
/// is made where the host is mounted already.
static int make_in_root(int root, const char *path, bool file, int links) {
  char prefix[PATH_MAX];
  size_t start = strspn(path, "/"), end;
  for (; path[start]; start = end + strspn(path + end, "/")) {
    end = start + strcspn(path + start, "/");
    if (end >= sizeof prefix) {
      errno = ENAMETOOLONG;
      return -1;
    }
    memcpy(prefix, path, end);
    prefix[end] = 0;
    bool last = path[end + strspn(path + end, "/")] == 0;
    int found = open_in_root(root, prefix, O_PATH);
    if (found >= 0) {
      close(found);
      continue;
    }
    if (errno != ENOENT) return -1;
    const char *name = prefix + start;
    char parent_path[PATH_MAX] = ".";
    memcpy(parent_path + 1, "/", 2);
    strncat(parent_path, prefix, start);
    int parent = resolve_in_root(root, parent_path, O_PATH | O_DIRECTORY, true);
    if (parent < 0) return -1;
    int result = last && file ? make_file(parent, name) : mkdirat(parent, name, 0755);
    if (result < 0 && errno == EEXIST) {
      result = make_link_target(root, path, start, end, parent, name, file, links);
      close(parent);
      return result;
    }
    int error = errno;
    close(parent);
    errno = error;
    if (result < 0) return -1;
  }
  return 0;
}

/// A descriptor of the place `path` inside `root`, where something of the other side can be mounted.
static int mount_point(int root, const char *path, bool file) {
  int point = open_in_root(root, path, O_PATH);
  if (point < 0 && errno == ENOENT && make_in_root(root, path, file, LINKS_FOLLOWED) == 0)
    point = open_in_root(root, path, O_PATH);
  struct stat status;
  if (point < 0 || fstat(point, &status) < 0) return -1;
  if (S_ISDIR(status.st_mode) == !file) return point;
  close(point);
  errno = file ? EISDIR : ENOTDIR;
  return -1;
}

static int working_directory(int root, const char *path, int tree) {
  int directory = open_in_root(root, path, O_PATH | O_DIRECTORY);
  if (directory >= 0 || (errno != ENOENT && errno != ENOTDIR)) return directory;
  if (tree < 0) return open_in_root(root, "/", O_PATH | O_DIRECTORY);
  int point = mount_point(root, path, false);
  if (point < 0) return -1;
  int result = plash_move_mount(tree, point, "");
  int error = errno;
  close(point);
  errno = error;
  return result < 0 ? -1 : open_in_root(root, path, O_PATH | O_DIRECTORY);
}

/// mount(2) takes 4095 bytes of options (one page): from inside /proc/self/fd a layer is named in three digits.
static int mount_overlay(int directory, const char *path, const char *source, const char *options, const int *slots) {
  char text[4096], target[PROC_PATH_SIZE + NAME_MAX + 2], base[PROC_PATH_SIZE];
  size_t length = 0;
  for (const char *c = options; *c && length < sizeof text - 12; c++) {
    if (*c != '%') {
      text[length++] = *c;
      continue;
    }
    int slot = 0;
    for (; c[1] >= '0' && c[1] <= '9'; c++) slot = slot * 10 + (c[1] - '0');
    length += (size_t)snprintf(text + length, 12, "%d", slots[slot]);
  }
  if (length >= sizeof text - 12) {
    errno = E2BIG;
    return -1;
  }
  text[length] = 0;
  proc_path(base, directory);
  snprintf(target, sizeof target, "%s/%s", base, path);
  int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (chdir("/proc/self/fd") < 0) return -1;
  int result = mount(source, target, "overlay", 0, text);
  int error = errno;
  if (here >= 0 && fchdir(here) < 0 && result == 0) result = -1, error = errno;
  if (here >= 0) close(here);
  errno = error;
  return result;
}

static int detach(int directory, const char *path) {
  char target[PROC_PATH_SIZE + NAME_MAX + 2], base[PROC_PATH_SIZE];
  proc_path(base, directory);
  snprintf(target, sizeof target, "%s/%s", base, path);
  return umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW);
}

static int set_proc_path(int context, const char *key, int descriptor) {
  char path[PROC_PATH_SIZE];
  proc_path(path, descriptor);
  return plash_fsconfig_string(context, key, path);
}

static int watch(int inotify, int descriptor) {
  char path[PROC_PATH_SIZE];
  proc_path(path, descriptor);
  return inotify_add_watch(inotify, path, IN_DELETE_SELF) < 0 ? -1 : 0;
}

static int make_read_only(int tree) {
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  return (int)syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes);
}

static int enter_root(int root) { return fchdir(root) < 0 ? -1 : chroot("."); }

static int create_and_mount(int context, unsigned attributes) {
  return plash_fscreate(context) < 0 ? -1 : plash_fsmount(context, attributes);
}

static int make_file_with(int directory, const char *path, const char *text) {
  int file = openat(directory, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) return -1;
  ssize_t written = write(file, text, strlen(text));
  int error = errno;
  close(file);
  errno = error;
  return written < 0 ? -1 : 0;
}

static int perform(const struct plash_op *op, int *slots) {
  int at = op->at < 0 ? AT_FDCWD : slots[op->at];
  int other = op->other < 0 ? -1 : slots[op->other];
  switch (op->kind) {
    case PLASH_OP_OPEN_DIRECTORY: return slots[op->into] = openat(at, op->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    case PLASH_OP_MAKE_DIRECTORY: {
      int result = mkdirat(at, op->path, (mode_t)op->flags);
      return result < 0 && errno == EEXIST ? 0 : result;
    }
    case PLASH_OP_MAKE_FILE: return make_file_with(at, op->path, op->value);
    case PLASH_OP_OPEN_TREE: return slots[op->into] = plash_open_tree(at, op->path, (unsigned)op->flags);
    case PLASH_OP_READ_ONLY: return make_read_only(at);
    case PLASH_OP_FS_OPEN: return slots[op->into] = plash_fsopen(op->path);
    case PLASH_OP_FS_FLAG: return plash_fsconfig_flag(at, op->path);
    case PLASH_OP_FS_STRING: return plash_fsconfig_string(at, op->path, op->value);
    case PLASH_OP_FS_PROC_PATH: return set_proc_path(at, op->path, other);
    case PLASH_OP_FS_MOUNT: return slots[op->into] = create_and_mount(at, (unsigned)op->flags);
    case PLASH_OP_MOVE_MOUNT: return plash_move_mount(at, op->other < 0 ? AT_FDCWD : other, op->path);
    case PLASH_OP_OVERLAY_OPTIONS: return mount_overlay(at, op->path, op->source, op->value, slots);
    case PLASH_OP_DETACH: return detach(at, op->path);
    case PLASH_OP_ENTER_MOUNTS: return setns(at, CLONE_NEWNS);
    case PLASH_OP_MOUNT_POINT: return slots[op->into] = mount_point(at, op->path, op->flags & PLASH_POINT_FILE);
    case PLASH_OP_WORKING_DIRECTORY: return slots[op->into] = working_directory(at, op->path, other);
    case PLASH_OP_CHROOT: return enter_root(at);
    case PLASH_OP_FCHDIR: return fchdir(at);
    case PLASH_OP_WATCH: return watch(at, other);
    case PLASH_OP_EMULATE_ROOT: return plash_emulate_root();
  }
  errno = EINVAL;
  return -1;
}

/// The kernel puts its messages about a mount that failed into the context's descriptor ("e overlay: ...").
static void read_kernel_message(const struct plash_op *op, const int *slots, char *detail, size_t size) {
  bool has_context = op->kind == PLASH_OP_FS_FLAG || op->kind == PLASH_OP_FS_STRING ||
                     op->kind == PLASH_OP_FS_PROC_PATH ||
                     op->kind == PLASH_OP_FS_MOUNT;
  ssize_t length = has_context ? read(slots[op->at], detail, size - 1) : 0;
  detail[length > 0 ? length : 0] = 0;
  char *end = strchr(detail, '\n');
  if (end) *end = 0;
}

int plash_perform(const struct plash_op *ops, size_t count, int *slots, struct plash_failure *failure) {
  // Directories made here are those of a root file system: the caller's umask is none of their business.
  mode_t callers = umask(022);
  failure->op = -1;
  for (size_t i = 0; i < count && failure->op < 0; i++) {
    if (perform(&ops[i], slots) >= 0) continue;
    failure->op = (int32_t)i;
    failure->error = errno;
    read_kernel_message(&ops[i], slots, failure->detail, sizeof failure->detail);
  }
  umask(callers);
  return failure->op < 0 ? 0 : -1;
}
