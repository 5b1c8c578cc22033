//! `GET /api/v1/events`: one stream that says what to read again.
//!
//! A reader only hears of organizations it may read. One that cannot keep up is let go: it connects again
//! and reads everything. With every heartbeat it is looked up again, so that a stream does not outlive the
//! session or the role that opened it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::Event as Line;
use csoc_core::access::Permission;
use csoc_core::access::Visible;
use futures_util::Stream;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::permission::{Allowed, FleetRead, presented};
use crate::app::App;
use crate::events::Change;
use crate::identity::recognize;
use crate::service::{Fault, Origin};

const HEARTBEAT: Duration = Duration::from_secs(15);
/// Streams at the same time, for the whole server.
const STREAMS: usize = 1024;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(stream))
}

/// What changed, as server-sent events.
///
/// `event: hello` comes first, `event: change` says what to read again. When the stream ends, connect
/// again and read everything.
#[utoipa::path(get, path = "/events", tag = "events",
    extensions(("x-permission" = json!("fleet:read"))),
    responses((status = 200, description = "The stream", body = csoc_api::events::Event, content_type = "text/event-stream")))]
async fn stream(
    State(app): State<App>,
    allowed: Allowed<FleetRead>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Line, Infallible>>>, Fault> {
    if app.events.listeners() >= STREAMS {
        return Err(Fault::NotReady("too many pages are listening; try again later".to_owned()));
    }
    let changes = app.events.subscribe();
    app.metrics.streams.inc();
    let reader = Reader { changes, visible: allowed.visible, headers, first: true, app };
    Ok(Sse::new(futures_util::stream::unfold(reader, Reader::next)))
}

struct Reader {
    app: App,
    changes: Receiver<Arc<Change>>,
    visible: Visible,
    headers: HeaderMap,
    first: bool,
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.app.metrics.streams.dec();
    }
}

impl Reader {
    async fn next(mut self) -> Option<(Result<Line, Infallible>, Self)> {
        if std::mem::take(&mut self.first) {
            let revision = self.app.events.revision();
            let hello = json!({ "revision": revision, "topics": [], "commons": [], "source": null });
            return Some((Ok(Line::default().event("hello").id(revision.to_string()).data(hello.to_string())), self));
        }
        loop {
            let received = tokio::select! {
                () = self.app.stop.cancelled() => return None,
                received = tokio::time::timeout(HEARTBEAT, self.changes.recv()) => received,
            };
            match received {
                Err(_) if self.still_allowed().await => return Some((Ok(Line::default().comment("")), self)),
                Err(_) | Ok(Err(RecvError::Lagged(_) | RecvError::Closed)) => return None,
                Ok(Ok(change)) if change.audience.includes(&self.visible) => {
                    // A stream that is busy must not outlive its session either.
                    if !self.still_allowed().await {
                        return None;
                    }
                    let line = Line::default().event("change").id(change.revision.to_string());
                    return Some((Ok(line.data(data(&change))), self));
                }
                Ok(Ok(_)) => {}
            }
        }
    }

    async fn still_allowed(&self) -> bool {
        let who = recognize(&self.app, &presented(&self.app, &self.headers), Origin::default()).await;
        who.is_ok_and(|who| match (who.by.actor.visible(Permission::FleetRead), &self.visible) {
            (Visible::All, _) => true,
            (Visible::Only(now), Visible::Only(then)) => then.is_subset(&now),
            (Visible::Only(_), Visible::All) => false,
        })
    }
}

fn data(change: &Change) -> String {
    json!({
        "revision": change.revision,
        "topics": change.topics.iter().map(|topic| topic.as_str()).collect::<Vec<_>>(),
        "commons": change.commons,
        "source": change.source,
    })
    .to_string()
}
