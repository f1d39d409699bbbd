#define _GNU_SOURCE
#include "CPlashShims.h"
#include "in_root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PROC_PATH_SIZE = 32 };

static void proc_path(char *path, int descriptor) { snprintf(path, PROC_PATH_SIZE, "/proc/self/fd/%d", descriptor); }

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
    case PLASH_OP_MOUNT_POINT: return slots[op->into] = plash_mount_point(at, op->path, op->flags & PLASH_POINT_FILE);
    case PLASH_OP_WORKING_DIRECTORY: return slots[op->into] = plash_working_directory(at, op->path, other);
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
  failure->op = -1;
  for (size_t i = 0; i < count && failure->op < 0; i++) {
    if (perform(&ops[i], slots) >= 0) continue;
    failure->op = (int32_t)i;
    failure->error = errno;
    read_kernel_message(&ops[i], slots, failure->detail, sizeof failure->detail);
  }
  return failure->op < 0 ? 0 : -1;
}
