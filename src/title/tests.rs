//! Tests of the search, its proofs and their checker. The tables of `data/keywords` are skipped where they are absent.

use proptest::prelude::*;

use super::order::{join, orders};
use super::problem::{Group, Impossible, Keyword, Problem, Token};
use super::search::{Effort, Proof, search};
use super::verify::{Certificate, Wrong, check};
use crate::text::units::Unit;

fn token(text: &str, cost: u32, terms: &[u32]) -> Token {
    Token { text: text.to_owned(), cost, terms: terms.to_vec(), ..Token::default() }
}

fn keyword(value: u64, terms: &[u32]) -> Keyword {
    Keyword { text: String::new(), value, terms: terms.to_vec() }
}

fn problem(limit: u32, costs: &[u32], keywords: &[(u64, &[u32])]) -> Problem {
    let tokens = (0..)
        .zip(costs)
        .map(|(nth, cost)| token(&format!("{}", char::from(b'a' + nth)), *cost, &[u32::from(nth)]));
    Problem {
        limit,
        tokens: tokens.collect(),
        keywords: keywords.iter().map(|(value, terms)| keyword(*value, terms)).collect(),
        groups: Vec::new(),
    }
}

fn proven(problem: &Problem) -> Certificate {
    let found = search(problem, Effort { prove: true, ..Effort::default() }).expect("possible");
    let text = join(problem, &found.tokens, "|");
    Certificate {
        text,
        unit: Unit::Chars,
        max: 10_000,
        separator: "|".to_owned(),
        problem: problem.clone(),
        tokens: found.tokens,
        value: found.value,
        bound: found.bound,
        proof: found.proof.expect("asked for"),
    }
}

/// Every set of tokens, one by one, counted with bits alone: nothing of the search is used.
fn brute(problem: &Problem) -> Option<u64> {
    let bits = |numbers: &[u32]| numbers.iter().fold(0_u32, |set, one| set | 1 << one);
    let terms: Vec<u32> = problem.tokens.iter().map(|token| bits(&token.terms)).collect();
    let pays: Vec<(u32, u64)> =
        problem.keywords.iter().map(|one| (bits(&one.terms), one.value)).collect();
    let groups: Vec<(u32, u32)> =
        problem.groups.iter().map(|group| (bits(&group.tokens), group.max)).collect();
    let count = problem.tokens.len();
    let musts: u32 = (0..count).filter(|nth| problem.tokens[*nth].must).map(|nth| 1 << nth).sum();
    let mut sums = vec![(0_u32, 0_u64, 0_u32); 1 << count];
    let mut best = None;
    for set in 0..1_usize << count {
        if let Some(lowest) = (0..count).find(|nth| set >> nth & 1 == 1) {
            let token = &problem.tokens[lowest];
            let (cost, fees, there) = sums[set & (set - 1)];
            sums[set] = (cost + token.cost, fees + token.fee, there | terms[lowest]);
        }
        let (cost, fees, there) = sums[set];
        let set = set as u32;
        let allowed = groups.iter().all(|(tokens, max)| (set & tokens).count_ones() <= *max);
        if set & musts == musts && cost <= problem.limit && allowed {
            let sum: u64 = pays
                .iter()
                .filter(|(terms, _)| there & terms == *terms)
                .map(|(_, value)| value)
                .sum();
            best = best.max(Some(sum.saturating_sub(fees)));
        }
    }
    best
}

fn arbitrary() -> impl Strategy<Value = Problem> {
    let tokens = prop::collection::vec(
        (1_u32..8, prop::collection::vec(0_u32..16, 0..2), prop::bool::weighted(0.05), 0_u64..30),
        1..17,
    );
    let keywords =
        prop::collection::vec((0_u64..100, prop::collection::vec(0_u32..16, 1..5)), 0..40);
    let groups = prop::collection::vec((prop::collection::vec(0_u32..16, 1..4), 1_u32..3), 0..3);
    (tokens, keywords, groups, 0_u32..40).prop_map(|(tokens, keywords, groups, limit)| {
        let count = tokens.len() as u32;
        let tokens = (0..).zip(tokens).map(|(nth, (cost, more, must, fee))| {
            let mut terms = vec![nth];
            terms.extend(more.into_iter().filter(|term| *term != nth));
            let fee = if must { 0 } else { fee };
            Token { text: format!("t{nth}"), cost, slot: 0, terms, fee, must }
        });
        let groups = groups.into_iter().map(|(mut tokens, max)| {
            tokens.retain(|one| *one < count);
            tokens.sort_unstable();
            tokens.dedup();
            Group { tokens, max }
        });
        Problem {
            limit,
            tokens: tokens.collect(),
            keywords: keywords.into_iter().map(|(value, terms)| keyword(value, &terms)).collect(),
            groups: groups.collect(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_best_is_found_and_proven(problem in arbitrary()) {
        if let Ok(found) = search(&problem, Effort { prove: true, ..Effort::default() }) {
            prop_assert_eq!(Some(found.value), brute(&problem));
            prop_assert_eq!(found.value, found.bound);
            prop_assert_eq!(check(&proven(&problem)), Ok(()));
        } else {
            prop_assert_eq!(brute(&problem), None);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(problem in arbitrary(), seed in any::<u64>()) {
        let mut turned = problem.clone();
        turned.keywords.sort_by_key(|one| (one.value ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        turned.groups.reverse();
        let found = |problem: &Problem| search(problem, Effort::default()).map(|one| (one.tokens, one.value));
        prop_assert_eq!(found(&problem), found(&turned));
    }

    /// A search that is cut short says how much better another set could be at most.
    #[test]
    fn an_unfinished_search_keeps_its_word(problem in arbitrary(), parts in 1_u32..4) {
        if let Ok(found) = search(&problem, Effort { parts, prove: false }) {
            let best = brute(&problem).expect("possible");
            prop_assert!(found.value <= best && best <= found.bound, "{best} {found:?}");
            prop_assert!(problem.cost(&found.tokens) <= problem.limit && problem.allows(&found.tokens));
        }
    }

    #[test]
    fn more_room_and_more_keywords_never_hurt(
        problem in arbitrary(),
        more in 1_u32..9,
        terms in prop::collection::vec(0_u32..16, 1..4),
    ) {
        let value = |problem: &Problem| search(problem, Effort::default()).map_or(0, |found| found.value);
        let before = value(&problem);
        let mut wider = problem.clone();
        wider.limit += more;
        prop_assert!(value(&wider) >= before);
        let mut richer = problem;
        richer.keywords.push(keyword(50, &terms));
        prop_assert!(value(&richer) >= before);
    }
}

#[test]
fn edges() {
    let nothing = search(&Problem::default(), Effort::default()).expect("possible");
    assert_eq!((nothing.tokens.len(), nothing.value, nothing.bound), (0, 0, 0));
    assert_eq!(
        search(&problem(0, &[1, 2], &[(5, &[0])]), Effort::default()).expect("possible").value,
        0
    );
    let too_long = problem(3, &[4, 2], &[(9, &[0]), (1, &[1])]);
    assert_eq!(search(&too_long, Effort::default()).expect("possible").tokens, [1]);
    let worthless = problem(9, &[4, 2], &[(0, &[0]), (0, &[1])]);
    assert_eq!(search(&worthless, Effort::default()).expect("possible").value, 0);
    let mut must = problem(3, &[4, 2], &[(1, &[1])]);
    must.tokens[0].must = true;
    assert_eq!(search(&must, Effort::default()), Err(Impossible::TooLong { cost: 4 }));
    must.limit = 4;
    assert_eq!(search(&must, Effort::default()).expect("possible").tokens, [0]);
    must.limit = 9;
    must.tokens[1].must = true;
    must.groups.push(Group { tokens: vec![0, 1], max: 1 });
    assert_eq!(search(&must, Effort::default()), Err(Impossible::Excluded { token: 1 }));
}

/// A keyword that stands twice pays twice, as one of the sum would.
#[test]
fn duplicates_add_up() {
    let twice = problem(4, &[2, 2, 3], &[(30, &[0, 1]), (30, &[1, 0]), (50, &[2])]);
    let once = problem(4, &[2, 2, 3], &[(60, &[0, 1]), (50, &[2])]);
    let found = |problem: &Problem| search(problem, Effort::default()).expect("possible");
    assert_eq!((found(&twice).tokens, found(&twice).value), (vec![0, 1], 60));
    assert_eq!(found(&once).tokens, [0, 1]);
}

/// Of sets that are worth the same it is always the same one, whatever the keywords' order.
#[test]
fn ties_are_broken_one_way() {
    let rows: [(u64, &[u32]); 4] = [(10, &[0]), (10, &[1]), (10, &[2]), (10, &[3])];
    let first = search(&problem(4, &[2; 4], &rows), Effort::default()).expect("possible");
    assert_eq!((first.value, first.bound), (20, 20));
    for turn in 0..4 {
        let mut rows = rows;
        rows.rotate_left(turn);
        let found = search(&problem(4, &[2; 4], &rows), Effort::default()).expect("possible");
        assert_eq!(found.tokens, first.tokens);
    }
}

/// Many cheap words, each good alone, beside a clique that pays only when whole: a greedy choice gets less than half.
#[test]
fn a_rich_clique_beats_cheap_words() {
    let pairs: Vec<[u32; 2]> = (0..5).flat_map(|a| (a + 1..5).map(move |b| [a, b])).collect();
    let mut keywords: Vec<(u64, &[u32])> =
        pairs.iter().map(|pair| (100, pair.as_slice())).collect();
    let singles: Vec<[u32; 1]> = (5..15).map(|nth| [nth]).collect();
    keywords.extend(singles.iter().map(|one| (45, one.as_slice())));
    let costs: Vec<u32> = std::iter::repeat_n(2, 5).chain(std::iter::repeat_n(1, 10)).collect();
    let trap = problem(10, &costs, &keywords);
    let found = search(&trap, Effort::default()).expect("possible");
    assert_eq!((found.value, found.bound), (1000, 1000));
    assert!(45 * 10 * 2 < found.value, "taking by value for length alone gets 450");
}

#[test]
fn a_wrong_certificate_is_refused() {
    let sound = proven(&problem(
        6,
        &[2, 3, 4, 2],
        &[(50, &[0, 1]), (40, &[2, 3]), (30, &[0, 3]), (5, &[1])],
    ));
    assert_eq!(check(&sound), Ok(()));
    let wrong = |change: &dyn Fn(&mut Certificate)| {
        let mut other = sound.clone();
        change(&mut other);
        check(&other).expect_err("it was spoilt")
    };
    assert_eq!(wrong(&|one| one.value += 1), Wrong::Value { value: sound.value });
    assert_eq!(wrong(&|one| one.text.push('x')), Wrong::Text);
    assert_eq!(wrong(&|one| one.max = 1), Wrong::Length { length: sound.text.chars().count() });
    assert_eq!(wrong(&|one| one.tokens.push(99)), Wrong::Form);
    assert_eq!(wrong(&|one| one.problem.limit = 1), Wrong::Cost);
    assert!(matches!(wrong(&|one| one.proof = Proof::Leaf), Wrong::Bound { .. }));
    assert!(matches!(
        wrong(&|one| one.problem.keywords.push(keyword(500, &[2, 3]))),
        Wrong::Prices
    ));
    let none = Proof::Prices(Vec::new(), Box::new(Proof::Leaf));
    assert_eq!(wrong(&|one| one.proof = none.clone()), Wrong::Prices);
    // A worse set does not become the best by saying so.
    let worse = wrong(&|one| {
        one.tokens = vec![1];
        one.text = "b".to_owned();
        one.value = 5;
        one.bound = 5;
    });
    assert!(matches!(worse, Wrong::Bound { .. }), "{worse:?}");
}

#[test]
fn tokens_stand_in_their_usual_order() {
    let mut one = problem(99, &[1; 5], &[(100, &[3, 1]), (60, &[0, 2]), (10, &[4])]);
    for (nth, slot) in [5, 9, 6, 2, 0].into_iter().enumerate() {
        one.tokens[nth].slot = slot;
    }
    let all = orders(&one, &[0, 1, 2, 3, 4], &[0], 8);
    assert_eq!(all[0][0], 4, "the brand comes first");
    assert_eq!(all[0], [4, 3, 1, 0, 2], "both keywords in one piece");
    assert_eq!(join(&one, &[4, 0], ""), "e a");
}

/// Of few tokens every order can be tried: the beam finds the best.
#[test]
fn the_beam_finds_the_best_order_of_few_tokens() {
    let keywords: [(u64, &[u32]); 6] = [
        (90, &[0, 3]),
        (80, &[3, 1]),
        (70, &[1, 0, 4]),
        (60, &[2, 4]),
        (50, &[4, 5]),
        (40, &[5, 2, 1]),
    ];
    let mut one = problem(99, &[1; 6], &keywords);
    for (nth, slot) in [3, 1, 2, 2, 4, 1].into_iter().enumerate() {
        one.tokens[nth].slot = slot;
        one.tokens[nth].text = "字".repeat(nth + 1);
    }
    let score = |order: &[u32]| {
        let mut sum = 0_i64;
        for (value, terms) in &keywords {
            if terms.len() <= 3 && order.windows(terms.len()).any(|window| window == *terms) {
                sum += (value * 3 / 20) as i64;
            }
        }
        let total: u64 = keywords.iter().map(|(value, _)| value).sum();
        for (nth, before) in order.iter().enumerate() {
            for after in &order[nth + 1..] {
                if one.tokens[*after as usize].slot < one.tokens[*before as usize].slot {
                    sum -= (total / 200).max(1) as i64;
                }
            }
        }
        sum
    };
    let mut permutations = vec![Vec::new()];
    for _ in 0..6 {
        permutations = permutations
            .iter()
            .flat_map(|row: &Vec<u32>| {
                (0..6)
                    .filter(|one| !row.contains(one))
                    .map(|one| [row.as_slice(), &[one]].concat())
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    let best = permutations.iter().map(|order| score(order)).max().expect("some");
    let found = orders(&one, &[0, 1, 2, 3, 4, 5], &[], 1);
    assert_eq!(score(&found[0]), best, "{found:?}");
}
