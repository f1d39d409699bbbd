#include <stdlib.h>
#include <unistd.h>

/// Without /proc the Swift runtime ends the process before main: it looks for its backtracer beside the executable. Told
/// where that is, it does not look, and main can say what is missing. Constructors of the runtime come later: they have no
/// priority.
__attribute__((constructor(101))) static void spare_the_runtime_the_search(void) {
  if (access("/proc/self/exe", F_OK) < 0) setenv("SWIFT_BACKTRACE", "enable=no,swift-backtrace=/", 1);
}
