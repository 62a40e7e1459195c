//! Names of files that were meant otherwise: `idnex.md`, `index_en.md`, `shop.yml`.

use crate::diag::nearest;
use crate::id::SourcePath;

/// Names that mean something wherever they stand.
const KNOWN: [&str; 2] = ["index", "category"];
/// Endings that a text gets from programs that hide or add them.
const TEXTS: [&str; 6] = ["txt", "rtf", "doc", "docx", "markdown", "html"];
/// Languages in a file's name, as people write them, and the tag.
const LANGUAGES: [(&str, &str); 10] = [
    ("en", "en"),
    ("zh", "zh"),
    ("cn", "zh-CN"),
    ("zh-cn", "zh-CN"),
    ("zh-tw", "zh-TW"),
    ("zh-hk", "zh-HK"),
    ("ja", "ja"),
    ("ko", "ko"),
    ("de", "de"),
    ("fr", "fr"),
];

/// The name that a file was probably meant to have, when it is not the one it has.
pub fn meant(path: &SourcePath) -> Option<String> {
    let name = path.name();
    let (stem, ending) = name.rsplit_once('.')?;
    let lower = stem.to_lowercase();
    match ending.to_ascii_lowercase().as_str() {
        "yml" => Some(format!("{stem}.yaml")),
        "txt" | "md" if lower.ends_with(".md") || lower.ends_with(".yaml") => Some(stem.to_owned()),
        other if TEXTS.contains(&other) => {
            KNOWN.contains(&lower.as_str()).then(|| format!("{lower}.md"))
        }
        "md" => markdown(path, stem, &lower),
        _ => None,
    }
}

fn markdown(path: &SourcePath, stem: &str, lower: &str) -> Option<String> {
    let area = path.as_str().strip_prefix("content/")?.split('/').next()?;
    let known = match area {
        "products" => &KNOWN[..],
        "campaigns" | "pages" => &KNOWN[..1],
        _ => return None,
    };
    if let Some((base, tail)) = lower.split_once(['.', '_', '-', ' ']) {
        if !known.contains(&base) {
            return None;
        }
        let tail = tail.replace('_', "-");
        let (_, tag) = LANGUAGES.iter().find(|(written, _)| *written == tail)?;
        let right = format!("{base}.{tag}");
        return (right != stem).then(|| format!("{right}.md"));
    }
    let near = nearest(stem, known.iter().copied())?;
    (near != stem).then(|| format!("{near}.md"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_in_names() {
        let of = |path: &str| meant(&SourcePath::new(path));
        for (path, right) in [
            ("content/products/x/idnex.md", "index.md"),
            ("content/products/x/Index.md", "index.md"),
            ("content/products/x/index_en.md", "index.en.md"),
            ("content/products/x/index.EN.md", "index.en.md"),
            ("content/products/x/index.zh_cn.md", "index.zh-CN.md"),
            ("content/products/x/index.md.txt", "index.md"),
            ("content/products/catgory.md", "category.md"),
            ("content/shop.yml", "shop.yaml"),
            ("content/products/a.rows.yml", "a.rows.yaml"),
        ] {
            assert_eq!(of(path).as_deref(), Some(right), "{path}");
        }
        for path in [
            "content/products/x/index.md",
            "content/products/x/index.zh-CN.md",
            "content/products/x/category.en.md",
            "content/products/index-cards/index-cards.md",
            "content/pages/about.md",
            "content/pages/category.md",
            "content/data/ledger.txt",
            "content/shop.yaml",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
