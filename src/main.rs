//! The command `motherline`; everything is in the library.

fn main() -> std::process::ExitCode {
    motherline::cli::run()
}
