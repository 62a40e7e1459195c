//! The preview: what `build` would write, made when a browser asks for it, and sent again when a file is saved.
//!
//! One thread builds (`work`), the others answer. Each save gives a new `Snapshot` of facts at once; pages are made from
//! it on demand, while the same builder brings the output folder up to date behind them.

mod answer;
mod editor;
mod guard;
mod live;
mod panels;
mod server;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::build::{Builder, Options, Progress, Step};
use crate::clock;
use crate::diag::codes::Lang;
use crate::error::Error;
use crate::watcher::{Change, Watcher};
use live::{Live, Work};

/// How the preview is wanted.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen.
    pub host: IpAddr,
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// Look at files every so often instead of waiting for events.
    pub poll: bool,
    /// The language of messages.
    pub lang: Lang,
    /// The command that opens the author's editor.
    pub editor: Option<String>,
}

/// Serves until the process is told to end. `ready` is called with the address.
pub fn run(
    options: Options,
    settings: &Settings,
    ready: impl FnOnce(&str),
    say: impl Fn(&Happening) + Send + 'static,
) -> Result<(), Error> {
    let live = Arc::new(Live::new(options.roots.clone(), settings));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::io(std::path::Path::new("tokio")))?;
    let address = SocketAddr::new(settings.host, settings.port);
    let port = |error: std::io::Error| Error::Port { address, why: error.to_string() };
    let listener = runtime.block_on(tokio::net::TcpListener::bind(address)).map_err(port)?;
    let bound = listener.local_addr().map_err(port)?;
    let worker = live.clone();
    let poll = settings.poll;
    std::thread::spawn(move || work(&worker, options, poll, say));
    ready(&format!("http://{bound}/"));
    runtime.block_on(server::serve(listener, live, bound)).map_err(port)
}

/// Something worth a line in the terminal.
pub enum Happening {
    /// No events are to be had, for this reason.
    Polling(String),
    /// A build ended: what changed, how many artifacts were made, how many findings, how long it took.
    Built(Work),
    /// The output could not be written.
    Trouble(Error),
}

/// Builds again and again: the facts at once, the output behind them.
fn work(live: &Live, options: Options, poll: bool, say: impl Fn(&Happening)) {
    let mut builder = Builder::lasting(options);
    let roots = live.roots.clone();
    let noticed = live.noticed.clone();
    let mut watcher = Watcher::start(&roots, poll, move || {
        noticed.fetch_add(1, Ordering::SeqCst);
    });
    if let Some(why) = watcher.polling.clone() {
        if !poll {
            say(&Happening::Polling(why.clone()));
        }
        live.polls(why);
    }
    let mut change = Change::Anything;
    loop {
        let began = Instant::now();
        let noticed = live.noticed.load(Ordering::SeqCst);
        let changed = match &change {
            Change::Files(paths) => Some(paths.as_slice()),
            Change::End => return,
            _ => None,
        };
        let prepared = builder.look(changed, &Progress::QUIET);
        let work = Work::begun(&prepared, &change);
        let fresh = live.publish(&prepared, noticed);
        if fresh {
            live.let_draw(noticed);
            let tell = |step, done, of| {
                if step == Step::Pages || step == Step::Pictures {
                    live.progress(done, of);
                }
            };
            // A browser that waits comes first, and newer work makes this useless.
            let go_on = || {
                live.give_way(noticed);
                live.noticed.load(Ordering::SeqCst) == noticed
            };
            let report = builder.finish(prepared, &Progress { tell: &tell, go_on: &go_on });
            let seconds = began.elapsed().as_secs_f64();
            match report {
                Ok(report) => {
                    let work = live.report(work, report, seconds);
                    say(&Happening::Built(work));
                }
                Err(Error::Superseded) => live.superseded(work, seconds),
                Err(error) => {
                    live.trouble(&error);
                    say(&Happening::Trouble(error));
                }
            }
        }
        change = watcher.wait(until(&builder));
    }
}

/// How long until the shop changes by itself.
fn until(builder: &Builder) -> Option<Duration> {
    let left = builder.next_change()? - clock::now().as_second();
    Some(Duration::from_secs(u64::try_from(left).unwrap_or_default() + 1))
}
