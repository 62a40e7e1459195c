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
