//! `init` and `new`: files to begin with. What is there already is never touched.

use std::path::{Path, PathBuf};

use super::Outcome;
use super::args::{self, Args, Thing};
use super::print::Screen;
use crate::catalog::address;
use crate::diag::codes::Lang;
use crate::error::Error;
use crate::output::disk;

/// Files of a new shop that are the same in every language.
const STARTER: [(&str, &str); 6] = [
    ("content/shop.yaml", include_str!("starter/shop.yaml")),
    ("content/logo.svg", include_str!("starter/logo.svg")),
    ("content/products/cups/category.md", include_str!("starter/category.md")),
    ("content/products/cups/white-cup/front.svg", include_str!("starter/white-cup.svg")),
    ("content/products/cups/blue-bowl/front.svg", include_str!("starter/blue-bowl.svg")),
    ("output/.gitignore", "*\n!.gitignore\n"),
];

/// Of these, the ones of a shop without products.
const EMPTY: [&str; 3] = ["content/shop.yaml", "content/logo.svg", "output/.gitignore"];

/// Files with a text: what is said once, and the rest in English and in Chinese.
const TEXTS: [(&str, &str, [&str; 2]); 3] = [
    (
        "content/products/cups/white-cup/index",
        include_str!("starter/white-cup.head.yaml"),
        [include_str!("starter/white-cup.en.md"), include_str!("starter/white-cup.zh-CN.md")],
    ),
    (
        "content/products/cups/blue-bowl/index",
        include_str!("starter/blue-bowl.head.yaml"),
        [include_str!("starter/blue-bowl.en.md"), include_str!("starter/blue-bowl.zh-CN.md")],
    ),
    (
        "content/pages/about",
        include_str!("starter/about.head.yaml"),
        [include_str!("starter/about.en.md"), include_str!("starter/about.zh-CN.md")],
    ),
];

/// Words of the English files that stand in Chinese where Chinese comes first.
const CHINESE: [(&str, &str); 4] = [
    (
        "[en, zh-CN]                 # the first stands at the root",
        "[zh-CN, en]                 # 第一种放在网站根目录",
    ),
    (
        "# Everything that is true of the whole shop. `shangjia schema shop` lists what can stand here.",
        "# 整个店铺的设置。能写哪些字段，见 `shangjia schema shop`。",
    ),
    ("axes: [Size]", "axes: [尺寸]"),
    (", Size: 1", ", 尺寸: 1"),
];

pub(super) fn init(_: &Args, init: &args::Init, screen: &Screen) -> Outcome {
    if init.dir.join("content/shop.yaml").exists() {
        let words = screen.say("there is a shop already", "这里已经有一个店铺");
        return Err(Error::Usage(format!("{}: {words}", init.dir.display())));
    }
    for (name, text) in STARTER.iter().filter(|(name, _)| !init.empty || EMPTY.contains(name)) {
        write_new(&init.dir.join(name), &worded(text, screen), screen)?;
    }
    let texts = if init.empty { &[][..] } else { &TEXTS[..] };
    for (name, head, [en, zh]) in texts {
        // Whoever reads Chinese keeps a shop in Chinese first.
        let (own, other, locale) = match screen.lang {
            Lang::En => (en, zh, "zh-CN"),
            Lang::Zh => (zh, en, "en"),
        };
        // What an axis is called elsewhere is said in the other language's file.
        let own: String = own
            .split_inclusive('\n')
            .skip(1)
            .filter(|line| !line.starts_with("options:"))
            .collect();
        let own = format!("---\n{}{own}", worded(head, screen));
        write_new(&init.dir.join(format!("{name}.md")), &own, screen)?;
        write_new(&init.dir.join(format!("{name}.{locale}.md")), other, screen)?;
    }
    let enter = match init.dir.to_str() {
        Some("." | "") | None => String::new(),
        Some(dir) if dir.contains(|c: char| c.is_whitespace() || "'\"$`\\".contains(c)) => {
            format!("cd '{}' && ", dir.replace('\'', "'\\''"))
        }
        Some(dir) => format!("cd {dir} && "),
    };
    screen.line(&format!(
        "{}\n  {enter}shangjia serve --open   {}\n  shangjia build          {}",
        screen.say("next:", "下一步："),
        screen.say("# the shop in a browser; every save shows", "# 在浏览器里看店，保存后马上看到"),
        screen.say("# the finished site, in output/site", "# 生成网站，放在 output/site"),
    ));
    Ok(true)
}

/// A file of the new shop in the reader's language.
fn worded(text: &str, screen: &Screen) -> String {
    match screen.lang {
        Lang::En => text.to_owned(),
        Lang::Zh => CHINESE.iter().fold(text.to_owned(), |text, (en, zh)| text.replace(en, zh)),
    }
}

pub(super) fn new(args: &Args, new: &args::New, screen: &Screen) -> Outcome {
    let path = new.path.trim_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    let bad = parts
        .iter()
        .any(|part| part.is_empty() || part.starts_with('.') || part.contains(['\\', ':']));
    if path.is_empty() || bad {
        let words = screen.say("is no path in the shop", "不是店铺里的路径");
        return Err(Error::Usage(format!("`{}` {words}", new.path)));
    }
    if !args.content.join("shop.yaml").exists() {
        return Err(Error::NoContent(args.content.clone()));
    }
    let name = parts.last().copied().unwrap_or(path);
    let title = quoted(&name.replace(['-', '_'], " "));
    let content = &args.content;
    let (file, text): (PathBuf, String) = match new.kind {
        Thing::Product => {
            let sku = quoted(&address::slug(name).to_uppercase());
            let ready = screen.say("on_shelf when it is ready", "写好后改成 on_shelf");
            let text = format!(
                "---\nsku: {sku}\ntitle: {title}\nstatus: draft   # {ready}\nprice: 0\nstock: 0\nfacts: {{}}\n---\n\n::: specs\n:::\n"
            );
            (content.join("products").join(path).join("index.md"), text)
        }
        Thing::Category => {
            let text = format!("---\ntitle: {title}\ndescription: \"\"\norder: 100\n---\n");
            (content.join("products").join(path).join("category.md"), text)
        }
        Thing::Campaign => {
            let text = format!(
                "---\ntitle: {title}\nwindow: {{from: 2030-01-01, to: 2030-01-07}}\nterms: {{percent_off: 10}}\nproducts: []\n---\n"
            );
            (content.join("campaigns").join(path).join("index.md"), text)
        }
        Thing::Page => {
            let text = format!("---\ntitle: {title}\ndescription: \"\"\n---\n");
            (content.join("pages").join(format!("{path}.md")), text)
        }
    };
    write_new(&file, &text, screen)?;
    Ok(true)
}

/// A text as a YAML scalar.
fn quoted(text: &str) -> String {
    serde_yaml::to_string(text)
        .map_or_else(|_| format!("{text:?}"), |yaml| yaml.trim_end().to_owned())
}

fn write_new(path: &Path, text: &str, screen: &Screen) -> Result<(), Error> {
    if path.exists() {
        let words = screen.say("is there already and stays as it is", "已经存在，保持原样");
        screen.line(&format!("{} {words}", path.display()));
        return Ok(());
    }
    disk::write(path, text.as_bytes())?;
    screen.line(&format!("{} {}", screen.say("wrote", "写入"), path.display()));
    Ok(())
}
