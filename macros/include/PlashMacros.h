#pragma once
#include <stddef.h>

/// A macro library that is part of the program: the bytes of one YAML file of this folder.
struct plash_macro_library {
  const char *_Nonnull name; ///< the file's name without `.yaml`
  const unsigned char *_Nonnull text;
  size_t size; ///< bytes
};

/// All embedded libraries. Sets `*count`; the array lives as long as the program.
const struct plash_macro_library *_Nonnull plash_macro_libraries(size_t *_Nonnull count);
