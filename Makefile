# make demo | build | install | test | test-faults | lint | bench | clean
# Settings: PREFIX and DESTDIR (install), PLASH_DEBIAN_MIRROR (where Debian's packages come from), PLASH_TEST_CACHE.

PREFIX ?= /usr/local
PLASH_TEST_CACHE ?= /var/tmp/plash-test-cache
SWIFT := $(firstword $(shell PATH="$$PATH:/opt/swift/usr/bin:/usr/bin" command -v swift) swift)
BUILT := .build/release
export PLASH_TEST_CACHE

.NOTPARALLEL:
.PHONY: all build install install-files demo test test-build test-faults lint bench clean

all: build

build:
	tools/install-packages build
	$(SWIFT) build -c release --static-swift-stdlib

install: build install-files

# What is built, as it is; `make demo` and the tests put it into a folder of theirs.
install-files:
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/libexec/plash'
	install -s $(BUILT)/plash $(BUILT)/plash-exec '$(DESTDIR)$(PREFIX)/bin'
	install -s $(BUILT)/plash-import '$(DESTDIR)$(PREFIX)/libexec/plash'
	install -d '$(DESTDIR)$(PREFIX)/share/man/man1'
	tools/man $(BUILT)/plash >'$(DESTDIR)$(PREFIX)/share/man/man1/plash.1'
	install -m 644 docs/man/plash-exec.1 '$(DESTDIR)$(PREFIX)/share/man/man1'

demo: build
	tools/install-packages run
	tools/demo

test: build
	tools/install-packages run test
	$(MAKE) --no-print-directory lint
	$(SWIFT) test
	FUZZ_SEED=1 Tests/fuzz/run 10
	tools/check-editors
	$(MAKE) --no-print-directory test-build
	tools/python -m pytest Tests/cli Tests/faults

# With the places where tests stop a process (Sources/PlashRuntime/System/StopForTests.swift).
test-build:
	$(SWIFT) build

# Every fault of docs/faults.md, the long ones too: an hour, about.
test-faults: build test-build
	tools/install-packages run test faults
	tools/python -m pytest Tests/faults -m ''

lint:
	tools/install-packages lint
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	shellcheck tools/install-packages tools/as-user tools/demo tools/man tools/python tools/check-editors Tests/fuzz/run .ci/run

bench: build
	tools/install-packages run bench
	tools/as-user bench/run

clean:
	rm -rf .build '$(PLASH_TEST_CACHE)'
