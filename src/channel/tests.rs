use super::limit::Confidence;
use super::profile::Layout;
use super::*;

#[test]
fn every_built_in_profile_is_right() {
    for name in names() {
        let file = SourcePath::new(format!("channels/{name}.yaml"));
        let text = BUILT_IN.get_file(format!("{name}.yaml")).unwrap().contents_utf8().unwrap();
        let parsed = yaml::parse(&file, text, 0);
        assert!(parsed.faults.is_empty(), "{name}: {:?}", parsed.faults);
        let mut faults = Vec::new();
        let profile = decode::profile(name, &file, &tree(name).unwrap(), &mut faults);
        assert!(faults.is_empty(), "{name}: {faults:#?}");
        assert!((name == SITE) == profile.files.is_empty(), "{name}");
        assert!(!profile.version.is_empty(), "{name}");
        assert!(profile.label.iter().any(|(lang, _)| lang == "en"), "{name}");
        assert!(profile.label.iter().any(|(lang, _)| lang == "zh-CN"), "{name}");
        for file in &profile.files {
            assert!(!file.path.is_empty() && !file.columns.is_empty(), "{name}");
        }
    }
}

#[test]
fn the_data_pack_has_its_columns() {
    let profile = built_in("taobao").unwrap();
    let columns = &profile.files[0].columns;
    assert_eq!(columns.len(), 67);
    assert_eq!((&*columns[0].key, &*columns[0].label), ("title", "宝贝名称"));
    assert_eq!((&*columns[66].key, &*columns[66].label), ("taoschema_extend", "taoschema扩展字段"));
    assert_eq!(profile.title.unwrap().source.confidence, Confidence::A);
    assert_eq!(built_in("shopify").unwrap().files[0].columns.len(), 57);
}

#[test]
fn a_shop_changes_only_what_it_says() {
    let text = "settings: {postage_id: \"77\"}\nfiles: {table: {columns: {video: null, note: {value: field(note)}}}}\n";
    let file = SourcePath::new("content/channels/tmall.yaml");
    let mut faults = Vec::new();
    let own = [(file, Arc::from(text))];
    let channels = Channels::load(["tmall", "google"], &own, Date::MAX, &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    let tmall = channels.get("tmall").unwrap();
    assert_eq!((tmall.setting("postage_id"), tmall.setting("post_fee")), ("77", "0"));
    let columns = &tmall.files[0].columns;
    assert_eq!(columns.len(), 67);
    assert_eq!(columns.last().map(|column| &*column.key), Some("note"));
    assert!(!columns.iter().any(|column| column.key == "video"));
    assert_eq!(tmall.files[0].path, "tmall.csv");
    assert_eq!(channels.get("google").unwrap().files[0].rows, Layout::Variant);
    assert_ne!(built_in("tmall").unwrap().hash, tmall.hash);
}

#[test]
fn what_is_wrong_with_a_profile_has_a_place() {
    let text = "extends: shopfy\ntitel: {}\nfiles: {t: {path: ../x, format: cvs, columns: {a: titel, b: {value: sku(1)}}}}\nprice: {regular: c}\ntitle: {unit: chars, max: 5}\n";
    let file = SourcePath::new("content/channels/mine.yaml");
    let mut faults = Vec::new();
    Channels::load([], &[(file.clone(), Arc::from(text))], Date::MAX, &mut faults);
    let found: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| {
            let Place::Bytes(at, span) = &fault.at else { panic!("{fault:?}") };
            assert_eq!(*at, file);
            (&*fault.code, &text[span.start as usize..span.end as usize])
        })
        .collect();
    for wanted in [
        ("profile/extends", "shopfy"),
        ("key/unknown", "titel"),
        ("path/outside", "../x"),
        ("value/choice", "cvs"),
        ("profile/value", "titel"),
        ("profile/brackets", "sku(1)"),
        ("profile/column", "c"),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} is not in {found:?}");
    }
    assert_eq!(found.iter().filter(|(code, _)| *code == "field/missing").count(), 3, "{found:?}");
}
