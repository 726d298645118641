//! The hash of the legally relevant part: SHA-256 over its source files, each with its name and its length.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

fn main() {
    let mut files: Vec<_> = fs::read_dir(Path::new("src"))
        .expect("the sources lie beside the build script")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    let mut hash = Sha256::new();
    for path in files {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name");
        // As they lie in the repository, whatever a checkout made of the ends of lines.
        let text = fs::read_to_string(&path).expect("readable sources").replace("\r\n", "\n");
        hash.update(format!("{name}\n{}\n", text.len()));
        hash.update(text);
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("cargo:rustc-env=SCALE_PART_HASH={hex}");
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=build.rs");
}
