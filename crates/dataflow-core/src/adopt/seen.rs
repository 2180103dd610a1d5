//! What was seen in a column, where its type does not say what it holds.

mod text;

use crate::schema::FieldType;

use text::{BARE_UUID, Form, Pattern};

/// How many characters of a text have to be [noted](Seen::note): none that tells a type is longer.
pub const HEAD: usize = 64;

/// What was seen in a column, as far as it tells a type. It holds no value.
///
/// ```
/// use dataflow_core::adopt::{Seen, Stored};
///
/// let mut seen = Seen::default();
/// seen.note(Stored::Text { head: "2026-11-23 09:30:00", is_json: false });
/// seen.note(Stored::Null);
/// assert!(!seen.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seen {
    kinds: Vec<Kind>,
    /// The forms that all texts have.
    forms: Option<Vec<Form>>,
    /// The pattern that all texts match, digits apart.
    pattern: Pattern,
    /// The integer that lies farthest from zero.
    greatest: u64,
    /// The most digits that a floating point number has after its point.
    scale: usize,
}

/// A value as it is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stored<'v> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// A floating point number.
    Real(f64),
    /// A text.
    Text {
        /// Its first [`HEAD`] characters, or all.
        head: &'v str,
        /// Whether all of it is a JSON document.
        is_json: bool,
    },
    /// Bytes.
    Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Truth,
    Integer,
    Real,
    Text,
    Bytes,
}

impl Seen {
    /// Takes a value into account.
    pub fn note(&mut self, value: Stored<'_>) {
        let kind = match value {
            Stored::Null => return,
            Stored::Integer(0 | 1) => Kind::Truth,
            Stored::Integer(_) => Kind::Integer,
            Stored::Real(_) => Kind::Real,
            Stored::Text { .. } => Kind::Text,
            Stored::Bytes => Kind::Bytes,
        };
        if !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
        match value {
            Stored::Integer(integer) => self.greatest = self.greatest.max(integer.unsigned_abs()),
            Stored::Real(real) => {
                let digits = real.to_string();
                let (_, fraction) = digits.split_once('.').unwrap_or_default();
                self.scale = self.scale.max(fraction.len());
                self.greatest = self.greatest.max(real.abs() as u64);
            }
            Stored::Text { head, is_json } => {
                let has = |form: &Form| form.is_of(head, is_json);
                match &mut self.forms {
                    Some(forms) => forms.retain(has),
                    None => self.forms = Some(Form::ALL.into_iter().filter(has).collect()),
                }
                self.pattern.note(head);
            }
            _ => {}
        }
    }

    /// Whether no value was seen.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Whether every value that was seen reads as one of a type.
    pub(super) fn fits(&self, field_type: &FieldType) -> bool {
        let mut allowed = self.kinds.iter();
        match field_type {
            FieldType::Bool => allowed.all(|kind| *kind == Kind::Truth),
            FieldType::I16 | FieldType::I32 | FieldType::I64 => allowed.all(Kind::is_whole),
            FieldType::F32 | FieldType::F64 => allowed.all(Kind::is_number),
            FieldType::Bytes => allowed.all(|kind| *kind == Kind::Bytes),
            FieldType::String | FieldType::Enum(_) => allowed.all(|kind| *kind == Kind::Text),
            // Text that is a number becomes one in a column that is not of texts.
            FieldType::Json => {
                allowed.all(|kind| kind.is_number() || *kind == Kind::Text) && self.is(Form::Json)
            }
            // In a column of texts it is one in its shortest form, which a check says.
            FieldType::Decimal => allowed.all(|kind| kind.is_number() || *kind == Kind::Text),
            FieldType::LocalDateTime => self.is_only(Form::LocalDateTime),
            FieldType::Timestamp => self.is_only(Form::Timestamp),
            FieldType::Date => self.is_only(Form::Date),
            FieldType::LocalTime => self.is_only(Form::LocalTime),
            FieldType::Uuid => self.is_only(Form::Uuid),
            FieldType::Array(_) => self.is_only(Form::Json),
        }
    }

    /// Whether all that was seen are numbers that fit into a decimal of so many digits.
    pub(super) fn fits_digits(&self, precision: u16, scale: u16) -> bool {
        let most = 10_u64.checked_pow((precision - scale).into());
        self.kinds.iter().all(Kind::is_number)
            && self.scale <= scale.into()
            && most.is_none_or(|most| self.greatest < most)
    }

    /// The pattern that all of its values match, where they are texts that differ in their digits
    /// alone and none is a number.
    pub(super) fn pattern(&self) -> Option<&str> {
        match &self.pattern {
            Pattern::One(pattern) if self.kinds == [Kind::Text] => Some(pattern),
            _ => None,
        }
    }

    /// The pattern of UUIDs that are written without hyphens, where all of its values are.
    pub(super) fn bare_uuids(&self) -> Option<&'static str> {
        (!self.is_empty() && self.is_only(Form::BareUuid)).then_some(BARE_UUID)
    }

    /// What its integers count since 1970, by the size of the greatest, if they are times of about
    /// the years in which there are computers.
    pub(super) fn unit_since_1970(&self) -> Option<&'static str> {
        match self.greatest {
            100_000_000..100_000_000_000 => Some("seconds"),
            100_000_000_000..100_000_000_000_000 => Some("milliseconds"),
            100_000_000_000_000..100_000_000_000_000_000 => Some("microseconds"),
            _ => None,
        }
    }

    /// In words, to follow "holds".
    pub(super) fn in_words(&self) -> String {
        let mut words: Vec<&str> = Vec::new();
        for kind in &self.kinds {
            let word = match kind {
                Kind::Truth | Kind::Integer => "integers",
                Kind::Real => "floating point numbers",
                Kind::Text => "texts",
                Kind::Bytes => "bytes",
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        match words.len() {
            0 => "no value".to_owned(),
            _ => words.join(" and "),
        }
    }

    fn is(&self, form: Form) -> bool {
        let forms = self.forms.as_ref();
        forms.is_none_or(|forms| forms.contains(&form))
    }

    fn is_only(&self, form: Form) -> bool {
        self.kinds.iter().all(|kind| *kind == Kind::Text) && self.is(form)
    }
}

impl Kind {
    fn is_whole(&self) -> bool {
        matches!(self, Self::Truth | Self::Integer)
    }

    fn is_number(&self) -> bool {
        self.is_whole() || *self == Self::Real
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(values: &[Stored<'_>]) -> Seen {
        let mut seen = Seen::default();
        values.iter().for_each(|value| seen.note(*value));
        seen
    }

    fn text(head: &str) -> Stored<'_> {
        let is_json = head.starts_with('{');
        Stored::Text { head, is_json }
    }

    #[test]
    fn what_was_seen_fits_the_types_that_read_and_write_it_as_it_is() {
        use FieldType::{
            Bool, Date, Decimal, F64, I64, Json, LocalDateTime, LocalTime, String, Timestamp, Uuid,
        };
        let all = [
            Bool,
            I64,
            F64,
            String,
            LocalDateTime,
            Timestamp,
            Date,
            LocalTime,
            Uuid,
            Decimal,
            Json,
        ];
        let cases: [(&[Stored<'_>], &[FieldType]); 12] = [
            (&[Stored::Integer(1)], &[Bool, I64, F64, Decimal, Json]),
            (&[Stored::Integer(2)], &[I64, F64, Decimal, Json]),
            (
                &[Stored::Integer(2), Stored::Real(0.5)],
                &[F64, Decimal, Json],
            ),
            (
                &[text("2026-11-23 09:30:00")],
                &[String, LocalDateTime, Decimal],
            ),
            (
                &[text("2026-11-23 09:30:00.500000"), Stored::Null],
                &[String, LocalDateTime, Decimal],
            ),
            (&[text("2026-11-23 09:30:00.500")], &[String, Decimal]),
            (
                &[text("2026-11-23T07:30:00.500000Z")],
                &[String, Timestamp, Decimal],
            ),
            (
                &[text("2026-11-23"), text("2026-02-30")],
                &[String, Decimal],
            ),
            (&[text("2026-11-23")], &[String, Date, Decimal]),
            (&[text("09:30:00")], &[String, LocalTime, Decimal]),
            (&[text("09:30"), text("10:00")], &[String, Decimal]),
            (
                &[text("0190b6f0-0000-7000-8000-000000000000")],
                &[String, Uuid, Decimal],
            ),
        ];
        for (values, expected) in cases {
            let seen = seen(values);
            let fitting: Vec<_> = all.iter().filter(|it| seen.fits(it)).cloned().collect();
            assert_eq!(fitting, expected, "{values:?}");
        }
        assert!(all.iter().all(|field_type| seen(&[]).fits(field_type)));
        assert!(seen(&[text("{}"), Stored::Integer(7)]).fits(&Json));
        assert!(!seen(&[Stored::Bytes]).fits(&String));
    }

    #[test]
    fn texts_that_differ_in_their_digits_have_one_pattern() {
        let cases: [(&[&str], Option<&str>); 5] = [
            (
                &["2026-11-23 09:30:00.500 +00:00"],
                Some(
                    r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} \+[0-9]{2}:[0-9]{2}$",
                ),
            ),
            (
                &["09:30:00", "10:00:00"],
                Some("^[0-9]{2}:[0-9]{2}:[0-9]{2}$"),
            ),
            (&["09:30:00", "10:00"], None),
            (&["12.50"], None),
            (&["open"], None),
        ];
        for (texts, expected) in cases {
            let values: Vec<Stored<'_>> = texts.iter().map(|head| text(head)).collect();
            assert_eq!(seen(&values).pattern(), expected, "{texts:?}");
        }
        let bare = text("0190b6f0000070008000000000000000");
        assert_eq!(seen(&[bare]).bare_uuids(), Some(BARE_UUID));
    }

    #[test]
    fn numbers_fit_a_decimal_that_holds_their_digits() {
        let fits = |values| seen(values).fits_digits(6, 2);
        assert!(fits(&[Stored::Integer(9_999), Stored::Real(-0.25)]));
        assert!(!fits(&[Stored::Integer(10_000)]));
        assert!(!fits(&[Stored::Real(0.125)]));
        assert!(!fits(&[text("1.5")]));
    }

    #[test]
    fn the_size_of_integers_tells_what_they_count() {
        let unit = |integer| seen(&[Stored::Integer(integer)]).unit_since_1970();
        assert_eq!(unit(1_795_430_400), Some("seconds"));
        assert_eq!(unit(1_795_430_400_000), Some("milliseconds"));
        assert_eq!(unit(7), None);
    }
}
