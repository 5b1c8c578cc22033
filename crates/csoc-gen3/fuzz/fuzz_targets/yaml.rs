//! libFuzzer's entry: the YAML reader.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| csoc_gen3_fuzz::yaml(bytes));
