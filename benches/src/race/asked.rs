//! What the command line asks of the races.

/// One of the ways to run a benchmark.
#[derive(Debug, PartialEq)]
pub(super) enum Asked {
    /// Races, timed.
    Bench(Names),
    /// Who takes part in which race.
    List,
    /// So many laps of one contender: how many, of which race, who.
    Laps(usize, String, String),
    /// Whether everything runs.
    Test,
}

/// Parts of the names of races; none stands for all of them.
#[derive(Debug, PartialEq)]
pub(super) struct Names(Vec<String>);

impl Asked {
    pub(super) fn of(arguments: impl Iterator<Item = String>) -> Self {
        let (options, mut words): (Vec<String>, Vec<String>) =
            arguments.partition(|argument| argument.starts_with('-'));
        let has = |option: &str| options.iter().any(|given| given == option);
        if has("--list") {
            return Self::List;
        }
        if has("--laps") {
            let contender = words.pop().unwrap_or_default();
            let race = words.pop().unwrap_or_default();
            let laps = words.pop().and_then(|laps| laps.parse().ok());
            return Self::Laps(laps.unwrap_or(1), race, contender);
        }
        if has("--bench") {
            return Self::Bench(Names(words));
        }
        Self::Test
    }
}

impl Names {
    /// Whether they are part of the name of this race.
    pub(super) fn hold(&self, race: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|part| race.contains(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_says_what_is_run() {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let cases = [
            (words(&[]), Asked::Test),
            (words(&["--bench"]), Asked::Bench(Names(Vec::new()))),
            (
                words(&["read", "--bench"]),
                Asked::Bench(Names(words(&["read"]))),
            ),
            (words(&["--list"]), Asked::List),
            (
                words(&["--laps", "500", "read by key", "by hand"]),
                Asked::Laps(500, "read by key".to_owned(), "by hand".to_owned()),
            ),
        ];
        for (arguments, asked) in cases {
            assert_eq!(Asked::of(arguments.iter().cloned()), asked, "{arguments:?}");
        }
    }
}
