#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// --- System calls that glibc does not wrap, or that Swift cannot import. All return -1 and set errno on failure.

int plash_openat2(int directory, const char *_Nonnull path, uint64_t flags, uint64_t mode, uint64_t resolve);
int plash_rename_without_replacing(int from, const char *_Nonnull name, int to, const char *_Nonnull new_name);
int plash_syncfs(int descriptor);
/// Whether an open directory is the root of a mount, a bind mount too; false on kernels that do not tell.
bool plash_is_mount_root(int directory);
/// Whether this process has the capabilities that containers and layers take, in whatever user namespace it is.
bool plash_may_set_up(void);
/// Whether no program that this process executes gets more rights than it has: setuid programs are of no use.
bool plash_no_new_privileges(void);
/// A new mount namespace for this process; mounts propagate as before.
int plash_unshare_mounts(void);
/// pipe2(2), close-on-exec.
int plash_pipe(int *_Nonnull ends);
/// An anonymous file in memory, close-on-exec.
int plash_memory_file(const char *_Nonnull name);
/// Whether the file at `path` has the extended attribute.
bool plash_has_attribute(const char *_Nonnull path, const char *_Nonnull name);
/// Whether this process may do with the file or directory what its owner may. O_NOATIME is for owners and for those with
/// rights over the file, which root of a namespace has if owner and group are mapped (capable_wrt_inode_uidgid() in the
/// kernel).
bool plash_has_rights_over(int directory, const char *_Nonnull name);
int plash_open_tree(int directory, const char *_Nonnull path, unsigned flags);
int plash_move_mount(int from, int to, const char *_Nonnull to_path);
int plash_fsopen(const char *_Nonnull type);
int plash_fsconfig_flag(int context, const char *_Nonnull key);
int plash_fsconfig_string(int context, const char *_Nonnull key, const char *_Nonnull value);
int plash_fscreate(int context);
int plash_fsmount(int context, unsigned attributes);
int plash_close_range(unsigned first, unsigned last, unsigned flags);
int plash_pidfd_open(pid_t process);
/// The f_type of statfs(2).
int64_t plash_filesystem_type(int descriptor);

// --- Extended attributes (attributes.c): sys/xattr.h is not in Swift's Glibc.

int plash_set_attribute(int file, const char *_Nonnull name, const void *_Nonnull value, size_t size);
int plash_remove_attribute(int file, const char *_Nonnull name);
ssize_t plash_list_attributes(int file, char *_Nullable names, size_t size);
ssize_t plash_get_attribute(int file, const char *_Nonnull name, void *_Nullable value, size_t size);
/// Macros of the same names: leave this time as it is; the next data and the next hole for lseek(2).
enum { PLASH_UTIME_OMIT = (1 << 30) - 2, PLASH_SEEK_DATA = 3, PLASH_SEEK_HOLE = 4, PLASH_SET_PIPE_SIZE = 1031 };
/// major(3) and minor(3) are macros.
unsigned plash_device_major(dev_t device);
unsigned plash_device_minor(dev_t device);

// --- The identity of a user namespace (idmap.c)

/// One of newuidmap and newgidmap, run on this process.
struct plash_id_map_helper {
  char *_Nullable const *_Nonnull arguments; ///< argv; arguments[0] is the path of the program
  int32_t process;                           ///< out: its pid, or -1
  int32_t error;                             ///< out: errno of a failed exec, or 0
  int32_t status;                            ///< out: wait status, or PLASH_ID_MAP_HANGS
};

/// How long a helper may take, and what it means for the status of one that takes longer, or that was not waited for
/// because a signal came that ends this process.
enum { PLASH_ID_MAP_SECONDS = 20, PLASH_ID_MAP_HANGS = -1 };

/// Makes this process the root of a new user and mount namespace, as seen by `helpers`, which map its ids and run at
/// the same time, outside it. The arrays must stay where they are until `plash_id_map_wait` has returned.
/// `complaints`: a descriptor that receives the helpers' standard error.
/// Returns 0, or the errno of the call that failed and its name in `*call`.
int plash_id_map_start(struct plash_id_map_helper *_Nonnull helpers, size_t count, int complaints,
                       const char *_Nullable *_Nonnull call);
/// The same without helpers and at once: the one user and the one group that this process is become 0 inside.
int plash_id_map_self(uid_t user, gid_t group, const char *_Nullable *_Nonnull call);
/// Only a new mount namespace, whose mounts are seen in no other. mount(2) fails with EINVAL if the root is no mount.
int plash_mounts_of_own(const char *_Nullable *_Nonnull call);
/// Waits for the helpers and fills in their results. Until then this process has no ids inside the namespace.
void plash_id_map_wait(struct plash_id_map_helper *_Nonnull helpers, size_t count);

// --- Setting up a container (setup.c): system calls as values

enum plash_op_kind : uint32_t {
  PLASH_OP_OPEN_DIRECTORY,  ///< into = openat(at, path, O_PATH | O_DIRECTORY)
  PLASH_OP_MAKE_DIRECTORY,  ///< mkdirat(at, path, flags); an existing one is fine
  PLASH_OP_MAKE_FILE,       ///< a new file (at, path) with the text in value
  PLASH_OP_OPEN_TREE,       ///< into = open_tree(at, path, flags)
  PLASH_OP_READ_ONLY,       ///< mount_setattr(at): read-only, with all mounts in it
  PLASH_OP_FS_OPEN,         ///< into = fsopen(path)
  PLASH_OP_FS_FLAG,         ///< fsconfig(at, flag path)
  PLASH_OP_FS_STRING,       ///< fsconfig(at, path = value)
  PLASH_OP_FS_PROC_PATH,    ///< fsconfig(at, path = "/proc/self/fd/N" of slot other)
  PLASH_OP_FS_MOUNT,        ///< into = fsmount(at, attributes flags), the context created first
  PLASH_OP_MOVE_MOUNT,      ///< move_mount(at -> other, path)
  PLASH_OP_OVERLAY_OPTIONS, ///< mount(2) of an overlay from source on (at, path); in value `%N` stands for the descriptor of slot N
  PLASH_OP_DETACH,          ///< umount2(at, path): the topmost mount there
  PLASH_OP_ENTER_MOUNTS,    ///< setns(at): another mount namespace
  PLASH_OP_MOUNT_POINT,     ///< into = the path inside root `at`, made if missing; flags: PLASH_POINT_*
  PLASH_OP_WORKING_DIRECTORY, ///< into = path inside root `at`; not there: the tree of slot other mounted, or the root
  PLASH_OP_CHROOT,          ///< fchdir(at), chroot(".")
  PLASH_OP_FCHDIR,          ///< fchdir(at)
  PLASH_OP_WATCH,           ///< inotify_add_watch(at, /proc/self/fd/ of slot other): IN_UNMOUNT tells the end
  PLASH_OP_EMULATE_ROOT,    ///< plash_emulate_root()
};

enum { PLASH_POINT_FILE = 1 };

/// One step. Slots are indices into the array of descriptors given to `plash_perform`; -1 is the current directory.
struct plash_op {
  enum plash_op_kind kind;
  int32_t at;
  int32_t other;
  int32_t into;
  uint64_t flags;
  const char *_Nullable path;
  const char *_Nullable value;
  const char *_Nullable source;
};

struct plash_failure {
  int32_t op;        ///< index of the step, -1: none failed
  int32_t error;     ///< errno
  char detail[256];  ///< the kernel's own words, if it had any
};

/// Performs the steps in order until one fails. Returns 0 or -1 with `*failure` filled in.
int plash_perform(const struct plash_op *_Nullable ops, size_t count, int *_Nullable slots,
                  struct plash_failure *_Nonnull failure);

/// Resets what the caller's caller may have left behind (signal mask, ignored SIGPIPE, SIGXFSZ and SIGCHLD; with `closed`
/// every disposition, the umask and the personality) and executes the program, looked up in the PATH of
/// `environment` if its name has no slash. Returns errno as execvpe(3) sets it; ELIBACC if the program is there and its
/// interpreter is not.
int plash_execute(char *_Nullable const *_Nonnull arguments, char *_Nullable *_Nonnull environment, bool closed);

// --- Root without ids (emulation.c)

/// From now on giving files, taking on other ids and capabilities and making devices succeed without any effect, in this
/// process and all that come from it: what root of many ids could do, as far as programs ask. Takes CAP_SYS_ADMIN in
/// the user namespace. Returns 0, or -1 and errno.
int plash_emulate_root(void);

// --- A process tree of its own (init.c)

struct plash_container {
  const struct plash_op *_Nullable ops;
  size_t op_count;
  int *_Nullable slots;
  char *_Nullable const *_Nonnull arguments;
  char *_Nullable *_Nonnull environment;
  /// What the program reads from descriptor 3, a line at a time; NULL: it has no descriptor 3.
  const char *_Nullable script;
  size_t script_size;
  int input, output, error; ///< become descriptors 0, 1, 2
  int report;               ///< becomes descriptor 3 of a program without a script; -1: it has none
  bool closed;              ///< nothing of the caller, whose terminal it does not control either
};

/// Filled in by the container, in memory shared with the caller.
struct plash_outcome {
  struct plash_failure setup;
  int32_t exec_error;   ///< errno of a failed exec or, if there is one, of `call`; or 0
  const char *_Nullable call; ///< the system call that failed, so that there was no exec; a string of this program
  int32_t wait_status;  ///< of the program
  int32_t started;      ///< the program was started
  uint32_t lines_taken; ///< how many lines of the script the program has read
};

struct plash_outcome *_Nullable plash_outcome_allocate(void);
void plash_outcome_free(struct plash_outcome *_Nonnull outcome);
/// Starts the container as the first process of a new pid and mount namespace; it dies with the calling process.
/// Returns the pid of that first process, or -1 and errno.
pid_t plash_container_start(const struct plash_container *_Nonnull container, struct plash_outcome *_Nonnull outcome);
/// Waits for the child `process`, which is killed if one of the signals caught by `plash_catch_signals` has come or comes.
/// Returns its wait status, or -1 and errno.
int plash_wait_or_kill(pid_t process);

// --- Signals (signals.c)

/// From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT are remembered instead of ending this process, unless they are
/// ignored already.
void plash_catch_signals(void);
/// From now on such a signal also kills `process`; if one came already it is killed now. 0: nobody.
void plash_kill_when_caught(pid_t process);
/// The signal that came, or 0.
int plash_caught_signal(void);
/// Ends this process by that signal, as if it had not been caught.
void plash_die_of(int signal) __attribute__((noreturn));
/// No signal is blocked: builds would not end. Default SIGCHLD: a caller that ignores it would make every wait fail. SIGPIPE
/// and SIGXFSZ are ignored: writes report EPIPE and EFBIG.
void plash_prepare_signals(void);
/// Descriptors 0, 1 and 2 are open from now on (on /dev/null if they were not).
void plash_open_standard_descriptors(void);
/// The umask is 022 from now on: what is made is the store's or an image's. That of the caller is for what is the caller's.
void plash_take_umask(void);
unsigned plash_callers_umask(void);
void plash_give_umask_back(void);
/// Programs get no other descriptor of the caller's, and none of this program's are without close-on-exec.
void plash_close_others_on_exec(void);
/// Whether the caller had closed standard output.
bool plash_output_was_closed(void);
/// Goes on as another process, in a session of its own, while the one that the caller waits for ends. 0 or -1.
int plash_detach(void);
/// This process ends when the thread that started it does.
void plash_end_with_parent(void);
/// The environment as this process got it.
char *_Nullable *_Nonnull plash_environment(void);
