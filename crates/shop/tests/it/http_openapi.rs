//! The OpenAPI document in docs/ is the one the program serves.

use std::path::Path;

#[test]
fn the_document_in_docs_is_the_one_the_program_serves() {
    let now = shop::http::openapi_json();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let stored = std::fs::read_to_string(docs.join("openapi.json")).unwrap_or_default();
    if stored != now {
        std::fs::write(docs.join("openapi.json.new"), &now).expect("docs/ can be written");
        panic!(
            "docs/openapi.json is stale. Look at docs/openapi.json.new and take it over:\n  \
             mv docs/openapi.json.new docs/openapi.json && cd ui && npx openapi-typescript ../docs/openapi.json -o src/api/schema.ts"
        );
    }
}
