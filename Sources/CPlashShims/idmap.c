#define _GNU_SOURCE
#include "CPlashShims.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

// The helpers share this process's memory until they exec (CLONE_VM without CLONE_VFORK: a vfork would put this process
// to sleep through both execs). So they must leave errno alone, which is this process's own: bare system calls only.
static long bare_syscall(long number, long a, long b, long c) {
#if defined(__x86_64__)
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
#else
#error "plash needs the system call convention of this machine here"
#endif
}

struct start {
  struct plash_id_map_helper *helper;
  int gate[2];
  int complaints;
};

static _Alignas(16) char stacks[2][8192];
static struct start starts[2];

/// Waits until the namespace exists (a byte), or until it is clear that it never will (end of file).
static int run_helper(void *argument) {
  struct start *start = argument;
  char byte;
  bare_syscall(SYS_close, start->gate[1], 0, 0);
  if (bare_syscall(SYS_read, start->gate[0], (long)&byte, 1) != 1) bare_syscall(SYS_exit_group, 127, 0, 0);
  bare_syscall(SYS_dup3, start->complaints, 2, 0);
  static char *const no_environment[] = {NULL};
  long result = bare_syscall(SYS_execve, (long)start->helper->arguments[0], (long)start->helper->arguments,
                             (long)no_environment);
  start->helper->error = (int32_t)-result;
  bare_syscall(SYS_exit_group, 127, 0, 0);
  __builtin_unreachable();
}

static int fail(const char **call, const char *name, int error) {
  *call = name;
  return error;
}

int plash_id_map_start(struct plash_id_map_helper *helpers, size_t count, int complaints, const char **call) {
  int gate[2], error = 0;
  if (pipe2(gate, O_CLOEXEC) < 0) return fail(call, "pipe2", errno);
  for (size_t i = 0; i < count; i++) {
    helpers[i].error = 0;
    starts[i] = (struct start){&helpers[i], {gate[0], gate[1]}, complaints};
    helpers[i].process = clone(run_helper, stacks[i] + sizeof stacks[i], CLONE_VM | SIGCHLD, &starts[i]);
    if (helpers[i].process < 0 && !error) error = fail(call, "clone", errno);
  }
  if (!error && unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) error = fail(call, "unshare", errno);
  if (!error && write(gate[1], "go", count) != (ssize_t)count) error = fail(call, "write", errno);
  close(gate[1]);
  close(gate[0]);
  if (error) plash_id_map_wait(helpers, count);
  return error;
}

static int write_file(const char *path, const char *text, const char **call) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  ssize_t written = file < 0 ? -1 : write(file, text, strlen(text));
  int error = written < 0 ? fail(call, path, errno) : 0;
  if (file >= 0) close(file);
  return error;
}

int plash_id_map_self(uid_t user, gid_t group, const char **call) {
  char users[32], groups[32];
  snprintf(users, sizeof users, "0 %u 1", user);
  snprintf(groups, sizeof groups, "0 %u 1", group);
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) return fail(call, "unshare", errno);
  // Groups can only be mapped by who has given up the right to drop some (user_namespaces(7)).
  int error = write_file("/proc/self/setgroups", "deny", call);
  if (!error) error = write_file("/proc/self/uid_map", users, call);
  return error ? error : write_file("/proc/self/gid_map", groups, call);
}

int plash_mounts_of_own(const char **call) {
  if (plash_unshare_mounts() < 0) return fail(call, "unshare", errno);
  return mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) < 0 ? fail(call, "mount", errno) : 0;
}

static volatile sig_atomic_t waited_seconds;

static void count_second(int signal) {
  (void)signal;
  waited_seconds++;
}

/// Waits for one helper; gives up when a signal came that ends this process, or when the time is over. It can be too
/// late to kill it: it may be root's.
static void wait_for(struct plash_id_map_helper *helper) {
  while (waitpid(helper->process, &helper->status, 0) < 0 && errno == EINTR)
    if (plash_caught_signal() || waited_seconds >= PLASH_ID_MAP_SECONDS) {
      helper->status = PLASH_ID_MAP_HANGS;
      kill(helper->process, SIGKILL);
      return;
    }
}

void plash_id_map_wait(struct plash_id_map_helper *helpers, size_t count) {
  // Every second, not once: a signal that comes just before a wait does not end it.
  const struct itimerval seconds = {{1, 0}, {1, 0}};
  struct itimerval callers;
  struct sigaction counting = {.sa_handler = count_second}, before;
  sigaction(SIGALRM, &counting, &before);
  setitimer(ITIMER_REAL, &seconds, &callers);
  for (size_t i = 0; i < count; i++)
    if (helpers[i].process > 0) wait_for(&helpers[i]);
  sigaction(SIGALRM, &before, NULL);
  setitimer(ITIMER_REAL, &callers, NULL);
}
