//! The last builds: what was remade, and why.

use serde_json::{Value, json};

use super::{Live, Panel, Query, badge, column};

pub(super) const PANEL: Panel =
    Panel { id: "builds", title: ("Builds", "构建"), listed: true, view };

fn view(live: &Live, _: &Query) -> Value {
    let builds: Vec<_> = live.inner().builds.iter().cloned().collect();
    let rows: Vec<Value> = builds
        .iter()
        .map(|build| {
            let outcome = if build.superseded {
                badge(live.say(("superseded", "被新修改取代")), "calm")
            } else if build.errors > 0 {
                badge(&live.count(build.errors, ("error", "errors", "个错误")), "bad")
            } else {
                badge(live.say(("written", "已写出")), "good")
            };
            let why = if build.timely {
                live.say(("a moment has come", "到了预定时间")).to_owned()
            } else if build.why.is_empty() {
                live.say(("everything was looked at", "检查全部文件")).to_owned()
            } else {
                build.why.join("\n")
            };
            let made: Vec<&str> =
                build.made.iter().take(8).map(crate::id::OutPath::as_str).collect();
            json!([
                build.at,
                outcome,
                why,
                build.made_count,
                build.kept,
                build.pictures,
                format!("{:.0} ms", build.seconds * 1000.0),
                made.join("\n"),
            ])
        })
        .collect();
    json!({
        "title": live.say(PANEL.title),
        "blocks": [{
            "kind": "table",
            "filter": false,
            "empty": live.say(("No build yet", "还没有构建")),
            "columns": [
                column(live.say(("When", "时间")), "time"),
                column(live.say(("Outcome", "结果")), "badge"),
                column(live.say(("Because of", "原因")), "text"),
                column(live.say(("Made", "重做")), "number"),
                column(live.say(("Kept", "保留")), "number"),
                column(live.say(("Pictures", "图片")), "number"),
                column(live.say(("Took", "用时")), "text"),
                column(live.say(("Files", "文件")), "text"),
            ],
            "rows": rows,
        }],
    })
}
