#pragma once

#include <stdbool.h>

// Paths inside a root file system that is not this process's root: its links cannot lead out of it.

/// A descriptor of the place `path` inside `root`, a directory or a file, where something of the other side can be mounted.
/// What is missing is made, in the root file system itself only. -1 and errno; EXDEV: it would have to be made elsewhere.
int plash_mount_point(int root, const char *path, bool file);
/// A descriptor of the directory `path` inside `root`. If it is not there: the mount `tree` is moved there, or without one
/// (-1) it is the root. -1 and errno.
int plash_working_directory(int root, const char *path, int tree);
