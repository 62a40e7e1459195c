//! Each command through the program: its exit code, its results on stdout, its words on stderr.

use std::process::Command;

use serde_json::Value;

use crate::shop::{NOW, Run, SHOP, Shop, set};

const CUP: &str = "---\nsku: CUP-1\ntitle: Cup\nprice: 10\n---\nA cup.\n";

fn cup() -> Shop {
    Shop::new(&[("content/shop.yaml", SHOP), ("content/products/cups/cup.md", CUP)])
}

fn with_lang(shop: &Shop, lang: &str, words: &[&str]) -> Run {
    Run::of(shop.command(words).env("SHANGJIA_LANG", lang))
}

#[test]
fn init_makes_a_shop_that_builds_without_a_finding() {
    for words in [&["init"][..], &["init", "--empty"]] {
        let shop = Shop::empty();
        let run = shop.run(words).expect(0);
        assert!(run.err.contains("shangjia build"), "it says what comes next: {}", run.err);
        let built = shop.build().expect(0);
        assert_eq!(built.out, "", "{}", built.out);
        assert!(shop.text("output/site/index.html").contains("<h1"));
    }
    let shop = Shop::empty();
    let run = shop.run(&["init", "my shop"]).expect(0);
    assert!(run.err.contains("cd 'my shop' && shangjia serve"), "{}", run.err);
    assert!(shop.path("my shop/content/shop.yaml").exists());
    assert!(shop.path("my shop/output/.gitignore").exists());
}

#[test]
fn init_is_in_the_language_of_who_asks() {
    for (lang, first, facts, other) in [
        ("en", "[en, zh-CN]", "Material", "index.zh-CN.md"),
        ("zh_CN", "[zh-CN, en]", "材质", "index.en.md"),
    ] {
        let shop = Shop::empty();
        with_lang(&shop, lang, &["init"]).expect(0);
        assert!(shop.text("content/shop.yaml").contains(first));
        assert!(shop.text("content/products/cups/white-cup/index.md").contains(facts));
        assert!(shop.path(&format!("content/products/cups/blue-bowl/{other}")).exists());
        let built = shop.build().expect(0);
        assert_eq!(built.out, "", "{}", built.out);
        for (page, word) in [("zh-CN/cups/blue-bowl", "尺寸"), ("en/cups/blue-bowl", "Size")] {
            let at = shop.path(&format!("output/site/{page}/index.html"));
            let page = if at.exists() { page } else { "cups/blue-bowl" };
            assert!(shop.text(&format!("output/site/{page}/index.html")).contains(word), "{word}");
        }
    }
}

#[test]
fn commands_in_a_folder_without_a_shop_say_so_and_write_nothing() {
    let shop = Shop::empty();
    for words in [
        &["new", "product", "cups/cup"][..],
        &["build"],
        &["check"],
        &["title"],
        &["categories"],
        &["explain", "CUP-1"],
    ] {
        let run = shop.run(words).expect(2);
        assert!(
            run.err.contains("shangjia init") || run.err.contains("did you mean"),
            "{}",
            run.err
        );
    }
    assert!(crate::shop::tree(&shop.path("")).is_empty());
    let near = shop.run(&["explain", "price/from"]).expect(2).err;
    assert!(near.contains("price/form"), "a code needs no shop: {near}");
}

#[test]
fn what_is_asked_for_wrongly_is_told_with_what_there_is() {
    let shop = cup();
    for (words, hint) in [
        (&["explain", "CUP-1.prise"][..], "`price`"),
        (&["explain", "CUP-1@taoboa"], "no channel"),
        (&["export", "--where", "categry=cups"], "category"),
        (&["title", "CUP-2"], "`CUP-1`"),
        (&["build", "--as-of", "tomorrow"], "2026-11-20"),
    ] {
        let run = shop.run(words).expect(2);
        assert!(run.err.contains(hint), "{words:?}: {}", run.err);
    }
    let zh = with_lang(&shop, "zh_CN", &["build", "--as-of", "tomorrow"]).expect(2).err;
    assert!(zh.contains("请写成"), "{zh}");
    let empty = shop.run(&["explain", "CUP-1.subtitle"]).expect(0).out;
    assert!(empty.contains("nothing says it"), "{empty}");
}

#[test]
fn a_build_with_errors_says_that_the_output_stays() {
    let shop = cup();
    shop.replace("content/products/cups/cup.md", "price: 10", "price: ten");
    let run = shop.run(&["build"]).expect(1);
    assert!(run.err.contains("--keep-going"), "{}", run.err);
    let run = shop.run(&["build", "--keep-going"]).expect(1);
    assert!(!run.err.contains("--keep-going"), "{}", run.err);
}

#[test]
fn init_touches_nothing_that_is_there() {
    let shop = Shop::empty();
    shop.run(&["init"]).expect(0);
    shop.change("content/pages/about.md", "---\ntitle: Mine\n---\n");
    let before = crate::shop::tree(&shop.path(""));
    let run = shop.run(&["init"]).expect(2);
    assert!(run.err.contains("already"), "{}", run.err);
    crate::shop::same(&crate::shop::tree(&shop.path("")), &before);
    shop.remove("content/shop.yaml");
    shop.run(&["init"]).expect(0);
    assert_eq!(shop.text("content/pages/about.md"), "---\ntitle: Mine\n---\n");
}

#[test]
fn new_things_have_no_errors() {
    let shop = cup();
    for (kind, path, file) in [
        ("product", "cups/celadon-mug", "products/cups/celadon-mug/index.md"),
        ("category", "plates", "products/plates/category.md"),
        ("campaign", "spring", "campaigns/spring/index.md"),
        ("page", "delivery", "pages/delivery.md"),
        ("product", "cups/青瓷 杯", "products/cups/青瓷 杯/index.md"),
        ("page", "it's: \"odd\"", ""),
    ] {
        let run = shop.run(&["new", kind, path]);
        if file.is_empty() {
            run.expect(2);
            continue;
        }
        let run = run.expect(0);
        assert!(run.err.contains(file), "{}", run.err);
        assert!(shop.path(&format!("content/{file}")).exists());
        let errors: Vec<String> = shop
            .check()
            .out
            .lines()
            .filter(|line| line.contains(": error["))
            .map(str::to_owned)
            .collect();
        assert!(errors.is_empty(), "{kind}: {errors:?}");
        let text = shop.text(&format!("content/{file}"));
        shop.run(&["new", kind, path]);
        assert_eq!(shop.text(&format!("content/{file}")), text, "a file that is there stays");
    }
    for path in ["../outside", "/../x", "a//b", ".hidden", "", "c:/x"] {
        shop.run(&["new", "page", path]).expect(2);
    }
    assert!(!shop.path("outside.md").exists());
}

#[test]
fn explain_tells_of_a_code_an_output_and_a_value() {
    let shop = cup();
    shop.change(
        "content/products/cups/category.md",
        "---\ntitle: Cups\ndefaults: {brand: Kiln}\n---\n",
    );
    shop.build().expect(0);
    for (code, row) in shangjia::diag::codes::table().codes() {
        let words = row.words(shangjia::diag::codes::Lang::En);
        let first = |text: &str| text.split('{').next().unwrap_or_default().to_owned();
        if code == "price/form" || code == "markdown/html" {
            let text = shop.run(&["explain", code]).expect(0).out;
            for part in [&words.says, &words.why, &words.fix] {
                assert!(text.contains(&first(part)), "{code}: {text}");
            }
            assert!(!text.contains("{{"), "{text}");
        }
    }
    let zh = with_lang(&shop, "zh_CN", &["explain", "price/form"]).expect(0).out;
    assert!(zh.contains("不是金额"), "{zh}");

    let page = shop.run(&["explain", "output/site/cups/cup/index.html"]).expect(0).out;
    assert!(page.contains("CUP-1") && page.contains("nothing it read has changed"), "{page}");
    assert_eq!(shop.run(&["explain", "site/cups/cup/index.html"]).expect(0).out, page);
    shop.replace("content/products/cups/cup.md", "price: 10", "price: 11");
    let page = shop.run(&["explain", "output/site/cups/cup/index.html"]).expect(0).out;
    assert!(
        page.contains("has changed: the next build")
            && page.lines().any(|line| line.starts_with("* product CUP-1")),
        "{page}"
    );
    let other = shop.run(&["explain", "site/404.html"]).expect(0).out;
    assert!(other.contains("nothing it read has changed"), "{other}");

    let product = shop.run(&["explain", "CUP-1"]).expect(0).out;
    assert!(
        product.contains("price.list") && product.contains("content/products/cups/cup.md"),
        "{product}"
    );
    let brand = shop.run(&["explain", "CUP-1.brand"]).expect(0).out;
    assert!(
        brand.contains("Kiln")
            && brand.contains("content/products/cups/category.md")
            && !brand.contains("price"),
        "{brand}"
    );

    let address = shop.run(&["explain", "/cups/cup/"]).expect(0).out;
    assert!(address.contains("page of product CUP-1"), "{address}");
    let file = shop.run(&["explain", "content/products/cups/cup.md"]).expect(0).out;
    assert!(file.contains("site/cups/cup/index.html") && file.contains("price.list"), "{file}");
    let file = shop.run(&["explain", "content/products/cups/category.md"]).expect(0).out;
    assert!(file.contains("site/cups/index.html"), "{file}");

    let near = shop.run(&["explain", "CUP-l"]).expect(2).err;
    assert!(near.contains("CUP-1"), "{near}");
    let near = shop.run(&["explain", "price/from"]).expect(2).err;
    assert!(near.contains("price/form"), "{near}");
    shop.run(&["explain", "output/site/nothing.html"]).expect(2);
    shop.run(&["explain", "nonsense"]).expect(2);
}

#[test]
fn completions_for_every_shell() {
    let shop = Shop::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = shop.run(&["completions", shell]).expect(0);
        assert!(run.out.contains("keep-going"), "{shell}");
        assert_eq!(run.err, "");
    }
}

#[test]
fn exit_codes() {
    let shop = cup();
    shop.build().expect(0);
    shop.check().expect(0);
    shop.replace("content/products/cups/cup.md", "price: 10", "price: ten");
    shop.build().expect(1);
    shop.check().expect(1);
    shop.run(&["build", "--keep-going"]).expect(1);
    for words in [
        &["build", "--as-of", "soon"][..],
        &["nonsense"],
        &["build", "--format", "loud"],
        &["check", "--content", "nowhere"],
        &["schema", "nothing"],
        &["explain"],
    ] {
        let run = shop.run(words).expect(2);
        assert!(!run.err.is_empty() && run.out.is_empty(), "{words:?}");
    }
    shop.run(&["--help"]).expect(0);
    assert!(shop.run(&["--version"]).expect(0).out.contains(env!("CARGO_PKG_VERSION")));
}

/// A shop with three kinds of findings in two files, one of them Chinese.
fn faulty() -> Shop {
    let shop = cup();
    shop.change(
        "content/products/cups/cup.md",
        "---\nsku: CUP-1\ntitle: 青釉杯\nprice: 10\nsotck: 3\n---\n一只<b>杯</b>子。\n",
    );
    shop.change("content/products/b 碗.md", "---\nsku: CUP-1\ntitle: Bowl\nprice: 1\n---\n");
    shop
}

#[test]
fn json_is_one_object_a_line() {
    let shop = faulty();
    let run = shop.run(&["check", "--format", "json", "--as-of", NOW]).expect(1);
    let findings: Vec<Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let short = shop.check();
    assert_eq!(findings.len(), short.out.lines().count());
    for (finding, line) in findings.iter().zip(short.out.lines()) {
        let text = |name: &str| {
            finding[name].as_str().unwrap_or_else(|| panic!("no {name} in {finding}")).to_owned()
        };
        let place = match (finding["line"].as_u64(), finding["column"].as_u64()) {
            (Some(row), Some(column)) => format!("{}:{row}:{column}", text("path")),
            _ => text("path"),
        };
        assert_eq!(
            line,
            format!("{place}: {}[{}]: {}", text("severity"), text("code"), text("message"))
        );
        assert!(!finding["hints"].as_array().unwrap().is_empty(), "{finding}");
    }
    let twice = findings.iter().find(|finding| finding["code"] == "sku/twice").unwrap();
    assert_eq!(twice["related"].as_array().unwrap().len(), 1, "the other place is named: {twice}");
    let unknown = findings.iter().find(|finding| finding["code"] == "key/unknown").unwrap();
    assert!(unknown["hints"].to_string().contains("stock"), "{unknown}");
    assert_eq!((unknown["end_line"].as_u64(), unknown["end_column"].as_u64()), (Some(5), Some(6)));
}

#[test]
fn sarif_is_of_its_version() {
    let shop = faulty();
    let run = shop.run(&["check", "--format", "sarif", "--as-of", NOW]).expect(1);
    let log: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let job = &log["runs"][0];
    let rules: Vec<&str> = job["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    for result in job["results"].as_array().unwrap() {
        assert!(rules.contains(&result["ruleId"].as_str().unwrap()), "{result}");
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let uri =
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.is_ascii() && !uri.contains(' '), "{uri}");
    }
    assert_eq!(job["results"].as_array().unwrap().len(), shop.check().out.lines().count());
    shop.remove("content/products/b 碗.md").change("content/products/cups/cup.md", CUP);
    let clean: Value =
        serde_json::from_str(&shop.run(&["check", "--format", "sarif"]).expect(0).out).unwrap();
    assert_eq!(
        clean["runs"][0]["results"].as_array().unwrap().len(),
        0,
        "no findings are a log too"
    );
}

#[test]
fn github_commands_are_one_a_line() {
    let shop = faulty();
    let run = shop.run(&["check", "--format", "github", "--as-of", NOW]).expect(1);
    assert_eq!(run.out.lines().count(), shop.check().out.lines().count());
    for line in run.out.lines() {
        let kind =
            ["::error ", "::warning ", "::notice "].iter().any(|kind| line.starts_with(kind));
        assert!(kind && line.contains("file=") && line.contains("title="), "{line}");
    }
    assert!(run.out.contains("file=content/products/cups/cup.md,line=5,col=1,endLine=5,endColumn=6,title=key/unknown::"), "{}", run.out);
}

#[test]
fn people_see_the_line_and_a_caret_under_it() {
    let shop = faulty();
    let run = shop.run(&["check", "--color", "never", "--as-of", NOW]).expect(1);
    assert_eq!(run.out, "", "words for people go to stderr");
    let lines: Vec<&str> = run.err.lines().collect();
    let at = lines.iter().position(|line| line.contains("sotck: 3")).unwrap();
    assert!(lines[at + 1].contains("^^^^^"), "{}", run.err);
    assert!(run.err.contains("did you mean `stock`?"), "{}", run.err);
    assert!(run.err.contains("content/products/cups/cup.md:5:1"), "{}", run.err);
    let color = shop.run(&["check", "--color", "always", "--as-of", NOW]).expect(1);
    assert!(color.err.contains("\u{1b}["), "colours when asked for");
}

#[test]
fn a_caret_stands_under_its_word_behind_chinese() {
    use unicode_width::UnicodeWidthStr;
    let shop = cup();
    shop.change(
        "content/products/cups/cup.md",
        "---\nsku: CUP-1\ntitle: 青釉杯\nfacts: {材质: 高温白瓷, 容量: 350 mI}\nprice: 10\n---\n",
    );
    let run = shop.run(&["check", "--color", "never", "--as-of", NOW]).expect(0);
    let lines: Vec<&str> = run.err.lines().collect();
    let at = lines.iter().position(|line| line.contains("350 mI")).unwrap();
    let word = lines[at][..lines[at].find("350 mI").unwrap()].width();
    let caret = lines[at + 1][..lines[at + 1].find('^').unwrap()].width();
    assert_eq!(word, caret, "{}", run.err);
}

#[test]
fn findings_are_chinese_where_the_reader_is() {
    let shop = faulty();
    for lang in ["zh_CN", "zh_CN.UTF-8", "zh"] {
        let run = with_lang(&shop, lang, &["check", "--format", "short", "--as-of", NOW]).expect(1);
        assert!(run.out.contains("error[key/unknown]: 这里不认识 `sotck`"), "{}", run.out);
    }
    let run = with_lang(&shop, "zh_CN", &["build", "--color", "never"]).expect(1);
    assert!(
        run.err.contains("错误[key/unknown]") && run.err.contains("是不是想写 `stock`？"),
        "{}",
        run.err
    );
    let run = with_lang(&shop, "zh_CN", &["build", "--content", "nowhere"]).expect(2);
    assert!(run.err.contains("无法运行"), "{}", run.err);
    let mut command = Command::new(env!("CARGO_BIN_EXE_shangjia"));
    command
        .current_dir(shop.path(""))
        .env_remove("SHANGJIA_LANG")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES");
    let run = Run::of(command.env("LANG", "zh_CN.UTF-8").args(["check", "--format", "short"]));
    assert!(run.out.contains("这里不认识"), "{}", run.out);
}

#[test]
fn quiet_says_only_what_is_wrong() {
    let shop = cup();
    let run = shop.run(&["build", "--quiet"]).expect(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""));
    let run = faulty().run(&["build", "--quiet", "--color", "never"]).expect(1);
    assert!(run.err.contains("sotck") && !run.err.contains("made"), "{}", run.err);
}

/// Every schema the program gives, resolved.
fn schema(kind: &str) -> Value {
    let text = Shop::empty().run(&["schema", kind]).expect(0).out;
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

fn kinds() -> Vec<String> {
    Shop::empty().run(&["schema"]).expect(0).out.lines().map(str::to_owned).collect()
}

/// A value that a schema allows, as simple as can be; `None` where the schema says nothing of it.
fn example(schema: &Value, defs: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return example(&defs[name.rsplit('/').next().unwrap()], defs);
    }
    if let Some(first) = schema["anyOf"].as_array().and_then(|all| {
        all.iter().max_by_key(|one| one["properties"].as_object().map_or(0, serde_json::Map::len))
    }) {
        return example(first, defs);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    if let Some(properties) = schema["properties"].as_object() {
        return properties
            .iter()
            .map(|(name, inner)| (name.clone(), example(inner, defs)))
            .collect::<serde_json::Map<_, _>>()
            .into();
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str()).unwrap_or("string");
    match kind {
        "array" => Value::Array(vec![example(&schema["items"], defs)]),
        "integer" | "number" => schema["minimum"].as_u64().unwrap_or(1).into(),
        "boolean" => true.into(),
        "object" => Value::Object(serde_json::Map::new()),
        _ => "x".into(),
    }
}

#[test]
fn every_key_of_a_schema_is_known_to_the_reader() {
    let files = [
        ("product", "content/products/x.md"),
        ("category", "content/products/x/category.md"),
        ("campaign", "content/campaigns/x/index.md"),
        ("page", "content/pages/x.md"),
        ("shop", "content/shop.yaml"),
    ];
    let known = set(files.iter().map(|(kind, _)| *kind));
    for kind in kinds() {
        let schema = schema(&kind);
        assert!(schema["$schema"].as_str().is_some(), "{kind}");
        assert!(known.contains(&kind), "the schema `{kind}` has no test");
        let (_, path) = files.iter().find(|(name, _)| *name == kind).unwrap();
        let value = example(&schema, &schema["$defs"]);
        let keys = value.as_object().unwrap().len();
        assert!(keys > 5, "{kind}: {value}");
        // JSON is YAML.
        let text =
            if kind == "shop" { value.to_string() } else { format!("---\n{value:#}\n---\n") };
        let shop = cup();
        shop.change(path, text);
        let run = shop.check();
        let unknown: Vec<&str> = run
            .out
            .lines()
            .filter(|line| line.contains("[key/unknown]") && line.starts_with(path))
            .collect();
        assert!(unknown.is_empty(), "{kind}: {unknown:#?}");
        let broken: Vec<&str> = run
            .out
            .lines()
            .filter(|line| line.contains("[yaml/") && line.starts_with(path))
            .collect();
        assert!(broken.is_empty(), "{kind}: {broken:#?}");
    }
    assert_eq!(set(kinds()), known);
}

#[test]
fn every_key_of_the_reader_is_in_the_schema() {
    // The reader's own list of keys, as its hints know them: a key one letter off is put right by a schema's key.
    for kind in ["product", "category", "campaign", "page", "shop"] {
        let schema = schema(kind);
        let root = match schema["$ref"].as_str() {
            Some(name) => schema["$defs"][name.rsplit('/').next().unwrap()].clone(),
            None => schema.clone(),
        };
        assert_eq!(
            root["additionalProperties"],
            Value::Bool(false),
            "{kind}: an unknown key is an error"
        );
    }
    let source = |file: &str| {
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
            .unwrap()
    };
    let taken = |text: &str, from: &str| -> Vec<String> {
        let start = text.find(from).unwrap_or_else(|| panic!("no `{from}`"));
        let body = &text[start..start + text[start..].find("\n}\n").unwrap()];
        let calls = body.split("fields.take(\"").skip(1).filter_map(|rest| rest.split('"').next());
        calls.map(str::to_owned).collect()
    };
    let record = source("src/catalog/record.rs");
    let doc = source("src/catalog/doc.rs");
    let shop = source("src/catalog/shop.rs");
    for (kind, text, from) in [
        ("product", &record, "pub fn decode("),
        ("category", &doc, "fn category("),
        ("campaign", &doc, "fn campaign("),
        ("page", &doc, "fn page("),
        ("shop", &shop, "pub fn decode("),
    ] {
        let schema = schema(kind);
        let root = match schema["$ref"].as_str() {
            Some(name) => schema["$defs"][name.rsplit('/').next().unwrap()].clone(),
            None => schema.clone(),
        };
        let keys = taken(text, from);
        assert!(keys.len() > 5, "{kind}: {keys:?}");
        for key in keys {
            assert!(
                root["properties"].get(&key).is_some(),
                "`{key}` of {kind} is not in its schema"
            );
        }
    }
}

#[test]
fn explain_knows_every_field_and_names_may_stand_in_one_text() {
    let shop = cup();
    shop.change(
        "content/products/cups/cup.md",
        "---\nsku: CUP-1\ntitle: Cup\nprice: {list: 10, sale: 8, from: 2026-11-01}\ngtin: \"6901234001013\"\n\
         tags: tea, 早餐、gift\nfacts: {Glaze: celadon}\nslug: mug\nredirects: [/old/]\n---\n",
    );
    let text = shop.run(&["explain", "CUP-1"]).expect(0).out;
    for field in ["price.from", "gtin", "facts.Glaze", "slug", "redirects", "on the shelf"] {
        assert!(text.contains(field), "{field}: {text}");
    }
    assert!(text.contains("tea, 早餐, gift"), "{text}");
    shop.build().expect(0);
    assert!(shop.path("output/site/tags/gift/index.html").exists());
    shop.replace("content/products/cups/cup.md", "tags: tea, 早餐、gift", "tags: \"tea, gift\"");
    let text = shop.run(&["explain", "CUP-1.tags"]).expect(0).out;
    assert!(text.contains("tea, gift"), "{text}");
    shop.build().expect(0);
    assert!(!shop.path("output/site/tags/gift/index.html").exists(), "quotes keep it one");
}

#[test]
fn a_check_says_that_it_wrote_nothing() {
    let run = cup().run(&["check"]).expect(0);
    assert!(run.err.contains("nothing written") && !run.err.contains("files made"), "{}", run.err);
}

#[test]
fn findings_hint_in_the_language_of_the_reader() {
    let shop = cup();
    shop.change("content/shop.yaml", format!("{SHOP}currency: RMB\ntime_zone: Beijing\n"));
    shop.change(
        "content/products/cups/cup.md",
        "---\nsku: CUP-1\ntitle: Cup\nprice: {list: 8, sale: 10}\nfacts: {Glaze: celadon\n---\n",
    );
    let run = with_lang(&shop, "zh_CN", &["check"]).expect(1);
    for words in ["`CNY`", "`Asia/Shanghai`", "没有闭合"] {
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
    assert!(!run.err.contains("flow mapping"), "{}", run.err);
    let line = run.err.lines().filter(|line| line.contains("price: {list")).count();
    assert_eq!(line, 1, "one line is shown once: {}", run.err);
}

#[test]
fn a_theme_takes_over_the_colours_of_the_one_it_extends() {
    let shop = cup();
    shop.change("content/shop.yaml", format!("{SHOP}theme: mine\n"));
    shop.change("themes/mine/theme.yaml", "extends: default\ncolors: {dark: \"#010203\"}\n");
    shop.build().expect(0);
    let page = shop.text("output/site/index.html");
    assert!(page.contains("#f8f9f6") && page.contains("#010203"), "{page}");
}

#[test]
fn help_and_wrong_words_are_told_in_chinese_too() {
    let shop = Shop::empty();
    let zh = |words: &[&str]| with_lang(&shop, "zh_CN", words);
    let help = zh(&["build", "--help"]).expect(0).out;
    for part in ["用法：", "只生成这些部分", "一行一个 JSON 对象", "[默认："] {
        assert!(help.contains(part), "{part}: {help}");
    }
    assert!(!help.contains("Build only") && !help.contains("[default"), "{help}");
    let all = zh(&["--help"]).expect(0).out;
    assert!(all.contains("新建店铺") && !all.contains("Make a"), "{all}");
    let wrong = zh(&["buld"]).expect(2).err;
    assert!(wrong.contains("没有这个命令：'buld'") && wrong.contains("'build'"), "{wrong}");
    let wrong = zh(&["build", "--only", "posterz"]).expect(2).err;
    assert!(wrong.contains("值不对：'posterz'") && wrong.contains("posters"), "{wrong}");
    let wrong = zh(&["import", "x.csv"]).expect(2).err;
    assert!(wrong.contains("还缺少") && wrong.contains("--as"), "{wrong}");
}
