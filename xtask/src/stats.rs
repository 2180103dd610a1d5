//! Medians.

use std::time::Duration;

use serde::Serialize;

/// Times of repeated starts, in milliseconds.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn push(&mut self, duration: Duration) {
        self.0.push(duration.as_secs_f64() * 1000.0);
    }

    /// The middle time, or nothing before the first.
    pub(crate) fn median(&self) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match sorted.len() {
            0 => None,
            odd if odd % 2 == 1 => Some(sorted[middle]),
            _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
        }
    }

    /// The shortest time, or nothing before the first.
    pub(crate) fn minimum(&self) -> Option<f64> {
        self.0.iter().copied().min_by(f64::total_cmp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle() {
        let cases: [(&[u64], Option<f64>); 4] = [
            (&[], None),
            (&[3], Some(3.0)),
            (&[9, 1, 4], Some(4.0)),
            (&[1, 2, 3, 10], Some(2.5)),
        ];
        for (milliseconds, median) in cases {
            let mut times = Times::default();
            for &time in milliseconds {
                times.push(Duration::from_millis(time));
            }
            assert_eq!(times.median(), median, "{milliseconds:?}");
        }
    }
}
