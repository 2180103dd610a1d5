//! A column of a `CREATE TABLE` taken apart.

use crate::dialect::token::{Token, canonical, canonical_tokens, whole};
use crate::dialect::{identifier, mentions};

/// The words that begin a clause of a column.
const CLAUSES: [&str; 11] = [
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
];

/// A column of a `CREATE TABLE`: its name, its type, and its clauses as somebody wrote them.
#[derive(Debug, Clone)]
pub(super) struct ColumnText {
    pub(super) name: String,
    column_type: String,
    clauses: Vec<Clause>,
}

#[derive(Debug, Clone)]
struct Clause {
    /// The name of the constraint, where it has one.
    name: Option<String>,
    /// The word that says what it is about.
    keyword: String,
    text: String,
}

impl Clause {
    /// Whether it says how the column is computed.
    fn computes(&self) -> bool {
        matches!(&*self.keyword, "GENERATED" | "AS")
    }
}

impl ColumnText {
    pub(super) fn of(sql: &str, tokens: &[Token]) -> Option<Self> {
        let (name, rest) = tokens.split_first()?;
        let starts: Vec<usize> = (0..rest.len()).filter(|at| begins(rest, *at)).collect();
        let text = |from: usize, to: usize| match rest.get(from..to) {
            Some([first, .., last]) => sql[first.start..last.end()].to_owned(),
            Some([only]) => only.text.to_owned(),
            _ => String::new(),
        };
        let ends = starts.iter().skip(1).copied().chain([rest.len()]);
        let clauses = starts.iter().zip(ends).map(|(&from, to)| {
            let is_named = rest[from].is("CONSTRAINT");
            let keyword = rest.get(if is_named { from + 2 } else { from });
            Clause {
                name: is_named
                    .then(|| rest.get(from + 1).map(Token::name))
                    .flatten(),
                keyword: keyword.map_or_else(String::new, |token| token.text.to_uppercase()),
                text: text(from, to),
            }
        });
        Some(Self {
            name: name.name(),
            column_type: text(0, starts.first().copied().unwrap_or(rest.len())),
            clauses: clauses.collect(),
        })
    }

    pub(super) fn to_sql(&self) -> String {
        let mut sql = identifier(&self.name);
        let clauses = self.clauses.iter().map(|clause| &clause.text);
        for part in [&self.column_type].into_iter().chain(clauses) {
            if !part.is_empty() {
                sql.push(' ');
                sql.push_str(part);
            }
        }
        sql
    }

    pub(super) fn set_type(&mut self, column_type: &str) {
        column_type.clone_into(&mut self.column_type);
    }

    pub(super) fn stop_counting(&mut self) {
        let counting = |clause: &&mut Clause| {
            let tokens = whole(&clause.text).unwrap_or_default();
            tokens.iter().any(|token| token.is("AUTOINCREMENT"))
        };
        for clause in self.clauses.iter_mut().filter(counting) {
            "PRIMARY KEY".clone_into(&mut clause.text);
        }
    }

    pub(super) fn set_not_null(&mut self) {
        self.take_null();
        self.add("NOT", "NOT NULL".to_owned());
    }

    pub(super) fn take_null(&mut self) {
        self.clauses
            .retain(|clause| !matches!(&*clause.keyword, "NOT" | "NULL"));
    }

    /// An empty clause stands for no default.
    pub(super) fn set_default(&mut self, clause: String) {
        self.clauses.retain(|clause| clause.keyword != "DEFAULT");
        if !clause.is_empty() {
            self.add("DEFAULT", clause);
        }
    }

    pub(super) fn set_collation(&mut self, clause: String) {
        self.clauses.retain(|clause| clause.keyword != "COLLATE");
        self.add("COLLATE", clause);
    }

    /// An empty clause stands for a plain column.
    pub(super) fn set_generated(&mut self, clause: String) {
        self.clauses.retain(|clause| !clause.computes());
        if !clause.is_empty() {
            self.add("GENERATED", clause);
        }
    }

    pub(super) fn names_constraint(&self, name: &str) -> bool {
        self.clauses
            .iter()
            .any(|clause| clause.name.as_deref() == Some(name))
    }

    pub(super) fn drop_constraint(&mut self, name: &str) {
        self.clauses
            .retain(|clause| clause.name.as_deref() != Some(name));
    }

    /// Removes the conditions that speak of another column.
    pub(super) fn drop_checks_about(&mut self, column: &str) {
        self.clauses
            .retain(|clause| clause.keyword != "CHECK" || !is_check_about(&clause.text, column));
    }

    /// Removes the condition that says something.
    pub(super) fn drop_check(&mut self, condition: &str) {
        self.clauses
            .retain(|clause| clause.keyword != "CHECK" || !says(&clause.text, condition));
    }

    /// Adds a condition; an empty one stands for none.
    pub(super) fn add_check(&mut self, clause: String) {
        if !clause.is_empty() {
            self.add("CHECK", clause);
        }
    }

    /// Removes the foreign key to a table.
    pub(super) fn drop_reference(&mut self, table: &str) {
        self.clauses
            .retain(|clause| clause.keyword != "REFERENCES" || !references(&clause.text, table));
    }

    /// Whether its values are computed, so that none can be written.
    pub(super) fn is_computed(&self) -> bool {
        self.clauses.iter().any(Clause::computes)
    }

    /// Whether a keyword stands in a clause.
    pub(super) fn has(&self, keyword: &str) -> bool {
        self.clauses.iter().any(|clause| {
            let tokens = whole(&clause.text).unwrap_or_default();
            tokens
                .iter()
                .any(|token| token.depth == 0 && token.is(keyword))
        })
    }

    /// New clauses stand first, where no `REFERENCES` can take them for its own.
    fn add(&mut self, keyword: &str, text: String) {
        let clause = Clause {
            name: None,
            keyword: keyword.to_owned(),
            text,
        };
        self.clauses.insert(0, clause);
    }
}

/// Whether the condition of a check speaks of a column.
pub(super) fn is_check_about(check: &str, column: &str) -> bool {
    mentions(&condition_of(check), column)
}

/// Whether a constraint is a check of a condition.
pub(super) fn says(constraint: &str, condition: &str) -> bool {
    condition_of(constraint) == canonical(condition)
}

/// Whether a constraint is a foreign key to a table.
pub(super) fn references(constraint: &str, table: &str) -> bool {
    let tokens = whole(constraint).unwrap_or_default();
    let reference = tokens.iter().position(|token| token.is("REFERENCES"));
    let target = reference.and_then(|at| tokens.get(at + 1));
    target.is_some_and(|target| target.name().eq_ignore_ascii_case(table))
}

/// What stands in the parentheses of a check, in its one spelling.
fn condition_of(check: &str) -> String {
    let tokens = whole(check).unwrap_or_default();
    let opening = tokens.iter().position(|token| token.is_mark("("));
    opening.map_or_else(String::new, |start| canonical_tokens(&tokens[start..]))
}

/// Whether a clause begins at a token. `SET NULL`, `NOT DEFERRABLE` and `DEFAULT NULL` are parts of
/// other clauses, and a named constraint begins with its name.
fn begins(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let is_clause = CLAUSES.iter().any(|keyword| token.is(keyword));
    if token.depth > 1 || !is_clause {
        return false;
    }
    let before = |back: usize, keyword: &str| {
        at.checked_sub(back)
            .is_some_and(|position| tokens[position].is(keyword))
    };
    let follows = tokens.get(at + 1);
    let belongs_to_another = before(1, "SET")
        || before(1, "ALWAYS")
        || before(1, "CONSTRAINT")
        || before(2, "CONSTRAINT")
        || (token.is("NULL") && (before(1, "NOT") || before(1, "DEFAULT")))
        || (token.is("NOT") && follows.is_some_and(|next| next.is("DEFERRABLE")));
    !belongs_to_another
}
