//! The page that shows all posters at once.

use std::fmt::Write;
use std::rc::Rc;

use crate::cx::Cx;
use crate::id::OutPath;
use crate::page::picture::escape;

const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;margin:2rem;background:#f4f4f2;color:#222}\
h2{font-size:1rem;margin:2rem 0 .5rem}main>div{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-end}\
figure{margin:0}img{display:block;max-width:360px;max-height:360px;width:auto;height:auto;background:#fff;box-shadow:0 1px 6px #0003}\
h2:has(+div:not(:has(figure))){display:none}figcaption{color:#666;font-size:12px;margin-top:.3rem}";

/// One figure a poster, folder by folder; those that were not drawn are not there.
pub(super) fn page(cx: &Rc<Cx>, files: &[(OutPath, String, (u32, u32))]) -> String {
    let lang = escape(cx.lang());
    let title = if lang.starts_with("zh") { "海报" } else { "Posters" };
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\
         <body><h1>{title} · {}</h1><main>\n",
        files.len()
    );
    let mut folder = "";
    for (path, label, (width, height)) in files {
        let inside = path.as_str().trim_start_matches("posters/");
        let (own, _) = inside.rsplit_once('/').unwrap_or(("", inside));
        if own != folder || folder.is_empty() {
            let close = if folder.is_empty() { "" } else { "</div>\n" };
            let _ = writeln!(out, "{close}<h2>{}</h2><div>", escape(own));
            folder = own;
        }
        let (source, label) = (escape(inside), escape(label));
        let _ = writeln!(
            out,
            "<figure><a href=\"{source}\"><img src=\"{source}\" width=\"{width}\" height=\"{height}\" alt=\"{label}\" \
             loading=\"lazy\" onerror=\"this.closest('figure').remove()\"></a><figcaption>{label} · {width} × {height}</figcaption></figure>"
        );
    }
    out.push_str("</div></main></body></html>\n");
    out
}
