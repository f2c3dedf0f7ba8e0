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

# Speeds, as ratios against something run beside it. Not part of the tests.
bench: install
	cargo bench --locked
