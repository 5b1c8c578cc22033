//! The committed contract is the one that the program has. `CSOC_UPDATE_OPENAPI=1` writes it anew.

use std::path::Path;

#[test]
fn openapi_json_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    let now = csoc_server::openapi_json();
    if std::env::var_os("CSOC_UPDATE_OPENAPI").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == now, "openapi.json is not what the program answers; write it anew: make openapi");
}
