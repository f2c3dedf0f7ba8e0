# Two commands do everything: `cargo run --release`, and `make test`.

.PHONY: test install bench

# Every check there is. Installs the Debian packages it needs and are missing; starts and stops every server
# it uses, on loopback, in temporary folders.
test: install
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	RUST_TEST_THREADS=8 cargo test --locked

install:
	@sh deploy/install-test-packages.sh

# How well danger is found in labelled texts; and speeds, as ratios against something run beside it, the engine's in one
# table at the end. Not part of the tests: on two cores it takes an hour and a half, and some ten gigabytes in the temporary folder.
bench: install
	cargo run --release --locked -- explain danger --score tests/danger/*.toml
	cargo bench --locked --bench pure
	cargo bench --locked --bench engine
	cargo bench --locked --bench console

# A picture of every page of the console, on a phone and at a desk, light and dark, in three languages:
# target/screenshots. Not part of the tests.
.PHONY: screenshots
screenshots: install
	cargo test --locked --test it -- --ignored console::browser::looking::screenshots

# Fifty thousand made-up mothers over 21 months, with everything that can fail (the report: target/simulation.html); the
# service killed 200 times on each engine, beside a gateway that keeps its own account; the pace watched for a minute.
# Not part of the tests: it takes longer than all of them.
.PHONY: soak ha
soak: install
	cargo run --release --locked -- simulate --mothers 50000 --report target/simulation.html
	MOTHERLINE_KILLS=200 MOTHERLINE_WATCH=60 cargo test --locked --test it -- --nocapture --test-threads 2 killed:: throttle::

# Three PostgreSQL machines under Patroni on this one: the primary is killed and cut off under load. Not part of the
# tests. Installs the Debian packages it needs.
ha: install
	cargo build --release --locked
	MOTHERLINE=target/release/motherline bash deploy/ha/trial.sh
