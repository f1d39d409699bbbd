#include "PlashMacros.h"

static const unsigned char standard[] = {
#embed "standard.yaml"
};

static const struct plash_macro_library libraries[] = {
    {"standard", standard, sizeof standard},
};

const struct plash_macro_library *plash_macro_libraries(size_t *count) {
  *count = sizeof libraries / sizeof *libraries;
  return libraries;
}
