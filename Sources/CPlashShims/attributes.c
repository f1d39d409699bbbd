#include "CPlashShims.h"

#include <sys/xattr.h>

int plash_set_attribute(int file, const char *name, const void *value, size_t size) {
  return fsetxattr(file, name, value, size, 0);
}

ssize_t plash_list_attributes(const char *path, char *names, size_t size) { return llistxattr(path, names, size); }

ssize_t plash_get_attribute(const char *path, const char *name, void *value, size_t size) {
  return lgetxattr(path, name, value, size);
}
