//! Numbers as tools write them: `1,234`, `12.3%`, `1万~2万`, `10K – 100K`, `-`.

/// What a cell says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Figure {
    /// A number; of a range its geometric mean, of a share its part of one.
    Number(f64),
    /// Nothing: empty, `-`, `--`, `N/A`.
    Missing,
    /// Something that is no number.
    Unreadable,
}

/// Reads a cell.
pub fn figure(text: &str) -> Figure {
    let plain = crate::text::normal::Normal::new(text, &[crate::text::normal::Step::Nfkc]).text;
    let plain = plain.trim().trim_start_matches(['<', '>', '≥', '≤', '约', '¥', '$']).trim();
    let missing = ["", "-", "--", "—", "–", "/", "n/a", "na", "null", "无", "暂无", "..."];
    if missing.contains(&plain.to_lowercase().as_str()) {
        return Figure::Missing;
    }
    // A range is two numbers; a minus sign belongs to a number only at its beginning.
    for between in ['~', '–', '—', '至', '到', '-'] {
        let Some((low, high)) = plain.split_once(between) else { continue };
        if low.trim().is_empty() {
            continue;
        }
        return match (single(low.trim()), single(high.trim())) {
            (Some((low, own)), Some((high, unit))) => {
                // In `1~2万` the unit stands once for both.
                let size = unit.filter(|size| own.is_none() && low * size <= high);
                mean(low * size.unwrap_or(1.0), high)
            }
            _ => Figure::Unreadable,
        };
    }
    single(plain).map_or(Figure::Unreadable, |(number, _)| Figure::Number(number))
}

fn mean(low: f64, high: f64) -> Figure {
    if low <= 0.0 {
        Figure::Number(f64::midpoint(low, high))
    } else {
        Figure::Number((low * high).sqrt())
    }
}

/// One number, its unit multiplied in, and how much the unit is, if it has one.
fn single(text: &str) -> Option<(f64, Option<f64>)> {
    let text = text.trim_end_matches(['+', '以', '上', '次', '人', '个', '件']).trim();
    let units = [
        ("万", 1e4),
        ("w", 1e4),
        ("W", 1e4),
        ("亿", 1e8),
        ("千", 1e3),
        ("k", 1e3),
        ("K", 1e3),
        ("M", 1e6),
        ("m", 1e6),
        ("B", 1e9),
        ("%", 0.01),
    ];
    let with_unit =
        |(unit, size): &(&str, f64)| text.strip_suffix(unit).map(|rest| (rest.trim(), *size));
    let found = units.iter().find_map(with_unit);
    let digits = found.map_or(text, |(rest, _)| rest).replace([',', ' ', '\u{a0}'], "");
    let sound = digits.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.')
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | 'e' | 'E' | '+'));
    let number: f64 = sound.then(|| digits.parse().ok())??;
    let size = found.map(|(_, size)| size);
    number.is_finite().then_some((number * size.unwrap_or(1.0), size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_tools_write_them() {
        for (text, number) in [
            ("1,234", 1234.0),
            ("12.3%", 0.123),
            ("106.81 %", 1.0681),
            ("1万", 10_000.0),
            ("1.2万+", 12_000.0),
            ("1万~2万", 14_142.135_6),
            ("1~2万", 14_142.135_6),
            ("1000~2000", 1414.2136),
            ("10K – 100K", 31_622.776_6),
            ("1K-10K", 3162.2777),
            ("0-10", 5.0),
            ("１２３", 123.0),
            ("<1%", 0.01),
            ("3e4", 30_000.0),
            ("-5", -5.0),
            ("1亿", 1e8),
        ] {
            let Figure::Number(found) = figure(text) else { panic!("{text}: {:?}", figure(text)) };
            assert!((found - number).abs() < number.abs() * 1e-6 + 1e-9, "{text}: {found}");
        }
        for text in ["", " ", "-", "--", "—", "N/A", "暂无"] {
            assert_eq!(figure(text), Figure::Missing, "{text}");
        }
        for text in ["abc", "1~x", "12abc", "高", "1.2.3", "1e999"] {
            assert_eq!(figure(text), Figure::Unreadable, "{text}");
        }
    }
}
