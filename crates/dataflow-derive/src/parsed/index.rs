//! An index that stands on the struct.

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt;

/// What `deferrable` may say: rows agree until the transaction ends…
pub(crate) const INITIALLY_DEFERRED: &str = "initially deferred";
/// … or until the statement does.
pub(crate) const INITIALLY_IMMEDIATE: &str = "initially immediate";
/// What `nulls` may say.
pub(crate) const NOT_DISTINCT: &str = "not distinct";

/// An index that stands on the struct.
pub(crate) struct ParsedIndex {
    /// The word, `index` or `unique`.
    pub(crate) word: Ident,
    pub(crate) name: Option<LitStr>,
    pub(crate) members: Vec<ParsedMember>,
    pub(crate) method: Option<LitStr>,
    pub(crate) include: Vec<Ident>,
    pub(crate) predicate: Option<LitStr>,
    /// `deferrable = "…"`
    pub(crate) deferrable: Option<LitStr>,
    /// `nulls = "…"`
    pub(crate) nulls: Option<LitStr>,
}

/// One thing that an index covers.
pub(crate) struct ParsedMember {
    pub(crate) key: ParsedMemberKey,
    pub(crate) descending: bool,
    pub(crate) nulls: Option<Nulls>,
    pub(crate) operator_class: Option<LitStr>,
}

/// What a member of an index is.
pub(crate) enum ParsedMemberKey {
    Field(Ident),
    Expression(LitStr),
}

/// Where null stands.
#[derive(Clone, Copy)]
pub(crate) enum Nulls {
    First,
    Last,
}

impl ParsedIndex {
    /// An index of which nothing is read yet.
    pub(crate) fn new(word: Ident) -> Self {
        Self {
            word,
            name: None,
            members: Vec::new(),
            method: None,
            include: Vec::new(),
            predicate: None,
            deferrable: None,
            nulls: None,
        }
    }

    /// The fields it covers and includes, as they were written.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Ident> {
        self.covered().chain(&self.include)
    }

    /// The fields it covers, as they were written.
    pub(crate) fn covered(&self) -> impl Iterator<Item = &Ident> {
        self.members.iter().filter_map(|member| match &member.key {
            ParsedMemberKey::Field(ident) => Some(ident),
            ParsedMemberKey::Expression(_) => None,
        })
    }

    /// The names of its fields, as the schema spells them, where nothing else is declared of it.
    pub(crate) fn plain_fields(&self) -> Option<Vec<String>> {
        let is_plain = self.method.is_none()
            && self.predicate.is_none()
            && self.deferrable.is_none()
            && self.nulls.is_none()
            && self.include.is_empty()
            && self.members.iter().all(ParsedMember::is_plain);
        is_plain.then(|| {
            self.covered()
                .map(|ident| ident.unraw().to_string())
                .collect()
        })
    }
}

impl ParsedMember {
    /// A member of which nothing else is read yet.
    pub(crate) fn new(key: ParsedMemberKey) -> Self {
        Self {
            key,
            descending: false,
            nulls: None,
            operator_class: None,
        }
    }

    /// Whether it is a field of which nothing else is declared.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.key, ParsedMemberKey::Field(_))
            && !self.descending
            && self.nulls.is_none()
            && self.operator_class.is_none()
    }
}
