#define _GNU_SOURCE
#include "CPlashShims.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct plash_outcome *plash_outcome_allocate(void) {
  void *memory = mmap(NULL, sizeof(struct plash_outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

void plash_outcome_free(struct plash_outcome *outcome) { munmap(outcome, sizeof *outcome); }

static void set_default(int number) {
  // glibc keeps its own two signals, 32 and 33, from sigaction(3); the kernel does not.
  struct {
    void *handler;
    unsigned long flags, restorer, mask;
  } current, plain = {0};
  if (syscall(SYS_rt_sigaction, number, NULL, &current, sizeof current.mask) == 0 && current.handler == (void *)SIG_IGN)
    syscall(SYS_rt_sigaction, number, &plain, NULL, sizeof plain.mask);
}

static void reset_signals(bool all) {
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number <= 64; number++)
    // An ignored SIGHUP or SIGINT is the caller's wish (nohup); these are never meant.
    if (all || number == SIGPIPE || number == SIGXFSZ || number == SIGCHLD || number == 32 || number == 33)
      set_default(number);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/// execvp(3) fails with EACCES when one of PATH's folders cannot be entered, also if no folder has the program: a shell
/// says "not found" then.
static bool is_found(const char *name) {
  if (!*name || strchr(name, '/')) return access(name, F_OK) == 0 || errno == EACCES;
  const char *path = getenv("PATH");
  if (!path) path = "/bin:/usr/bin";
  for (const char *end; path; path = end ? end + 1 : NULL) {
    end = strchr(path, ':');
    char file[PATH_MAX];
    int length = snprintf(file, sizeof file, "%.*s/%s", end ? (int)(end - path) : (int)strlen(path), path, name);
    if (length < (int)sizeof file && access(file, F_OK) == 0) return true;
  }
  return false;
}

int plash_execute(char *const *arguments, char **environment, bool closed) {
  reset_signals(closed);
  if (closed) {
    umask(022);
    personality(PER_LINUX);
  } else {
    plash_give_umask_back();
  }
  environ = environment;
  execvpe(arguments[0], arguments, environment);
  int error = errno;
  // Of a program that is there, ENOENT means what its first line or its header names.
  if (is_found(arguments[0])) return error == ENOENT ? ELIBACC : error;
  return error == EACCES ? ENOENT : error;
}

static void start_program(const struct plash_container *container, struct plash_outcome *outcome, int script) {
  int third = container->script ? script : container->report;
  // In this order none of the three is overwritten before it is used: the caller gives descriptors above 2, or 0-2 as is.
  if (dup2(container->input, 0) >= 0 && dup2(container->output, 1) >= 0 && dup2(container->error, 2) >= 0 &&
      (third < 0 || dup2(third, 3) >= 0))
    outcome->exec_error = plash_execute(container->arguments, container->environment, container->closed);
  else
    outcome->exec_error = errno;
  _exit(127);
}

/// The part of a script that the program has not taken yet. A pipe of one page holds one write at a time and is writable
/// only when that write has been read whole (pipe(7): POLLOUT tells that a slot is free), so each read of the program
/// gets one line at most, and the lines given out tell how far it came: no marker is ever put into the script.
struct feed {
  const char *next, *end;
  int pipe;
  uint32_t lines;
};

static void feed_some(struct feed *feed) {
  size_t left = (size_t)(feed->end - feed->next);
  const char *newline = memchr(feed->next, '\n', left);
  size_t size = newline ? (size_t)(newline - feed->next) + 1 : left;
  if (size > 4096) size = 4096;
  ssize_t written = write(feed->pipe, feed->next, size);
  if (written < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (written > 0) {
    feed->next += written;
    if (feed->next[-1] == '\n') feed->lines++;
  }
  if (written < 0 || feed->next == feed->end) {
    close(feed->pipe);
    feed->pipe = -1;
  }
}

static uint32_t lines_taken(const struct feed *feed, int reader) {
  int unread = 0;
  ioctl(reader, FIONREAD, &unread);
  return feed->lines > 0 && unread > 0 ? feed->lines - 1 : feed->lines;
}

/// Feeds the program and reaps everything until it ends. Returns its wait status.
static int supervise(pid_t program, struct feed *feed, int signals) {
  for (;;) {
    int status;
    for (pid_t child; (child = waitpid(-1, &status, WNOHANG)) != 0;) {
      if (child == program) return status;
      if (child < 0 && errno != EINTR) return 127 << 8;
    }
    struct pollfd events[2] = {{.fd = signals, .events = POLLIN}, {.fd = feed->pipe, .events = POLLOUT}};
    if (poll(events, 2, -1) < 0) continue;
    struct signalfd_siginfo discarded;
    if (events[0].revents && read(signals, &discarded, sizeof discarded) < 0 && errno != EINTR) return 127 << 8;
    if (events[1].revents) feed_some(feed);
  }
}

static void fail(struct plash_outcome *outcome, const char *call) {
  outcome->exec_error = errno;
  outcome->call = call;
}

static void run_program(const struct plash_container *container, struct plash_outcome *outcome) {
  sigset_t child_signal;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child_signal, NULL);
  int signals = signalfd(-1, &child_signal, SFD_CLOEXEC), script[2] = {-1, -1};
  if (signals < 0) return fail(outcome, "signalfd");
  if (container->script && pipe2(script, O_CLOEXEC) < 0) return fail(outcome, "pipe2");
  struct feed feed = {container->script, container->script + container->script_size, script[1], 0};
  if (container->script) fcntl(script[1], F_SETPIPE_SZ, 4096);
  pid_t program = fork();
  if (program == 0) start_program(container, outcome, script[0]);
  if (program < 0) return fail(outcome, "fork");
  outcome->started = 1;
  outcome->wait_status = supervise(program, &feed, signals);
  outcome->lines_taken = container->script ? lines_taken(&feed, script[0]) : 0;
}

/// A build asks nobody. A shell that took the terminal in here could not give it back to a process group that is none of
/// this pid namespace, and Ctrl-C would be its own.
static void give_up_terminal(void) {
  int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) return;
  ioctl(terminal, TIOCNOTTY);
  close(terminal);
}

/// The first process of the pid namespace. When it exits the kernel ends all others in there before it can be waited for.
static void be_init(const struct plash_container *container, struct plash_outcome *outcome, int caller) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The caller may have died before that call: then its pidfd is readable.
  struct pollfd death = {.fd = caller, .events = POLLIN};
  if (poll(&death, 1, 0) > 0) _exit(1);
  if (container->closed) give_up_terminal();
  if (plash_perform(container->ops, container->op_count, container->slots, &outcome->setup) == 0)
    run_program(container, outcome);
  _exit(0);
}

pid_t plash_container_start(const struct plash_container *container, struct plash_outcome *outcome) {
  int caller = plash_pidfd_open(getpid());
  outcome->call = "pidfd_open";
  // Without pidfds (poll passes over descriptor -1) a caller that dies in these very microseconds goes unnoticed.
  // EPERM: what filters say to calls that they do not know.
  if (caller < 0 && errno != ENOSYS && errno != EPERM) return -1;
  outcome->call = NULL;
  outcome->setup.op = -1;
  pid_t process = (pid_t)syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0);
  if (process == 0) be_init(container, outcome, caller);
  int error = errno;
  close(caller);
  errno = error;
  if (process < 0) outcome->call = "clone";
  return process;
}

int plash_wait_or_kill(pid_t process) {
  plash_kill_when_caught(process);
  siginfo_t ended;
  // Its pid is its own until nobody would kill it any more.
  while (waitid(P_PID, (id_t)process, &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  plash_kill_when_caught(0);
  int status, reaped;
  while ((reaped = waitpid(process, &status, 0)) < 0 && errno == EINTR) {
  }
  return reaped < 0 ? -1 : status;
}
