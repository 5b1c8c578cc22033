//! libFuzzer's entry: the layouts.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| csoc_gen3_fuzz::layouts(bytes));
