#define _GNU_SOURCE
#include "CPlashShims.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

int plash_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
  struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
  for (;;) {
    int descriptor = (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
    // EAGAIN: a rename raced with the resolution of "..", the kernel asks to try again (openat2(2)).
    if (descriptor >= 0 || (errno != EAGAIN && errno != EINTR)) return descriptor;
  }
}

int plash_rename_without_replacing(int from, const char *name, int to, const char *new_name) {
  int result = renameat2(from, name, to, new_name, RENAME_NOREPLACE);
  struct stat status;
  if (result == 0 || (errno != ENOSYS && errno != EINVAL)) return result;
  // A kernel, a filter or a file system without it: a directory replaces another only if that is empty (rename(2)).
  int error = errno;
  if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(status.st_mode)) {
    errno = error;
    return -1;
  }
  result = renameat(from, name, to, new_name);
  if (result < 0 && errno == ENOTEMPTY) errno = EEXIST;
  return result;
}

int plash_syncfs(int descriptor) { return syncfs(descriptor); }

bool plash_may_set_up(void) {
  const unsigned needed =
      1u << CAP_SYS_ADMIN | 1u << CAP_SYS_CHROOT | 1u << CAP_CHOWN | 1u << CAP_DAC_OVERRIDE | 1u << CAP_FOWNER;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
  return syscall(SYS_capget, &header, sets) == 0 && (sets[0].effective & needed) == needed;
}

bool plash_no_new_privileges(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1; }

int plash_unshare_mounts(void) { return unshare(CLONE_NEWNS); }
int plash_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }
int plash_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }
bool plash_has_attribute(const char *path, const char *name) { return getxattr(path, name, NULL, 0) >= 0; }

bool plash_has_rights_over(int directory, const char *name) {
  int file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOATIME | O_CLOEXEC);
  if (file >= 0) close(file);
  return file >= 0 || (errno != EPERM && errno != EACCES);
}

int plash_open_tree(int directory, const char *path, unsigned flags) {
  return (int)syscall(SYS_open_tree, directory, path, flags);
}

int plash_move_mount(int from, int to, const char *to_path) {
  unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | (*to_path ? 0 : MOVE_MOUNT_T_EMPTY_PATH);
  return (int)syscall(SYS_move_mount, from, "", to, to_path, flags);
}

int plash_fsopen(const char *type) { return (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC); }

int plash_fsconfig_flag(int context, const char *key) {
  return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_FLAG, key, NULL, 0);
}

int plash_fsconfig_string(int context, const char *key, const char *value) {
  return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, key, value, 0);
}

int plash_fscreate(int context) { return (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0); }

int plash_fsmount(int context, unsigned attributes) {
  return (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
}

int plash_close_range(unsigned first, unsigned last, unsigned flags) {
  return (int)syscall(SYS_close_range, first, last, flags);
}

int plash_pidfd_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int64_t plash_filesystem_type(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) == 0 ? (int64_t)status.f_type : -1;
}

bool plash_is_mount_root(int directory) {
  struct statx status;
  return statx(directory, "", AT_EMPTY_PATH, STATX_TYPE, &status) == 0 &&
         status.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}
