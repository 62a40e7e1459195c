//! What platforms call the things that variants differ in, by the words that shops use for them.

/// Words for the attributes that schema.org and feeds know.
const NAMES: [(&str, &[&str]); 4] = [
    ("color", &["颜色", "色", "釉色", "花色", "color", "colour"]),
    ("size", &["尺寸", "尺码", "规格", "大小", "size"]),
    ("material", &["材质", "面料", "material", "fabric"]),
    ("pattern", &["花纹", "图案", "pattern"]),
];

/// `color`, `size`, `material` or `pattern`, when an axis or a fact is one of them.
pub fn attribute(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    NAMES.iter().find(|(_, words)| words.contains(&name.as_str())).map(|(known, _)| *known)
}
