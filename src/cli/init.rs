//! `init` and `new`: files to begin with. What is there already is never touched.

use std::path::{Path, PathBuf};

use super::Outcome;
use super::args::{self, Args, Thing};
use super::print::Screen;
use crate::catalog::address;
use crate::error::Error;
use crate::output::disk;

/// Files of a new shop.
const STARTER: [(&str, &str); 9] = [
    ("content/shop.yaml", include_str!("starter/shop.yaml")),
    ("content/logo.svg", include_str!("starter/logo.svg")),
    ("content/products/cups/category.md", include_str!("starter/category.md")),
    ("content/products/cups/white-cup/index.md", include_str!("starter/white-cup.md")),
    ("content/products/cups/white-cup/front.svg", include_str!("starter/white-cup.svg")),
    ("content/products/cups/blue-bowl/index.md", include_str!("starter/blue-bowl.md")),
    ("content/products/cups/blue-bowl/front.svg", include_str!("starter/blue-bowl.svg")),
    ("content/pages/about.md", include_str!("starter/about.md")),
    ("output/.gitignore", "*\n!.gitignore\n"),
];

/// Of these, the ones of a shop without products.
const EMPTY: [&str; 3] = ["content/shop.yaml", "content/logo.svg", "output/.gitignore"];

pub(super) fn init(_: &Args, init: &args::Init, screen: &Screen) -> Outcome {
    let files: Vec<_> =
        STARTER.iter().filter(|(name, _)| !init.empty || EMPTY.contains(name)).collect();
    if init.dir.join("content/shop.yaml").exists() {
        let words = screen.say("there is a shop already", "这里已经有一个店铺");
        return Err(Error::Usage(format!("{}: {words}", init.dir.display())));
    }
    for (name, text) in files {
        // Whoever reads Chinese keeps a shop in Chinese first.
        let first = screen.say("[en, zh-CN]", "[zh-CN, en]");
        write_new(&init.dir.join(name), &text.replace("[en, zh-CN]", first), screen)?;
    }
    let enter = match init.dir.to_str() {
        Some("." | "") | None => String::new(),
        Some(dir) if dir.contains(|c: char| c.is_whitespace() || "'\"$`\\".contains(c)) => {
            format!("cd '{}' && ", dir.replace('\'', "'\\''"))
        }
        Some(dir) => format!("cd {dir} && "),
    };
    screen.line(&format!(
        "{}\n  {enter}shangjia build\n  {}",
        screen.say("next:", "下一步："),
        screen.say(
            "python3 -m http.server --directory output/site   # and open http://localhost:8000",
            "python3 -m http.server --directory output/site   # 然后打开 http://localhost:8000"
        )
    ));
    Ok(true)
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
    let name = parts.last().copied().unwrap_or(path);
    let title = quoted(&name.replace(['-', '_'], " "));
    let content = &args.content;
    let (file, text): (PathBuf, String) = match new.kind {
        Thing::Product => {
            let sku = quoted(&address::slug(name).to_uppercase());
            let text = format!(
                "---\nsku: {sku}\ntitle: {title}\nstatus: draft\nprice: 0.01\nstock: 0\nfacts: {{}}\n---\n\n::: specs\n:::\n"
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
