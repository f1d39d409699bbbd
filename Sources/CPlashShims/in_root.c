#define _GNU_SOURCE
#include "in_root.h"
#include "CPlashShims.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_FOLLOWED = 8 };

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

int plash_mount_point(int root, const char *path, bool file) {
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

int plash_working_directory(int root, const char *path, int tree) {
  int directory = open_in_root(root, path, O_PATH | O_DIRECTORY);
  if (directory >= 0 || (errno != ENOENT && errno != ENOTDIR)) return directory;
  if (tree < 0) return open_in_root(root, "/", O_PATH | O_DIRECTORY);
  int point = plash_mount_point(root, path, false);
  if (point < 0) return -1;
  int result = plash_move_mount(tree, point, "");
  int error = errno;
  close(point);
  errno = error;
  return result < 0 ? -1 : open_in_root(root, path, O_PATH | O_DIRECTORY);
}
