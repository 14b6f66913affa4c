# Lianxin
#
#   make            the program, build/release/lianxin
#   make demo       install what is missing, build, and see a day of the hotline, with a kill at noon
#   make test       install what is missing, build, and run every test
#   make bench      a year of cases through the engine: 64 a message, one a message, words alone
#   make bench-all  every profile, results and plots in build/bench
#   make bench-redis        the same cases through Redis Streams, installed on demand
#   make bench-zen          the same decision tables by the ZEN engine, installed on demand
#   make plot       draw a day of the hotline, docs/day.svg
#   make asan tsan  tests under AddressSanitizer and UBSan; ring and engine under ThreadSanitizer
#   make fuzz       random files and cells into their readers, SECONDS=60 for each reader
#   make model      the ring's protocols, checked by spin
#   make lint       clang-tidy, cppcheck, clang-format; make format mends the last
#   make pages      run the commands in docs/, and write what they print into the pages
#
# Knobs: CC=clang, CONFIG=release|asan|tsan, V=1 for whole command lines.

CONFIG ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD := build/$(CONFIG)-$(CC)

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wundef -Wvla -Wformat=2
CFLAGS_release := -O2 -g
CFLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
                  -fno-omit-frame-pointer -DLIANXIN_VERIFY
CFLAGS_tsan    := -O1 -g -fsanitize=thread -DLIANXIN_VERIFY
CFLAGS_fuzz    := $(CFLAGS_asan) -fsanitize=fuzzer-no-link
CFLAGS  := -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS_$(CONFIG)) $(EXTRA_CFLAGS)
INCLUDES := -Iengine -Iproto -I. -I$(BUILD)/gen
LDFLAGS := $(filter -fsanitize%,$(CFLAGS_$(CONFIG))) $(EXTRA_CFLAGS)

# A sanitizer brings its own allocator.
ALLOCATOR_release := -ljemalloc
LIBS_base   := -lpthread $(ALLOCATOR_$(CONFIG))
LIBS_ring   := $(LIBS_base)
LIBS_domain := -lcsv -lsodium $(LIBS_base)
LIBS_wire   := -lprotobuf-c -lxxhash $(LIBS_domain)
LIBS_client := -lzmq -lprotobuf-c $(LIBS_base)
LIBS_store  := -llmdb -lxxhash $(LIBS_domain)
LIBS_all    := -lzmq -llmdb -lprotobuf-c -lxxhash -ljansson -lm $(LIBS_domain)

# ---- sources, in the order in which a case meets them -------------------------------------------

BASE   := check err arena diag clock say utf8 file
RING   := wait stage
DOMAIN := words \
          $(addprefix text/,fold symbols trie text) \
          $(addprefix city/,codes date encoding divider sheet folder calendar province context places names path \
            functions units lines categories unit_names mentions hints city) \
          $(addprefix rules/,facts input values scale cell text_cell output hit_policy table_head table table_validity table_check weights_read weights \
            text_column match vote answer waivers rules) \
          policy alike decide explain_say explain_weights explain why_not tickets needs number \
          $(addprefix check/,finding reach grid wants volume looking seek witness cells gaps \
            overlaps first doubles shadow words posts owners witness_rows witness_say guards clocks check)
WIRE   := limits walk fields case change request event reply rare explanation desk day book
STORE  := space recent ids lmdb group tail standing passed reader look recover policies writer commit derive store verify
STAGES := letter socket prefixes outbox guard 1_ingress 2_decode 3_route 4_store storing health store_case \
          store_act recall regime 5_commit 6_publish lookup shelf recalled recheck explaining suppose explain_case explain_ticket reader reading read_ticket read_feed read_explain \
          read_desk read_day book changing inquiries in_force beginning succession loader read_history
ENGINE := sockets engine
CLIENT := front client message submitter units watcher
TOOLS  := main command json circumstances explanation offline history named_book \
          serve submit watch show explain act desk report status verify city bench \
          $(addprefix compare/,pair change groups difference edits sampler comparison page chart \
            comparison_json comparison_charts comparison_edits comparison_page) \
          $(addprefix learn/,corpus copies keywords weights table trial report) \
          $(addprefix rules/,coverage covered expectation golden row_stats check change load rollback history diff \
            cover stats learn rules) \
          $(addprefix simulate/,phrases cases agenda people listen scene day simulate)

BENCH  := cases arrivals schedule histogram progress fail zmtp parcels glance disk server catch load \
          slow_weights slow_match finder judge verdicts proof figures run \
          made_table rules micro_words micro_table micro_wire micro_store micro \
          floors_disk floors_lmdb floors_zmq floors_pack floors_ring floors \
          document samples ranks change alike compare series \
          setup result table $(addprefix profile_,year open ramp restart growth idle) bench

MODULES := base ring domain wire store stages engine client bench tools
SOURCES_base   := $(BASE:%=engine/base/%.c)
SOURCES_ring   := $(RING:%=engine/ring/%.c)
SOURCES_domain := $(DOMAIN:%=engine/domain/%.c)
SOURCES_wire   := $(WIRE:%=engine/wire/%.c)
SOURCES_store  := $(STORE:%=engine/store/%.c)
SOURCES_stages := $(STAGES:%=engine/stages/%.c)
SOURCES_engine := $(ENGINE:%=engine/%.c)
SOURCES_client := $(CLIENT:%=proto/%.c)
SOURCES_bench  := $(BENCH:%=bench/%.c)
SOURCES_tools  := $(TOOLS:%=tools/%.c)

# What a module may stand on; a test of it links these archives and no others.
NEEDS_base   := base
NEEDS_ring   := ring base
NEEDS_domain := domain base
NEEDS_wire   := wire gen domain base
NEEDS_store  := store domain base
NEEDS_stages := stages store wire gen ring domain base
NEEDS_engine := engine stages store wire gen ring domain base
NEEDS_client := client gen base
NEEDS_bench  := bench client store wire gen ring domain base

# ---- rules --------------------------------------------------------------------------------------

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' $(1) $(2))
objects = $(SOURCES_$(1):%.c=$(BUILD)/%.o)
archives = $(patsubst %,$(BUILD)/%.a,$(1))

.PHONY: all
all: $(BUILD)/lianxin

GEN := $(BUILD)/gen/lianxin.pb-c
$(GEN).c: proto/lianxin.proto
	@mkdir -p $(@D)
	$(call say,PROTO,$<)
	$(Q)protoc-c --c_out=$(@D) -Iproto $<
$(GEN).h: $(GEN).c ;

# Built and run while Lianxin is; OpenCC is needed for no more than that.
SIMPLIFIED := $(BUILD)/gen/domain/simplified.h
$(SIMPLIFIED): tools/simplified.c
	@mkdir -p $(@D)
	$(call say,TABLE,$@)
	$(Q)$(CC) -std=gnu11 -O1 $(WARNINGS) -o $(BUILD)/gen/simplified $< -lopencc
	$(Q)$(BUILD)/gen/simplified >$@.new && mv $@.new $@

$(BUILD)/%.o: %.c | $(GEN).c $(SIMPLIFIED)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(INCLUDES) -MMD -MP -c -o $@ $<

# Generated code answers for its own warnings.
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(call say,CC,$<)
	$(Q)$(CC) $(filter-out -W%,$(CFLAGS)) -MMD -MP -c -o $@ $<

# Which commit a result is of; written only where it is another, so that nothing else is made anew.
COMMIT := $(BUILD)/gen/commit.h
.PHONY: force
$(COMMIT): force
	@mkdir -p $(@D)
	$(Q)printf '#define LIANXIN_COMMIT "%s"\n' \
	    "$$(git describe --always --dirty 2>/dev/null || echo unknown)" >$@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(BUILD)/bench/setup.o: $(COMMIT)

$(BUILD)/gen.a: $(GEN).o
	$(Q)rm -f $@ && ar rcs $@ $^

define module_rule
$(BUILD)/$(1).a: $(call objects,$(1))
	$(call say,AR,$(1))
	$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach module,$(MODULES),$(eval $(call module_rule,$(module))))

PROGRAM := tools bench engine stages store wire client gen ring domain base
$(BUILD)/lianxin: $(call archives,$(PROGRAM))
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_all)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# ---- demo and bench -----------------------------------------------------------------------------

# What one would pick instead. A program of its own, so that Lianxin needs no Redis.
REDIS := commands replies process push tally redis
$(BUILD)/redis: $(REDIS:%=$(BUILD)/bench/redis/%.o) $(call archives,bench gen domain base)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lhiredis $(LIBS_all)

# The same for decision tables.
$(BUILD)/zen-export: $(BUILD)/bench/zen/export.o $(call archives,$(NEEDS_bench))
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_all)

.PHONY: demo bench bench-all bench-redis bench-zen plot
bench-redis:
	$(Q)sh bench/redis/run.sh
bench-zen:
	$(Q)sh bench/zen/run.sh
bench:
	$(Q)sh tools/install-packages.sh build
	$(Q)$(MAKE) --no-print-directory $(BUILD)/lianxin
	$(Q)$(BUILD)/lianxin bench year
	$(Q)$(BUILD)/lianxin bench year --per-message 1
	$(Q)$(BUILD)/lianxin bench year --text-only
# A result takes its name only once it is whole.
PROFILES := idle day peak year flood latency ramp restart growth
bench-all:
	$(Q)sh tools/install-packages.sh build bench
	$(Q)$(MAKE) --no-print-directory $(BUILD)/lianxin
	$(Q)mkdir -p build/bench
	$(Q)for profile in $(PROFILES); do \
	    $(BUILD)/lianxin bench $$profile --json >build/bench/$$profile.new && \
	    mv build/bench/$$profile.new build/bench/$$profile.json && \
	    LIANXIN=$(BUILD)/lianxin sh bench/plot.sh build/bench/$$profile.json build/bench || exit 1; \
	done
demo:
	$(Q)sh tools/install-packages.sh build
	$(Q)$(MAKE) --no-print-directory $(BUILD)/lianxin
	$(Q)$(BUILD)/lianxin simulate day --kill 12:00
plot:
	$(Q)sh tools/install-packages.sh build bench
	$(Q)$(MAKE) --no-print-directory $(BUILD)/lianxin
	$(Q)sh tools/plot.sh $(BUILD)/lianxin docs/day.svg
	$(Q)sh tools/plot_diff.sh $(BUILD)/lianxin docs/diff.svg

# ---- tests --------------------------------------------------------------------------------------

# One Criterion program a module, linked with what the module may stand on and nothing else; and one
# for the whole engine.
TESTED := $(notdir $(patsubst %/,%,$(sort $(dir $(wildcard tests/unit/*/*.c)))))
test_objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c))
NEEDS_tools := bench stages store wire gen ring domain base
NEEDS_real := domain base
NEEDS_tck := domain base
EXTRA_domain := $(call test_objects,tests/support) $(BUILD)/bench/slow_match.o \
                $(BUILD)/bench/slow_weights.o
EXTRA_tck := $(call test_objects,tests/support)
EXTRA_stages := $(call test_objects,tests/support)
EXTRA_store := $(call test_objects,tests/support)
EXTRA_tools := $(patsubst %,$(BUILD)/tools/%.o,history named_book compare/pair compare/change compare/groups compare/edits \
                 rules/coverage rules/expectation rules/golden learn/corpus learn/copies learn/keywords learn/weights \
                 learn/table learn/trial learn/report json circumstances explanation simulate/phrases \
                 simulate/cases simulate/agenda) $(call test_objects,tests/support)
TEST_LIBS_tck := -lexpat
NEEDS_whole := bench engine stages store wire client gen ring domain base

define test_rule
$(BUILD)/tests/$(1): $(BUILD)/tests/leaks.o $(call test_objects,$(2)) $(3) $(call archives,$(NEEDS_$(1)))
	@mkdir -p $$(@D)
	$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(LDFLAGS) -o $$@ $$^ -lcriterion $(TEST_LIBS_$(1)) $$(LIBS_all)
endef
$(foreach module,$(TESTED),$(eval $(call test_rule,$(module),tests/unit/$(module),$(EXTRA_$(module)))))
EXTRA_whole := $(patsubst %,$(BUILD)/tools/%.o,command json circumstances history named_book compare/pair compare/change \
                 compare/groups rules/coverage rules/covered rules/expectation rules/golden rules/row_stats \
                 compare/difference compare/edits compare/sampler compare/comparison compare/page \
                 compare/chart compare/comparison_json compare/comparison_charts compare/comparison_edits \
                 compare/comparison_page rules/diff rules/cover rules/stats) $(call test_objects,tests/support)
$(eval $(call test_rule,whole,tests/engine,$(EXTRA_whole)))
$(BUILD)/tests/whole $(BUILD)/tests/bench: | $(BUILD)/lianxin

TESTS := $(TESTED:%=$(BUILD)/tests/%) $(BUILD)/tests/whole

# Plain programs, so that a seed can be replayed under a debugger and ThreadSanitizer starts.
$(BUILD)/tests/stress-ring: $(call test_objects,tests/stress) $(call archives,ring base)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_ring)

$(BUILD)/tests/stress-loads: $(call test_objects,tests/stress/loads) $(BUILD)/tests/engine/traffic.o \
                             $(call test_objects,tests/support) $(call archives,$(NEEDS_whole))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_all)

# The examples of the documentation, as an adapter's own program would be linked.
EXAMPLES := $(BUILD)/examples/submit
$(EXAMPLES): $(BUILD)/examples/%: $(BUILD)/docs/examples/%.o $(call archives,$(NEEDS_client))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_client)

.PHONY: check test
check: $(BUILD)/lianxin $(TESTS) $(BUILD)/tests/stress-ring $(EXAMPLES)
	$(Q)for test in $(TESTS); do echo "$$test"; $$test --jobs 2 || exit 1; done
	$(Q)$(BUILD)/tests/stress-ring
	+$(Q)$(FUZZ) smoke
	$(Q)sh tests/architecture.sh
	$(Q)sh tests/examples/readme.sh
	$(Q)sh tests/examples/run.sh $(BUILD)

test: install
	$(Q)$(MAKE) --no-print-directory check

.PHONY: install
install:
	$(Q)sh tools/install-packages.sh build test

# ---- fuzzing ------------------------------------------------------------------------------------

# libFuzzer is clang's, so these are a build of their own, whatever compiler made the rest.
FUZZ := $(MAKE) --no-print-directory CONFIG=fuzz CC=clang
FUZZED := sheet cell words book
FUZZERS := $(FUZZED:%=$(BUILD)/fuzz/%)
SECONDS ?= 60
$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(call test_objects,tests/support) \
                             $(call archives,domain base) $(BUILD)/bench/slow_match.o \
                             $(BUILD)/bench/slow_weights.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS_domain)

# A few seconds of check: always the same inputs, so that only a change of the code can fail.
.PHONY: fuzz smoke long
smoke: $(FUZZERS)
	$(Q)for name in $(FUZZED); do \
	    sh tests/fuzz/run.sh $(BUILD)/fuzz/$$name -runs=20000 -seed=1 || exit 1; done

# What it finds anew is kept in build/fuzz-clang, where the next run goes on.
fuzz:
	$(Q)sh tools/install-packages.sh build test
	+$(Q)$(FUZZ) long
long: $(FUZZERS)
	$(Q)for name in $(FUZZED); do \
	    sh tests/fuzz/run.sh $(BUILD)/fuzz/$$name -max_total_time=$(SECONDS) || exit 1; done

# ---- other looks at the code --------------------------------------------------------------------

# Criterion lets a test pass that leaks, and nobody sees what a child writes when it ends; so reports
# go to files, and one file is one too many.
.PHONY: asan
asan:
	$(Q)rm -f build/asan-report.*
	$(Q)ASAN_OPTIONS=fast_unwind_on_malloc=0:log_path=$(CURDIR)/build/asan-report \
	    $(MAKE) --no-print-directory CONFIG=asan check
	$(Q)! cat build/asan-report.* 2>/dev/null

.PHONY: tsan
tsan:
	$(Q)$(MAKE) --no-print-directory CONFIG=tsan stress
	$(Q)CC=$(CC) sh tests/stress/mutants.sh

.PHONY: stress
stress: $(BUILD)/tests/stress-ring $(BUILD)/tests/stress-loads
	$(Q)$<
	$(Q)TSAN_OPTIONS=suppressions=tests/stress/loads/libraries.supp $(BUILD)/tests/stress-loads

.PHONY: model
model:
	$(Q)sh tools/install-packages.sh model
	$(Q)sh tests/model/run.sh

FORMATTED := $(shell git ls-files '*.c' '*.h' 2>/dev/null)
.PHONY: format lint
format:
	$(Q)clang-format -i $(FORMATTED)

# Each file with one compiler's eyes; tests are read by the compilers alone.
TIDIED := $(shell git ls-files 'engine/*.c' 'proto/*.c' 'tools/*.c' 'bench/*.c' 2>/dev/null)
lint: $(GEN).c $(SIMPLIFIED)
	$(Q)sh tools/install-packages.sh lint
	$(Q)clang-format --dry-run --Werror $(FORMATTED)
	$(Q)printf '%s\n' $(TIDIED) | xargs -P 2 -n 6 sh -c \
	    'clang-tidy --quiet "$$@" -- $(filter-out -W%,$(CFLAGS)) $(INCLUDES) 2>/dev/null' tidy
	$(Q)cppcheck --quiet --error-exitcode=1 --inline-suppr --enable=warning,portability \
	    --suppress=missingInclude -Iengine -Iproto -I. engine proto tools bench

# Runs the commands in the documentation, and writes what they print into it.
.PHONY: pages
pages: $(BUILD)/lianxin
	$(Q)sh tests/examples/pages.sh $(BUILD) $(wildcard docs/*.md)

.PHONY: clean
clean:
	rm -rf build
