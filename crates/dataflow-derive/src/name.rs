//! From the name of a struct to the name of its table.

/// The table of a model: its name in snake case, plural.
///
/// ```
/// use dataflow_core::schema::table_name;
///
/// assert_eq!(table_name("User"), "users");
/// assert_eq!(table_name("BlogCategory"), "blog_categories");
/// ```
pub fn table_name(model: &str) -> String {
    plural(&snake_case(model))
}

/// `BlogPost` becomes `blog_post`, `HTTPRoute` becomes `http_route`.
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (position, &letter) in letters.iter().enumerate() {
        if letter.is_uppercase() && starts_word(&letters, position) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// A capital starts a word after a small letter or digit, or as the last capital of a run.
fn starts_word(letters: &[char], position: usize) -> bool {
    let Some(before) = position.checked_sub(1).map(|index| letters[index]) else {
        return false;
    };
    let next_is_small = letters
        .get(position + 1)
        .is_some_and(|next| next.is_lowercase());
    before != '_' && (!before.is_uppercase() || next_is_small)
}

/// The regular English plural of a word in snake case; an irregular one is declared with
/// `#[model(table = "…")]`.
pub fn plural(word: &str) -> String {
    let ends_with_any = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    if ends_with_any(&["s", "x", "z", "ch", "sh"]) {
        return format!("{word}es");
    }
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) && !stem.is_empty() => {
            format!("{stem}ies")
        }
        _ => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_named_after_its_model() {
        let cases = [
            ("User", "users"),
            ("BlogPost", "blog_posts"),
            ("Category", "categories"),
            ("Day", "days"),
            ("Address", "addresses"),
            ("Box", "boxes"),
            ("Branch", "branches"),
            ("HTTPRoute", "http_routes"),
            ("OAuth2Token", "o_auth2_tokens"),
            ("Größe", "größes"),
        ];
        for (model, table) in cases {
            assert_eq!(table_name(model), table, "{model}");
        }
    }
}
