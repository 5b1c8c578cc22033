//! What Prometheus reads at `/metrics`.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct RequestLabels {
    method: String,
    /// The template, `/api/v1/sources/{id}`; never a path with ids.
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct RoundLabels {
    /// `ok` or `failed`.
    result: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct SourceLabels {
    pub source: String,
    pub id: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct SignInLabels {
    /// `ok`, `refused`, `throttled`.
    pub result: String,
}

type SecondsGauge = Gauge<f64, AtomicU64>;

pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Histogram>,
    rounds: Family<RoundLabels, Histogram>,
    /// Seconds since the source was last fetched without an error.
    pub source_age: Family<SourceLabels, SecondsGauge>,
    pub sign_ins: Family<SignInLabels, Counter>,
    pub streams: Gauge,
    pub audit_age: SecondsGauge,
}

fn quick() -> Histogram {
    Histogram::new([0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0])
}

fn slow() -> Histogram {
    Histogram::new([0.01, 0.05, 0.2, 1.0, 5.0, 30.0, 300.0])
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("csoc");
        let requests = Family::new_with_constructor(quick as fn() -> Histogram);
        let rounds = Family::new_with_constructor(slow as fn() -> Histogram);
        let (source_age, sign_ins) = (Family::default(), Family::default());
        let (streams, audit_age) = (Gauge::default(), SecondsGauge::default());
        registry.register("http_request_seconds", "Time to answer, by route", requests.clone());
        registry.register("ingest_round_seconds", "Time to fetch and read a source", rounds.clone());
        registry.register(
            "source_age_seconds",
            "Since the source was last fetched without an error",
            source_age.clone(),
        );
        registry.register("sign_ins", "Attempts to sign in", sign_ins.clone());
        registry.register("event_streams", "Open event streams", streams.clone());
        registry.register("audit_unsigned_seconds", "Since the newest signed audit checkpoint", audit_age.clone());
        Self { registry, requests, rounds, source_age, sign_ins, streams, audit_age }
    }
}

impl Metrics {
    pub fn request(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        // Any text can be a method: only the usual ones become labels.
        let method = match method.as_str() {
            known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
            _ => "other",
        };
        let labels = RequestLabels { method: method.to_owned(), route: route.to_owned(), status: status.as_u16() };
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    pub fn ingest_round(&self, ok: bool, took: Duration) {
        let result = if ok { "ok" } else { "failed" };
        let labels = RoundLabels { result: result.to_owned() };
        self.rounds.get_or_create(&labels).observe(took.as_secs_f64());
    }

    pub fn sign_in(&self, result: &str) {
        self.sign_ins.get_or_create(&SignInLabels { result: result.to_owned() }).inc();
    }

    /// In the text form of OpenMetrics.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// Memory of this process that is in RAM, where the system tells.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}
