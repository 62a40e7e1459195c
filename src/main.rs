//! The command `shangjia`.

fn main() -> std::process::ExitCode {
    shangjia::cli::main()
}
