//! `schema`: JSON Schemas of the files an author writes, for completion and hints in editors.

use serde_json::Value;

use super::Outcome;
use super::args;
use super::print::Screen;
use crate::error::Error;

/// The schemas, kept as YAML beside this file; a test holds them against what is really read.
const SCHEMAS: &str = include_str!("schema.yaml");

pub(super) fn schema(what: &args::Schema, screen: &Screen) -> Outcome {
    let all: Value = serde_yaml::from_str(SCHEMAS).expect("schema.yaml is tested");
    let kinds = all["kinds"].as_object().cloned().unwrap_or_default();
    let Some(kind) = &what.kind else {
        for name in kinds.keys() {
            screen.result(&format!("{name}\n"));
        }
        return Ok(true);
    };
    let Some(schema) = kinds.get(kind) else {
        let names: Vec<&str> = kinds.keys().map(String::as_str).collect();
        let words = screen.say("no such kind of file; there are", "没有这种文件；可用的有");
        return Err(Error::Usage(format!("`{kind}`: {words} {}", names.join(", "))));
    };
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        map.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        map.insert("$defs".into(), all["$defs"].clone());
    }
    screen.result(&format!("{schema:#}\n"));
    Ok(true)
}
