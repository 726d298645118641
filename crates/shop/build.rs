//! Makes sure that the folder of built pages exists, so that the program also compiles without them.

use std::path::Path;

fn main() {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let dist = Path::new(&root).join("../../ui/dist");
    // Without the folder the embedding does not compile; an empty one is told from a built one.
    let _ = std::fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed={}", dist.display());
}
