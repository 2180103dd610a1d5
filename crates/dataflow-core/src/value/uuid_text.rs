//! UUIDs as text (RFC 9562, section 4).

/// The lower-case text of a UUID, with hyphens.
///
/// ```
/// use dataflow_core::value::{parse_uuid, uuid_to_text};
///
/// let text = "0190b4a6-7f3c-7a21-9c5e-3d2f1b0a9e8d";
/// assert_eq!(uuid_to_text(&parse_uuid(text).unwrap()), text);
/// assert_eq!(parse_uuid("0190b4a6"), None);
/// ```
pub fn uuid_to_text(bytes: &[u8; 16]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(36);
    for (position, byte) in bytes.iter().enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(HEX[usize::from(byte >> 4)].into());
        text.push(HEX[usize::from(byte & 0x0f)].into());
    }
    text
}

/// The UUID that a text of 36 characters, in either case, names.
pub fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    let text = text.as_bytes();
    if text.len() != 36 || [8, 13, 18, 23].iter().any(|&hyphen| text[hyphen] != b'-') {
        return None;
    }
    let mut digits = text.iter().filter(|&&byte| byte != b'-');
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        let high = char::from(*digits.next()?).to_digit(16)?;
        let low = char::from(*digits.next()?).to_digit(16)?;
        *byte = (high * 16 + low) as u8;
    }
    digits.next().is_none().then_some(bytes)
}
