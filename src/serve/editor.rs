//! Opens a file in the author's editor, at a line.

use std::process::{Command, Stdio};

use crate::id::SourcePath;
use crate::source::disk::Roots;

/// Editors that are looked for when nobody named one.
const KNOWN: [&str; 6] = ["code", "cursor", "codium", "zed", "subl", "idea"];

/// Opens a file of the shop; the error is for people.
pub(super) fn open(
    roots: &Roots,
    named: Option<&str>,
    (file, line, column): (&str, u64, u64),
) -> Result<(), String> {
    let inside = file.starts_with("content/") || file.starts_with("themes/");
    let odd = file.split('/').any(|part| part.is_empty() || part == "." || part == "..");
    let path = roots.real(&SourcePath::new(file));
    if !inside || odd || file.contains(['\\', '\0']) || !path.is_file() {
        return Err(format!("{file}: no file of this shop"));
    }
    let path = path.canonicalize().map_err(|error| error.to_string())?;
    let own = named.map(|name| [name]);
    for editor in own.as_ref().map_or(&KNOWN[..], |own| &own[..]) {
        let mut words = editor.split_whitespace();
        let Some(program) = words.next() else { continue };
        let mut command = Command::new(program);
        command.args(words).args(arguments(program, &path.display().to_string(), line, column));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Ok(mut child) = command.spawn() {
            // The editor lives on; somebody must take note when it ends.
            std::thread::spawn(move || child.wait());
            return Ok(());
        }
    }
    Err("no editor found; set SHANGJIA_EDITOR, such as SHANGJIA_EDITOR=\"code\"".to_owned())
}

/// How an editor is told the line.
fn arguments(program: &str, path: &str, line: u64, column: u64) -> Vec<String> {
    let name = std::path::Path::new(program).file_stem().and_then(|name| name.to_str());
    match name.unwrap_or(program) {
        "code" | "cursor" | "codium" | "code-insiders" => {
            vec!["--goto".to_owned(), format!("{path}:{line}:{column}")]
        }
        "zed" | "subl" | "hx" => vec![format!("{path}:{line}:{column}")],
        "idea" | "webstorm" | "rustrover" => {
            vec!["--line".to_owned(), line.to_string(), path.to_owned()]
        }
        _ => vec![format!("+{line}"), path.to_owned()],
    }
}
