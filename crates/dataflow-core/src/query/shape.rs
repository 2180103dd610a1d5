//! Which statement a filter shares with others.

use super::condition::{Condition, Test};

/// What makes two filters share one statement: the fields and tests, not the values.
///
/// It is the tree of the conditions, written in one line: a word for each node, and after the word
/// of a list or a path how many members follow.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Shape(Vec<u32>);

const FIELD: u32 = 0;
const INSIDE: u32 = 1;
const ALL: u32 = 2;
const ANY: u32 = 3;
const NOT: u32 = 4;
const RELATED: u32 = 5;
const FIELDS: u32 = 6;

impl Shape {
    pub(super) fn of(condition: &Condition) -> Self {
        let mut shape = Self::default();
        shape.write(condition);
        shape
    }

    fn write(&mut self, condition: &Condition) {
        match condition {
            Condition::Field(field, test) => {
                self.0.extend([FIELD, word(*field), word_of_test(test)]);
            }
            Condition::Fields(left, comparison, right) => {
                self.0
                    .extend([FIELDS, word(*left), *comparison as u32, word(*right)]);
            }
            // The path is bound like a value, so its length makes no other statement; what it means
            // may.
            Condition::Inside(field, path, test) => {
                let is_found_whole = u32::from(test.as_document(path).is_some());
                self.0
                    .extend([INSIDE, word(*field), test.word(), is_found_whole]);
            }
            Condition::All(conditions) => self.write_list(ALL, conditions),
            Condition::Any(conditions) => self.write_list(ANY, conditions),
            Condition::Not(condition) => {
                self.0.push(NOT);
                self.write(condition);
            }
            // The place of a relation tells where it leads, and so what the fields below it are.
            Condition::Related(link, quantifier, condition) => {
                let place = word(link.position());
                self.0.extend([RELATED, place, *quantifier as u32]);
                self.write(condition);
            }
        }
    }

    fn write_list(&mut self, list: u32, conditions: &[Condition]) {
        self.0.extend([list, word(conditions.len())]);
        for condition in conditions {
            self.write(condition);
        }
    }
}

/// No model has so many fields, and no filter so many conditions, that a number does not fit.
fn word(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn word_of_test(test: &Test) -> u32 {
    match test {
        Test::Compare(comparison, _) => *comparison as u32,
        Test::In(_) => 16,
        Test::Null(true) => 17,
        Test::Null(false) => 18,
        Test::Matches(case, _) => 19 + *case as u32,
        Test::Items(comparison, _) => 24 + *comparison as u32,
        Test::Empty(true) => 32,
        Test::Empty(false) => 33,
        Test::Contains(_) => 34,
    }
}
