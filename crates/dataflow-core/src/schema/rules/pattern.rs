//! Patterns: read by the crate `regex`, whose time grows with the text and never explodes, and told
//! to others in the dialect of JSON Schema.

use regex::Regex;
use regex_syntax::ast::{
    Assertion, AssertionKind, Ast, ClassBracketed, ClassPerl, ClassPerlKind, ClassSet,
    ClassSetItem, GroupKind, Literal, RepetitionKind, RepetitionRange,
};

/// The pattern, ready to be asked, or why it cannot be read.
pub(super) fn compiled(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|_| {
        format!("the pattern {pattern:?} cannot be read, or takes more room than a pattern may")
    })
}

/// The same pattern for JSON Schema, whose patterns are those of JavaScript; none where it says what
/// these cannot say, or say otherwise: flags, word boundaries, classes of Unicode, classes of all
/// others but digits, word characters or spaces.
///
/// `\d`, `\w` and `\s` are narrower there, so that whatever fits the schema fits the field.
pub(crate) fn in_json_schema(pattern: &str) -> Option<String> {
    let ast = regex_syntax::ast::parse::Parser::new()
        .parse(pattern)
        .ok()?;
    let mut told = String::with_capacity(pattern.len());
    tell(&ast, &mut told)?;
    Some(told)
}

fn tell(ast: &Ast, told: &mut String) -> Option<()> {
    match ast {
        Ast::Empty(_) => {}
        Ast::Dot(_) => told.push('.'),
        Ast::Literal(literal) => character(literal, "", told),
        Ast::Assertion(assertion) => told.push(end(assertion)?),
        Ast::ClassPerl(class) => told.push_str(perl(class)?),
        Ast::ClassBracketed(class) => bracketed(class, told)?,
        Ast::Group(group) => {
            let has_flags =
                matches!(&group.kind, GroupKind::NonCapturing(flags) if !flags.items.is_empty());
            if has_flags {
                return None;
            }
            told.push_str("(?:");
            tell(&group.ast, told)?;
            told.push(')');
        }
        Ast::Repetition(repetition) => {
            tell(&repetition.ast, told)?;
            told.push_str(&times(&repetition.op.kind));
            if !repetition.greedy {
                told.push('?');
            }
        }
        Ast::Alternation(alternation) => {
            for (position, either) in alternation.asts.iter().enumerate() {
                if position > 0 {
                    told.push('|');
                }
                tell(either, told)?;
            }
        }
        Ast::Concat(concat) => concat.asts.iter().try_for_each(|ast| tell(ast, told))?,
        Ast::Flags(_) | Ast::ClassUnicode(_) => return None,
    }
    Some(())
}

fn end(assertion: &Assertion) -> Option<char> {
    match assertion.kind {
        AssertionKind::StartLine | AssertionKind::StartText => Some('^'),
        AssertionKind::EndLine | AssertionKind::EndText => Some('$'),
        _ => None,
    }
}

fn perl(class: &ClassPerl) -> Option<&'static str> {
    match class.kind {
        _ if class.negated => None,
        ClassPerlKind::Digit => Some("\\d"),
        ClassPerlKind::Space => Some("\\s"),
        ClassPerlKind::Word => Some("\\w"),
    }
}

fn times(kind: &RepetitionKind) -> String {
    match kind {
        RepetitionKind::ZeroOrOne => "?".to_owned(),
        RepetitionKind::ZeroOrMore => "*".to_owned(),
        RepetitionKind::OneOrMore => "+".to_owned(),
        RepetitionKind::Range(RepetitionRange::Exactly(times)) => format!("{{{times}}}"),
        RepetitionKind::Range(RepetitionRange::AtLeast(times)) => format!("{{{times},}}"),
        RepetitionKind::Range(RepetitionRange::Bounded(least, most)) => {
            format!("{{{least},{most}}}")
        }
    }
}

fn bracketed(class: &ClassBracketed, told: &mut String) -> Option<()> {
    let ClassSet::Item(item) = &class.kind else {
        return None;
    };
    told.push_str(if class.negated { "[^" } else { "[" });
    in_brackets(item, class.negated, told)?;
    told.push(']');
    Some(())
}

fn in_brackets(item: &ClassSetItem, is_negated: bool, told: &mut String) -> Option<()> {
    match item {
        ClassSetItem::Empty(_) => {}
        ClassSetItem::Literal(literal) => character(literal, "-", told),
        ClassSetItem::Range(range) => {
            character(&range.start, "-", told);
            told.push('-');
            character(&range.end, "-", told);
        }
        ClassSetItem::Perl(class) if !is_negated => told.push_str(perl(class)?),
        ClassSetItem::Union(union) => {
            let mut items = union.items.iter();
            items.try_for_each(|item| in_brackets(item, is_negated, told))?;
        }
        _ => return None,
    }
    Some(())
}

/// What JavaScript takes a backslash before, and may need one.
const MARKS: &str = "^$\\.*+?()[]{}|/";

/// A character for itself, whatever it means among others.
fn character(literal: &Literal, further: &str, told: &mut String) {
    if MARKS.contains(literal.c) || further.contains(literal.c) {
        told.push('\\');
    }
    told.push(literal.c);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_told_where_both_dialects_can_say_it() {
        let cases = [
            ("^[a-z]+$", Some("^[a-z]+$")),
            (r"\A\d{4}-\d{2,}\z", Some(r"^\d{4}-\d{2,}$")),
            ("(?P<year>[0-9]{4})|x*?", Some("(?:[0-9]{4})|x*?")),
            ("(?:a|b){1,2}", Some("(?:a|b){1,2}")),
            (r"[\w.-]", Some(r"[\w\.\-]")),
            (r"[^a\]]}", Some(r"[^a\]]\}")),
            (r"\x41\u00e4/", Some(r"Aä\/")),
            ("(?i)abc", None),
            ("(?i:abc)", None),
            (r"\bword\b", None),
            (r"\D", None),
            (r"[^\d]", None),
            (r"\p{Greek}", None),
            ("[[:alpha:]]", None),
            ("[a-z&&[^b]]", None),
            ("(", None),
        ];
        for (pattern, expected) in cases {
            assert_eq!(in_json_schema(pattern).as_deref(), expected, "{pattern}");
        }
    }
}
