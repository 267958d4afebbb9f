# Two commands are all a newcomer needs: `make demo` and `make test`.

.PHONY: demo test lint format protos samples release bench clean

SWIFT ?= swift

demo: release
	.build/release/qiao demo

test: prerequisites lint
	.ci/test

# The Swift runtime is part of the programs, so that they can be copied to a machine without a toolchain; packed
# relocations and fewer exported names spare pages and time at each start (docs/decisions/0018).
RELEASE = -c release --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs \
	-Xlinker --no-export-dynamic $(LTO)

# Programs are optimised as a whole (docs/decisions/0034) where the machine has memory for it: linking takes 6 GB.
# `make release LTO=` builds them in half of the time, and slower ones.
LTO ?= $(shell awk '/^MemTotal:/ && $$2 > 11000000 { print "--experimental-lto-mode=full" }' /proc/meminfo)

# Branches are laid out by a profile (docs/decisions/0020); `make profile` writes it anew.
release: prerequisites
	profile=$$(SWIFT=$(SWIFT) Benchmarks/profile) && for product in qiao qiao-export-jsonl qiao-export-files; do \
		$(SWIFT) build $(RELEASE) $$profile --product $$product || exit; \
	done

.PHONY: profile
profile: prerequisites
	SWIFT=$(SWIFT) Benchmarks/train

.PHONY: prerequisites
prerequisites:
	@.ci/prerequisites

# Of the fuzzers' sources, those that are not links to the project's own.
SOURCES = Package.swift Sources Tests Fuzzing/Package.swift $(wildcard Fuzzing/Sources/Fuzz*)

lint:
	@$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

format:
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

# Regenerates the committed Swift of every .proto file.
protos: prerequisites
	Sources/CanonicalRecords/Protos/generate
	Sources/ExporterProtocol/Protos/generate

# Rewrites the samples; the same script writes the same bytes.
samples:
	python3 samples/generate.py

# Measures Qiao and its peers in one run and prints Markdown (docs/performance.md): make bench MEGABYTES=1000
# BENCH takes more options, such as BENCH="--only convert,peers" or BENCH=--quick.
bench: release
	Benchmarks/run $(MEGABYTES) $(BENCH)

# Runs every fuzzer for so many seconds; findings are kept in Fuzzing/Findings.
SECONDS ?= 60
.PHONY: fuzz
fuzz: prerequisites
	Fuzzing/run $(SECONDS)

clean:
	rm -rf .build
