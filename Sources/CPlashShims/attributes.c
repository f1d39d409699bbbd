#include "CPlashShims.h"

#include <sys/sysmacros.h>
#include <sys/xattr.h>

unsigned plash_device_major(dev_t device) { return major(device); }
unsigned plash_device_minor(dev_t device) { return minor(device); }

int plash_set_attribute(int file, const char *name, const void *value, size_t size) {
  return fsetxattr(file, name, value, size, 0);
}

int plash_remove_attribute(int file, const char *name) { return fremovexattr(file, name); }

ssize_t plash_list_attributes(int file, char *names, size_t size) { return flistxattr(file, names, size); }

ssize_t plash_get_attribute(int file, const char *name, void *value, size_t size) {
  return fgetxattr(file, name, value, size);
}
