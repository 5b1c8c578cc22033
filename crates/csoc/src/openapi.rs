//! `csoc openapi`: the contract of the REST API, as it is committed in openapi.json.

use std::process::ExitCode;

use crate::Outcome;

pub fn run() -> Outcome {
    print!("{}", csoc_server::openapi_json());
    Ok(ExitCode::SUCCESS)
}
