use super::*;

#[test]
fn built_in_packs_are_sound_and_pass_their_cases() {
    for pack in built_in() {
        let mut faults = Vec::new();
        try_cases(&SourcePath::new(format!("rules/{}.yaml", pack.name)), pack, &mut faults);
        let shown: Vec<String> =
            faults.iter().map(|fault| format!("{:?} {:?}", fault.code, fault.args)).collect();
        assert!(faults.is_empty(), "{}:\n{}", pack.name, shown.join("\n"));
        for rule in &pack.rules {
            assert!(
                !rule.why[0].is_empty() && !rule.why[1].is_empty(),
                "{} has no reason",
                rule.id
            );
            assert!(!rule.cases.bad.is_empty(), "{} has no case", rule.id);
        }
    }
}

/// What a text denies, warns of or forbids it does not claim; the same words as a claim are found.
#[test]
fn denials_claim_nothing() {
    let checker = Checker::new(built_in().iter().cloned());
    let found = |text: &str| {
        let locale = if text.is_ascii() { "en" } else { "zh" };
        let context =
            Context { field: Field::Body, locale, channels: &["amazon"], ..Context::default() };
        !checker.check(text, &context).is_empty()
    };
    for (claim, denial) in [
        ("本品具有治疗湿疹的功效", "本品不具有治疗湿疹的功效"),
        ("加微信领券", "客服不会要求您加微信"),
        ("收藏后必升值", "本店不承诺升值"),
        ("五星好评返现", "本店不搞好评返现活动"),
        ("This balm cures eczema", "This balm is not intended to treat or cure any disease"),
        ("Guaranteed results", "Results are not guaranteed"),
    ] {
        assert!(found(claim), "{claim}");
        assert!(!found(denial), "{denial}");
    }
    for trick in ["没有它治不好的湿疹", "不仅能治疗湿疹", "没有任何副作用"] {
        assert!(found(trick), "{trick}");
    }
}
