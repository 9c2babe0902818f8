# nlddns: `make help` lists the targets. O is where everything is built; V=1 shows commands.
O          ?= build
PKG_CONFIG ?= pkg-config
STRIP      ?= strip
# Small before fast: a gateway has little memory, and nothing here is bound by the processor.
SMALL      := $(shell $(CC) -Oz -xc -c -o /dev/null /dev/null 2>/dev/null && echo -Oz || echo -Os)
CFLAGS     ?= $(SMALL) -g

# Where things are installed, by the names of the GNU coding standards. PREFIX does as prefix.
prefix        = $(or $(PREFIX),/usr/local)
exec_prefix   = $(prefix)
bindir        = $(exec_prefix)/bin
sbindir       = $(exec_prefix)/sbin
libexecdir    = $(exec_prefix)/libexec
datarootdir   = $(prefix)/share
datadir       = $(datarootdir)
mandir        = $(datarootdir)/man
docdir        = $(datarootdir)/doc/nlddns
bashcompdir   = $(datarootdir)/bash-completion/completions
sysconfdir    = /etc
localstatedir = /var
runstatedir   = /run
VERSION := $(shell packaging/version)

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
	-Wpointer-arith -Wcast-qual -Wformat=2 -Wundef -Wvla -Wswitch-enum -Wconversion \
	-Wno-sign-conversion $(if $(CI),-Werror)
override CFLAGS += -std=gnu11 -fstack-protector-strong -fno-asynchronous-unwind-tables \
	-ffunction-sections -fdata-sections $(WARN) $(SAN)
override CPPFLAGS += -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -I. -I$(O)
# Packed relocations save nlddnsd 24 kB, where libc reads such.
RELR := $(shell echo '_Static_assert(__GLIBC_PREREQ(2, 36), ""); int main(void) {}' | $(CC) -xc -include features.h \
	-Wl,--fatal-warnings,-z,pack-relative-relocs -o /dev/null - 2>/dev/null && echo ,-z,pack-relative-relocs)
override LDFLAGS += -Wl,-z,relro,-z,now$(RELR) -Wl,--as-needed,--gc-sections $(SAN)

comma := ,
hash := \#
quoted = '$(subst ','\'',$(1))'
Q := $(if $(V),,@)
replace = if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2);)

# A folder is its own list of sources.
objs = $(patsubst %.c,$(O)/%.o,$(wildcard $(addsuffix /*.c,$(1))))
LEAVES  := $(call objs,netwatch) $(call objs,providers) $(call objs,cfg)
SHARED  := $(call objs,update)
DAEMON  := $(call objs,update/daemon)
UPDATER := $(call objs,update/updater) $(call objs,update/updater/sign)
CTL     := $(call objs,update/ctl)

pkg = $(shell $(PKG_CONFIG) $(1) 2>/dev/null)
MNL  := $(call pkg,--libs libmnl)
NL   := $(call pkg,--libs libnl-3.0 libnl-route-3.0)
JSON := $(call pkg,--libs jansson)
NET  := $(call pkg,--libs libcurl ldns expat libcrypto)
$(O)/nlddnsd: LIBS = $(MNL) $(JSON) -linih -lev
$(O)/nlddns-updater: LIBS = $(JSON) $(NET)
$(O)/nlddns: LIBS = $(NL) $(JSON) -linih
override CPPFLAGS += $(call pkg,--cflags libnl-3.0)

PROGRAMS := $(addprefix $(O)/,nlddns nlddnsd nlddns-updater)
all: $(PROGRAMS) $(O)/providers.conf

# The programs find the catalogue beside themselves: one file, made of many.
$(O)/providers.conf: FORCE
	$(Q)mkdir -p $(@D) && packaging/bundle providers/catalog/*.conf >$@.new && $(replace)
$(O)/tests/unit/providers.conf $(O)/tests/fuzz/providers.conf: $(O)/providers.conf
	$(Q)mkdir -p $(@D) && ln -sf ../../providers.conf $@

# The programs take what they need of the shared folders from one archive.
$(O)/shared.a: $(LEAVES) $(SHARED)
$(O)/nlddnsd: $(DAEMON)
$(O)/nlddns-updater: $(UPDATER)
$(O)/nlddns: $(CTL)
$(PROGRAMS): $(O)/shared.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $(filter-out %.a,$^) $(filter %.a,$^) $(LIBS)

%.a:
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $^

# Two headers are made, and made again when they would say something else.
MADE := $(O)/update/version.h $(O)/cfg/places.h
$(O)/update/version.h: LINES = '/* The version that all three programs give. */' '$(hash)define VERSION "$(VERSION)"'
$(O)/cfg/places.h: LINES = '/* Where this build is to be installed. */' \
	'$(hash)define PLACES_SBIN    "$(sbindir)"' \
	'$(hash)define PLACES_LIBEXEC "$(libexecdir)/nlddns"' \
	'$(hash)define PLACES_DATA    "$(datadir)/nlddns"' \
	'$(hash)define PLACES_CONFIG  "$(sysconfdir)/nlddns"' \
	'$(hash)define PLACES_STATE   "$(localstatedir)/lib/nlddns"' \
	'$(hash)define PLACES_RUN     "$(runstatedir)/nlddns"'
$(MADE): FORCE
	$(Q)mkdir -p $(@D) && printf '%s\n' '#pragma once' $(LINES) >$@.new && $(replace)

$(O)/%.o: %.c | $(MADE)
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Tests. A unit test includes the source it tests and links the rest.
T ?= *
UNIT := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/test_$(T).c))
GROUND := $(filter-out $(O)/tests/kernel/test_%,$(call objs,tests/kernel))
KERNEL := $(patsubst %.c,$(O)/%,$(wildcard tests/kernel/test_$(T).c))
BENCH := $(patsubst %.c,$(O)/%,$(wildcard tests/bench/bench_$(T).c))
SERVERS := $(patsubst %.c,$(O)/%,$(wildcard tests/servers/*.c)) $(O)/tests/servers/recordd
tests: $(UNIT) $(KERNEL) $(BENCH) $(SERVERS) $(call objs,tests/fuzz) $(O)/tests/sim/sim $(O)/nlddnsd-fault $(O)/tests/bench/naive
TESTLIBS = -lcmocka $(MNL) $(NL) $(JSON) -linih -lev $(NET)

$(O)/all.a: $(LEAVES) $(SHARED) $(filter-out %/main.o %/absent.o,$(DAEMON) $(UPDATER) $(CTL))
$(O)/tests/unit/%: $(O)/tests/unit/%.o $(O)/all.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(TESTLIBS)
$(O)/tests/kernel/%: $(O)/tests/kernel/%.o $(GROUND)
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(TESTLIBS)
$(O)/tests/bench/%: $(O)/tests/bench/%.o $(GROUND)
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(TESTLIBS)
$(O)/tests/servers/recordd: $(call objs,tests/servers/records tests/servers/http)
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ -lmicrohttpd -lgnutls -lexpat $(JSON)
$(O)/tests/servers/%: $(O)/tests/servers/%.o $(O)/tests/servers/http/http.o
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ -lmicrohttpd

FUZZ := $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/fuzz_$(T).c))
$(O)/tests/fuzz/%: $(O)/tests/fuzz/%.o $(O)/tests/fuzz/words.o $(O)/all.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(TESTLIBS)
fuzzers: $(FUZZ) $(O)/tests/fuzz/providers.conf

# nlddnsd with tests/fault between it and the kernel; beside the real one, to find its updater.
WRAPPED := recvmsg sendto setsockopt close poll recv send read write accept4 fsync
$(O)/nlddnsd-fault: LIBS = $(MNL) $(JSON) -linih -lev
$(O)/nlddnsd-fault: $(DAEMON) $(call objs,tests/fault) $(O)/shared.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) $(WRAPPED:%=-Wl,--wrap=%) -o $@ $^ $(LIBS)

# The daemon's core under virtual time: what does I/O is not linked, tests/sim stands in for it.
SIM_OUT := $(addprefix $(O)/,netwatch/watch.o netwatch/query.o netwatch/survey.o cfg/slurp.o \
	providers/all.o update/log.o $(addprefix update/daemon/,absent.o control.o file.o hooks.o listen.o logbook.o loop.o \
	main.o notify.o peer.o privilege.o resolver.o spawn.o updater.o users.o watchers.o))
$(O)/sim.a: $(filter-out $(SIM_OUT),$(LEAVES) $(SHARED) $(DAEMON))
$(O)/tests/sim/sim: $(call objs,tests/sim) $(O)/sim.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) $(SIM_WRAP) -o $@ $^ $(MNL) $(JSON) -linih
SEEDS ?= 100000
FROM  ?= 0
SIM_WRAP := $(patsubst %,-Wl$(comma)--wrap=%,clock_now clock_wall access scandir malloc_trim)

RUN := tests/run $(O)
TARGETS := check-layers check-style check-build check-lint check-unit check-sim check-sim-mutations check-kernel check-gateway check-install check-musl check-openwrt check-package check-container check-fuzz check-san \
	check-valgrind
check: $(TARGETS) ## every test target
test: ## install what is missing, then every test target, then one line that adds up
	$(Q)packaging/deps all
	$(Q)rm -f $(O)/log/counts $(O)/san/log/counts
	$(Q)status=0; for t in $(TARGETS); do echo "== $$t"; \
		$(MAKE) --no-print-directory -j"$$(nproc)" $$t || status=1; done; \
	cat $(O)/log/counts $(O)/san/log/counts 2>/dev/null | awk '{ p += $$1; f += $$2; s += $$3 } END { \
		printf "%d passed, %d failed, %d skipped\n", p, f, s }'; exit $$status

check-unit: $(UNIT) $(O)/tests/unit/providers.conf ## unit tests (cmocka), under 10 s; T=NAME for one
	$(Q)$(RUN) unit $(UNIT)
check-sim: $(O)/tests/sim/sim ## the core under virtual time, SEEDS=100000 made-up worlds, from seed FROM=0
	$(Q)SEEDS=$(SEEDS) FROM=$(FROM) LIMIT=$${LIMIT:-86400} $(RUN) sim $(O)/tests/sim/sim
check-sim-mutations: $(O)/tests/sim/sim ## deliberate defects of the core, which check-sim must find
	$(Q)CC='$(CC)' CPPFLAGS=$(call quoted,$(CPPFLAGS)) CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS) $(SIM_WRAP)' \
		LIBS='$(MNL) $(JSON) -linih' LIMIT=3600 $(RUN) mutations tests/sim/mutate
check-kernel: all $(KERNEL) $(SERVERS) $(O)/nlddnsd-fault ## real kernel in namespaces, real DNS and web servers
	$(Q)JOBS=$${JOBS:-3} $(RUN) kernel $(filter %_idle,$(KERNEL)) $(filter-out %_idle,$(KERNEL))
check-gateway: all ## real pppd and pppoe-server in a user-mode-linux kernel
	$(Q)$(RUN) gateway tests/gateway/run
check-install: all ## `make dist` and `make install`, wherever to
	$(Q)$(RUN) install tests/package/install
check-container: all $(SERVERS) ## the image, and every example of packaging/container, run by podman
	$(Q)LIMIT=500 $(RUN) container tests/container/run
check-musl: all ## it compiles for musl, and asks nothing of it that it has not
	$(Q)$(RUN) musl tests/package/musl
check-openwrt: ## the package for OpenWrt: its recipe, init script and translation of UCI
	$(Q)$(RUN) openwrt tests/package/openwrt
check-package: ## the Debian package in a new Debian, under systemd in user-mode-linux
	$(Q)LIMIT=600 $(RUN) package tests/package/debian
check-layers: ## includes point the allowed way
	$(Q)$(RUN) layers tests/style/layers
check-style: ## format, banned functions, sizes
	$(Q)$(RUN) style tests/style/style
check-build: ## gcc and clang build everything without a warning
	$(Q)$(RUN) build tests/style/build
check-lint: $(MADE) ## cppcheck and clang-tidy find nothing
	$(Q)$(RUN) lint tests/style/lint
check-san: ## unit and kernel tests under ASan and UBSan
	$(Q)status=0; for t in check-unit check-kernel; do $(MAKE) --no-print-directory O=$(O)/san \
		SAN='-fsanitize=address,undefined -fno-sanitize-recover=all' $$t || status=1; done; \
	exit $$status
check-valgrind: all $(KERNEL) $(SERVERS) ## the daemon under valgrind
	$(Q)NLDDNS_VALGRIND=1 $(RUN) valgrind $(filter %/test_gateway,$(KERNEL))
check-fuzz: ## what parses bytes from outside, by libFuzzer, EACH=5 seconds; T=NAME for one
	$(Q)$(MAKE) --no-print-directory O=$(O)/fuzz CC=clang \
		SAN='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all' fuzzers
	$(Q)T='$(T)' EACH=$(EACH) LIMIT=86400 $(RUN) fuzz tests/fuzz/run
fuzz: ## the same for an hour each
	$(Q)$(MAKE) --no-print-directory check-fuzz EACH=3600
EACH ?= 5
bench-storm: all $(O)/tests/bench/bench_storm $(O)/tests/bench/naive $(SERVERS) ## next to `ip monitor`
	$(Q)NLDDNS_BUILD=$(abspath $(O)) $(O)/tests/bench/bench_storm
bench-fanout: all $(O)/tests/bench/bench_fanout $(SERVERS) ## 10,000 records next to `curl --parallel`
	$(Q)NLDDNS_BUILD=$(abspath $(O)) $(O)/tests/bench/bench_fanout
bench: all $(BENCH) $(O)/tests/bench/naive $(SERVERS) ## reaction times, printed as a table
	$(Q)for b in $(BENCH); do NLDDNS_BUILD=$(abspath $(O)) $$b || exit 1; done

run: ## install what the build needs, build, follow this machine's address in the foreground
	$(Q)packaging/deps build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)packaging/try $(O)

# Manual, example and completion name the places that are installed to.
INSTALL         = install
INSTALL_PROGRAM = $(INSTALL)
INSTALL_DATA    = $(INSTALL) -m 644
MAN := $(wildcard packaging/man/*)
pages := $(foreach m,$(MAN),man$(subst .,,$(suffix $(m)))/$(notdir $(m)))
place = sed -e 's|/etc/nlddns|$(sysconfdir)/nlddns|g' -e 's|/var/lib/nlddns|$(localstatedir)/lib/nlddns|g' \
	-e 's|/run/nlddns|$(runstatedir)/nlddns|g' -e 's|/usr/local/share/nlddns|$(datadir)/nlddns|g'
CONFIG = $(DESTDIR)$(sysconfdir)/nlddns/nlddns.conf
install: all ## into DESTDIR; prefix=/usr/local, bindir, sysconfdir=/etc and so on say where
	$(INSTALL) -d $(addprefix $(DESTDIR),$(bindir) $(sbindir) $(libexecdir)/nlddns $(datadir)/nlddns \
		$(docdir) $(bashcompdir) $(addprefix $(mandir)/,$(sort $(dir $(pages)))) $(sysconfdir)/nlddns)
	$(INSTALL_PROGRAM) $(O)/nlddns $(DESTDIR)$(bindir)
	$(INSTALL_PROGRAM) $(O)/nlddnsd $(DESTDIR)$(sbindir)
	$(INSTALL_PROGRAM) $(O)/nlddns-updater $(DESTDIR)$(libexecdir)/nlddns
	$(INSTALL_DATA) $(O)/providers.conf $(DESTDIR)$(datadir)/nlddns
	$(INSTALL_DATA) README.md LICENSE $(DESTDIR)$(docdir)
	$(place) packaging/completion/nlddns.bash >$(O)/page
	$(INSTALL_DATA) $(O)/page $(DESTDIR)$(bashcompdir)/nlddns
	$(place) packaging/nlddns.conf >$(O)/nlddns.conf
	$(INSTALL_DATA) $(O)/nlddns.conf $(DESTDIR)$(docdir)/nlddns.conf.example
	[ -e $(CONFIG) ] || $(INSTALL) -m 600 $(O)/nlddns.conf $(CONFIG)
	for page in $(pages); do $(place) packaging/man/$${page#*/} >$(O)/page && \
		$(INSTALL_DATA) $(O)/page $(DESTDIR)$(mandir)/$$page || exit 1; done; rm $(O)/page
install-strip: ## the same, and smaller
	$(MAKE) --no-print-directory INSTALL_PROGRAM='$(INSTALL) -s --strip-program=$(STRIP)' install
uninstall: ## remove what install put there, but not a configuration that was changed
	rm -f $(addprefix $(DESTDIR),$(bindir)/nlddns $(sbindir)/nlddnsd $(bashcompdir)/nlddns $(pages:%=$(mandir)/%))
	rm -rf $(addprefix $(DESTDIR),$(libexecdir)/nlddns $(datadir)/nlddns $(docdir))
	$(place) packaging/nlddns.conf | cmp -s - $(CONFIG) && rm $(CONFIG) || true
	rmdir $(DESTDIR)$(sysconfdir)/nlddns 2>/dev/null || true
dist: ## nlddns-VERSION.tar.xz of the last commit, the same bytes wherever it is made
	$(Q)packaging/dist $(O)
deb: ## a Debian package, in build/package/deb
	$(Q)packaging/deps deb
	$(Q)packaging/deb $(O)/package/deb
image: all ## a container image of this machine's packages, without a registry
	$(Q)packaging/container/image $(O)
clean: ## remove what was built
	rm -rf $(O)
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t24

.DEFAULT_GOAL := all
.PHONY: all tests test run install install-strip uninstall dist deb image clean help FORCE fuzz fuzzers bench bench-storm bench-fanout check $(TARGETS)
.SECONDARY:
-include $(shell find $(O) -path $(O)/package -prune -o -name '*.d' -type f -print 2>/dev/null)
