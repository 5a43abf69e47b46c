# `just` lists the recipes; `just ci` is what CI runs.

export PATH := env("XDG_CACHE_HOME", home_directory() / ".cache") / "seance-ci/bin:" + env("PATH")

[private]
default:
    @just --list --unsorted

# Everything CI runs, in its order; prints the minutes of each stage
[group('check')]
ci:
    #!/usr/bin/env bash
    set -euo pipefail
    for stage in fmt lint forbid test external deploy drift bench fuzz; do
        tests/scripts/stage "$stage" just "$stage"
    done

# Formatting, of Rust and Go
[group('check')]
fmt:
    cargo fmt --all --check
    test -z "$(gofmt -l tests/tools | tee /dev/stderr)"

# Clippy without a warning, go vet, and shellcheck on our own scripts
[group('check')]
lint:
    cargo clippy --workspace --all-targets -- -D warnings
    cd tests/tools/hclcheck && go vet ./...
    shellcheck .ci/run tests/scripts/*

# Leftovers, machine paths, tests that nobody runs
[group('check')]
forbid:
    tests/scripts/forbid

# What a stranger with cargo alone runs
[group('check')]
test *arguments:
    cargo test --workspace {{ arguments }}

# Golden trees, flakes, units, Caddy and hooks through programs that nobody here wrote (as root)
[group('check')]
external *arguments:
    SEANCE_EXTERNAL=1 cargo test --test external {{ arguments }}
    SEANCE_EXTERNAL=1 cargo test --test crash a_full_disk

# Plan, apply and destroy from end to end: the real engine against simulated clouds
[group('check')]
deploy *arguments:
    SEANCE_EXTERNAL=1 cargo test --test deploy {{ arguments }}

# The repository's own deployment is up to date and without a finding
[group('check')]
drift:
    cargo run --quiet --release -- check
    cargo run --quiet --release -- diff

# Speed and memory as ratios, held against the promises
[group('check')]
bench:
    SEANCE_BENCH_ASSERT=1 cargo bench --bench offline
    SEANCE_BINARY="$(realpath "${CARGO_TARGET_DIR:-target}/release/seance")" SEANCE_BENCH=1 SEANCE_BENCH_ASSERT=1 cargo test --test deploy overhead -- --nocapture

# Every fuzz target for a few seconds
[group('check')]
fuzz seconds="20":
    #!/usr/bin/env bash
    set -euo pipefail
    mapfile -t targets < <(cargo +nightly fuzz list)
    ((${#targets[@]})) || { echo "fuzz: there is no target" >&2; exit 1; }
    for target in "${targets[@]}"; do
        echo "fuzz: $target for {{ seconds }} seconds"
        mkdir -p "fuzz/corpus/$target"
        cargo +nightly fuzz run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- -max_total_time={{ seconds }} -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1
    done

# Every fuzz target for ten minutes, every fault at every step, and twenty applies killed at random
[group('check')]
soak: (fuzz "600")
    SEANCE_EXTERNAL=1 SEANCE_SOAK=20 cargo test --test deploy soak -- --nocapture

# Installs the programs that `ci` needs
[group('develop')]
tools:
    tests/scripts/tools

# Builds the engine and the providers that the deployment tests run
[group('develop')]
engines:
    tests/scripts/engines

# Brings the repository's own deployment up to date
[group('develop')]
gen:
    cargo run --quiet -- gen

# Accepts new snapshots, golden trees and checked-in texts; read the diff before you commit it
[group('develop')]
bless:
    INSTA_UPDATE=always UPDATE=1 cargo test --workspace
    git status --short tests src

# Formats everything
[group('develop')]
format:
    cargo fmt --all
    gofmt -w tests/tools
