//! HTTP: requests in, answers out. Knows nothing of shops.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use include_dir::{Dir, include_dir};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;

use super::answer::{self, Answer};
use super::guard::{self, Guard};
use super::live::{Live, View};
use super::{editor, panels};
use crate::id::{Hash, unescaped};

/// Files of the workbench and of the client in pages.
static WEB: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/serve/web");
/// What `/_/` is.
const WORKBENCH: &str = "workbench.html";

/// More than this nobody has to say.
const LARGEST: usize = 64 << 10;

/// Answers until the process is told to end.
pub(super) async fn serve(
    listener: TcpListener,
    live: Arc<Live>,
    bound: SocketAddr,
) -> std::io::Result<()> {
    let app = Router::new()
        .route("/_/events", get(events))
        .route("/_/api/state", get(state))
        .route("/_/api/findings", get(findings))
        .route("/_/api/panels", get(list))
        .route("/_/api/panel/{id}", get(panel))
        .route("/_/api/open", post(open))
        .fallback(site)
        .with_state(live)
        .layer(middleware::from_fn_with_state(Guard::new(bound), check_host));
    axum::serve(listener, app)
        .with_graceful_shutdown(async {
            // Without a way to hear Ctrl+C the system ends the process by itself.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            // Browsers hold their event streams open for ever.
            end();
        })
        .await
}

/// Ends the process: builds are safe to be cut short at any moment.
#[expect(clippy::exit, reason = "streams of events never end by themselves")]
fn end() {
    std::process::exit(0);
}

async fn check_host(Shared(guard): Shared<Guard>, request: Request, next: Next) -> Response {
    if guard.knows_host(request.headers()) {
        return next.run(request).await;
    }
    let words = "this preview answers to localhost and to bare addresses only";
    (StatusCode::MISDIRECTED_REQUEST, words).into_response()
}

/// The view a browser asks for, by its cookie.
fn view_of(headers: &HeaderMap) -> View {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let found = cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix("shangjia_view="));
    let text = found.and_then(unescaped).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Work that computes or reads files stays off the threads that talk to browsers.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

async fn site(Shared(live): Shared<Arc<Live>>, request: Request) -> Response {
    let method = request.method().clone();
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let headers = request.headers().clone();
    let path = request.uri().path().to_owned();
    if let Some(name) = path.strip_prefix("/_/posters/") {
        let name = name.to_owned();
        let answer = apart(move || answer::poster(&live, &name)).await;
        return respond(answer.unwrap_or_else(|| answer::plain(500, "")), &headers);
    }
    if let Some(name) = path.strip_prefix("/_/details/") {
        let name = name.to_owned();
        let answer = apart(move || answer::detail(&live, &name)).await;
        return respond(answer.unwrap_or_else(|| answer::plain(500, "")), &headers);
    }
    if let Some(name) = path.strip_prefix("/_/") {
        return respond(own_file(&live, name), &headers);
    }
    let view = view_of(&headers);
    match apart(move || answer::answer(&live, &path, &view)).await {
        Some(answer) => respond(answer, &headers),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A file of ours. The workbench is told the token, as pages are.
fn own_file(live: &Live, name: &str) -> Answer {
    let name = if name.is_empty() { WORKBENCH } else { name };
    let Some(text) = WEB.get_file(name).and_then(include_dir::File::contents_utf8) else {
        return answer::plain(404, "not found");
    };
    let kind = answer::kind_of(name);
    let text =
        if name == WORKBENCH { text.replace("{token}", &live.token) } else { text.to_owned() };
    Answer { kind, ..answer::plain(200, &text) }
}

/// An answer as HTTP: validators, ranges, redirects.
fn respond(answer: Answer, asked: &HeaderMap) -> Response {
    if let Some(to) = &answer.elsewhere {
        let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response();
    }
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let tag = format!("\"{}\"", Hash::of(&answer.bytes).short(20));
    let cache = if answer.lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let known = text(header::IF_NONE_MATCH)
        .is_some_and(|tags| tags.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    if known && status == StatusCode::OK {
        headers.remove(header::CONTENT_TYPE);
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let whole = text(header::IF_RANGE).is_some_and(|one| one != tag);
    let wanted = text(header::RANGE).filter(|_| status == StatusCode::OK && !whole);
    match wanted.map(|range| part(range, answer.bytes.len())) {
        Some(Some((from, to))) => {
            let range = format!("bytes {from}-{}/{}", to - 1, answer.bytes.len());
            if let Ok(range) = HeaderValue::from_str(&range) {
                headers.insert(header::CONTENT_RANGE, range);
            }
            let bytes = answer.bytes[from..to].to_vec();
            (StatusCode::PARTIAL_CONTENT, headers, Body::from(bytes)).into_response()
        }
        Some(None) => {
            let range = format!("bytes */{}", answer.bytes.len());
            if let Ok(range) = HeaderValue::from_str(&range) {
                headers.insert(header::CONTENT_RANGE, range);
            }
            (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response()
        }
        None => (status, headers, Body::from(answer.bytes.to_vec())).into_response(),
    }
}

/// The bytes a `Range` asks for, `from` to before `to`; nothing when they are not there. Of several ranges the first
/// counts, which HTTP allows.
fn part(range: &str, length: usize) -> Option<(usize, usize)> {
    let first = range.strip_prefix("bytes=")?.split(',').next()?.trim();
    let (from, to) = first.split_once('-')?;
    let (from, to) = match (from.is_empty(), to.is_empty()) {
        (true, true) => return None,
        (true, false) => (length.saturating_sub(to.parse().ok()?), length),
        (false, true) => (from.parse().ok()?, length),
        (false, false) => (from.parse().ok()?, to.parse::<usize>().ok()?.saturating_add(1)),
    };
    let to = to.min(length);
    (from < to).then_some((from, to))
}

async fn events(
    Shared(live): Shared<Arc<Live>>,
    headers: HeaderMap,
) -> Sse<impl tokio_stream::Stream<Item = Result<Event, Infallible>>> {
    let view = view_of(&headers);
    let stream = WatchStream::new(live.state.subscribe()).map(move |state| {
        Ok(Event::default().event("state").data(with_view(&state, &view).to_string()))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}

fn with_view(state: &super::live::State, view: &View) -> Value {
    let mut value = json!(state);
    value["view"] = json!(view);
    value
}

async fn state(Shared(live): Shared<Arc<Live>>, headers: HeaderMap) -> Response {
    let state = live.state.borrow().clone();
    as_json(&with_view(&state, &view_of(&headers)))
}

async fn findings(Shared(live): Shared<Arc<Live>>) -> Response {
    as_json(&apart(move || panels::findings::all(&live)).await.unwrap_or_default())
}

async fn list(Shared(live): Shared<Arc<Live>>) -> Response {
    let all = panels::PANELS.iter().filter(|one| one.listed);
    as_json(&all.map(|one| json!({"id": one.id, "title": live.say(one.title)})).collect::<Value>())
}

async fn panel(
    Shared(live): Shared<Arc<Live>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(panel) = panels::PANELS.iter().find(|panel| panel.id == id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let query = query.unwrap_or_default();
    let value = apart(move || (panel.view)(&live, &panels::Query::parse(&query))).await;
    as_json(&value.unwrap_or_default())
}

async fn open(Shared(live): Shared<Arc<Live>>, request: Request) -> Response {
    if !guard::is_own(request.headers(), &live.token) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Ok(bytes) = axum::body::to_bytes(request.into_body(), LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let asked: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let file = asked["file"].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| asked[name].as_u64().unwrap_or(1);
    let (line, column) = (number("line"), number("column"));
    match apart(move || editor::open(&live.roots, live.editor.as_deref(), (&file, line, column)))
        .await
    {
        Some(Ok(())) => StatusCode::NO_CONTENT.into_response(),
        Some(Err(error)) => as_json(&json!({"error": error})),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn as_json(value: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, value.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn ranges_stay_within_the_file() {
        assert_eq!(part("bytes=0-3", 10), Some((0, 4)));
        assert_eq!(part("bytes=4-", 10), Some((4, 10)));
        assert_eq!(part("bytes=-3", 10), Some((7, 10)));
        assert_eq!(part("bytes=8-99", 10), Some((8, 10)));
        assert_eq!(part("bytes=10-", 10), None);
        assert_eq!(part("bytes=5-2", 10), None);
        assert_eq!(part("bytes=-", 10), None);
        assert_eq!(part("lines=1-2", 10), None);
        assert_eq!(part("bytes=0-18446744073709551615", 10), Some((0, 10)));
    }
}
