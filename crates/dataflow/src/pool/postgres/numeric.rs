//! Decimals as PostgreSQL's binary protocol has them: groups of four digits, and where the point
//! stands among them.

/// The digits of a group count to this.
const BASE: usize = 10_000;

/// How many decimal digits a group has.
const WIDTH: usize = 4;

const NEGATIVE: u16 = 0x4000;

/// Numbers without digits, as the protocol and as texts have them.
const SPECIAL: [(u16, &str); 3] = [(0xC000, "NaN"), (0xD000, "Infinity"), (0xF000, "-Infinity")];

/// The text of a number, if it is one.
pub(super) fn text_of(bytes: &[u8]) -> Option<String> {
    let mut words = bytes.chunks_exact(2).map(|word| [word[0], word[1]]);
    let count = u16::from_be_bytes(words.next()?);
    let weight = i32::from(i16::from_be_bytes(words.next()?));
    let sign = u16::from_be_bytes(words.next()?);
    let scale = usize::from(u16::from_be_bytes(words.next()?));
    if let Some((_, text)) = SPECIAL.iter().find(|(special, _)| *special == sign) {
        return Some((*text).to_owned());
    }
    let groups: Vec<u16> = words.map(u16::from_be_bytes).collect();
    if groups.len() != usize::from(count) {
        return None;
    }
    // A group that is left out is zero.
    let group = |place: i32| {
        let place = usize::try_from(place).ok();
        place.and_then(|place| groups.get(place)).copied()
    };
    let digits = |places: std::ops::Range<i32>| -> String {
        let groups = places.map(|place| format!("{:04}", group(place).unwrap_or_default()));
        groups.collect()
    };
    let whole = digits(0..weight + 1);
    let whole = whole.trim_start_matches('0');
    let last = weight + 1 + i32::try_from(scale.div_ceil(WIDTH)).ok()?;
    let mut fraction = digits(weight + 1..last);
    fraction.truncate(scale);
    let sign = if sign == NEGATIVE { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(match fraction.as_str() {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    })
}

/// The bytes of a number, if the text is one that the protocol has room for.
pub(super) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if let Some((sign, _)) = SPECIAL.iter().find(|(_, special)| *special == text) {
        return Some(written(&[], 0, *sign, 0));
    }
    let unsigned = text.strip_prefix('-');
    let (whole, fraction) = {
        let digits = unsigned.unwrap_or(text);
        digits.split_once('.').unwrap_or((digits, ""))
    };
    let is_number = !whole.is_empty() && [whole, fraction].concat().bytes().all(is_digit);
    if !is_number {
        return None;
    }
    let missing = whole.len().next_multiple_of(WIDTH) - whole.len();
    let padded = format!("{}{whole}{fraction}", "0".repeat(missing));
    let mut groups: Vec<u16> = padded.as_bytes().chunks(WIDTH).map(group_of).collect();
    let leading = groups.iter().take_while(|group| **group == 0).count();
    groups.drain(..leading);
    let kept = groups.iter().rposition(|group| *group != 0);
    groups.truncate(kept.map_or(0, |last| last + 1));
    let weight = i64::try_from((missing + whole.len()) / WIDTH).ok()? - 1;
    let weight = match groups.is_empty() {
        true => 0,
        false => i16::try_from(weight - i64::try_from(leading).ok()?).ok()?,
    };
    u16::try_from(groups.len()).ok()?;
    let sign = if unsigned.is_some() { NEGATIVE } else { 0 };
    let scale = u16::try_from(fraction.len()).ok()?;
    Some(written(&groups, weight, sign, scale))
}

fn written(groups: &[u16], weight: i16, sign: u16, scale: u16) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * (WIDTH + groups.len()));
    bytes.extend((groups.len() as u16).to_be_bytes());
    bytes.extend(weight.to_be_bytes());
    bytes.extend(sign.to_be_bytes());
    bytes.extend(scale.to_be_bytes());
    bytes.extend(groups.iter().flat_map(|group| group.to_be_bytes()));
    bytes
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// The last group of a fraction may be short of digits.
fn group_of(digits: &[u8]) -> u16 {
    let all = digits.iter().copied().chain(std::iter::repeat(b'0'));
    let number = |number: usize, digit| number * 10 + usize::from(digit - b'0');
    (all.take(WIDTH).fold(0, number) % BASE) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_as_it_went() {
        let long = format!("{}.{}", "9".repeat(1_000), "0".repeat(999) + "1");
        let texts = [
            "0",
            "0.00",
            "1",
            "-1",
            "10",
            "9999",
            "10000",
            "10001",
            "0.1",
            "0.0001",
            "0.00001",
            "-0.00000001",
            "1.50",
            "12345678.90",
            "100000000",
            "100000000.000000001",
            "1000.0000",
            "0.12345",
            "NaN",
            "Infinity",
            "-Infinity",
            &long,
        ];
        for text in texts {
            let bytes = bytes_of(text).unwrap();
            assert_eq!(text_of(&bytes).as_deref(), Some(text));
        }
    }

    #[test]
    fn the_server_is_sent_what_it_sends() {
        let cases: [(&str, &[u16]); 5] = [
            ("0.00", &[0, 0, 0, 2]),
            ("1.5", &[2, 0, 0, 1, 1, 5000]),
            ("-12345.678", &[3, 1, NEGATIVE, 3, 1, 2345, 6780]),
            ("0.00001", &[1, 0xFFFE, 0, 5, 1000]),
            ("100000000", &[1, 2, 0, 0, 1]),
        ];
        for (text, words) in cases {
            let wanted: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            assert_eq!(bytes_of(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_has_no_bytes() {
        for text in ["", "-", ".5", "1e5", "1,5", "+1", "--1", "1.2.3", "½"] {
            assert_eq!(bytes_of(text), None, "{text}");
        }
        for bytes in [&[][..], &[0, 1, 0, 0, 0, 0, 0, 0], &[0; 7]] {
            assert_eq!(text_of(bytes), None);
        }
    }
}
