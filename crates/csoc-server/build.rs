//! The web interface is embedded from `ui/dist`. The folder must be there when this crate is compiled, and what
//! is embedded must be what was built last.

fn main() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/dist");
    // Without it the server says on its page that the interface was not built; compiling goes on.
    if let Err(error) = std::fs::create_dir_all(&dist) {
        println!("cargo:warning={} cannot be made: {error}", dist.display());
    }
    println!("cargo:rerun-if-changed={}", dist.display());
}
