//! `serve`: the preview in a browser.

use std::net::{IpAddr, Ipv4Addr};

use super::Outcome;
use super::args::{self, Args};
use super::build::options;
use super::print::Screen;
use super::watch::no_events;
use crate::error::Error;
use crate::serve::{self, Happening, Settings};

pub(super) fn serve(args: &Args, asked: &args::Serve, screen: Screen) -> Outcome {
    if !args.content.is_dir() {
        return Err(Error::NoContent(args.content.clone()));
    }
    let host = asked.host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let editor = super::print::variable("SHANGJIA_EDITOR");
    let settings = Settings { host, port: asked.port, poll: asked.poll, lang: screen.lang, editor };
    let options = options(args, &args::Run::at(asked.as_of.as_ref()))?;
    if !host.is_loopback() {
        screen.line(screen.say(
            "warning: everybody in this network can see the preview, drafts included",
            "注意：同一网络里的人都能看到预览（包括草稿）",
        ));
    }
    let open = asked.open;
    let lines = screen.clone();
    let ready = |address: &str| {
        lines.result(&format!("{address}\n"));
        lines.line(lines.say(
            "preview (workbench: /_/; Ctrl+C ends it)",
            "预览已开始（工作台：/_/；Ctrl+C 结束）",
        ));
        if open {
            browse(address);
        }
    };
    serve::run(options, &settings, ready, move |happening| tell(&screen, happening))?;
    Ok(true)
}

fn tell(screen: &Screen, happening: &Happening) {
    match happening {
        Happening::Polling(why) => screen.line(&no_events(screen, why)),
        Happening::Trouble(error) => screen.failure(error),
        Happening::Built(work) => {
            let milliseconds = (work.seconds * 1000.0).round();
            let (made, errors, warnings) = (work.made_count, work.errors, work.warnings);
            let chinese = format!(
                "重做 {made} 个文件，{errors} 个错误，{warnings} 个警告，{milliseconds} ms"
            );
            let english = format!(
                "made {made} files, {errors} errors, {warnings} warnings, {milliseconds} ms"
            );
            screen.line(screen.say(&english, &chinese));
        }
    }
}

/// Opens the author's browser; where that fails the address was printed.
fn browse(address: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let _ = std::process::Command::new(program).arg(address).spawn();
}
