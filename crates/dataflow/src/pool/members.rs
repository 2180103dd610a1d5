//! The values of many runs of one statement.

use std::ops::Range;

use dataflow_core::Value;

/// The values of many runs of one statement, which takes as many for each. They lie in one piece:
/// one for each member would cost more than everything else that is done with it here.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Members {
    count: usize,
    width: usize,
    values: Vec<Value>,
}

/// Some of them, one after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a> {
    count: usize,
    width: usize,
    values: &'a [Value],
}

impl Members {
    /// So many members, whose values follow each other.
    ///
    /// # Panics
    ///
    /// When the values cannot be parted evenly.
    pub(crate) fn new(count: usize, values: Vec<Value>) -> Self {
        let width = values.len() / count.max(1);
        assert_eq!(values.len(), count * width, "each member has as many");
        Self {
            count,
            width,
            values,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All of them.
    pub(crate) fn all(&self) -> Stretch<'_> {
        Stretch {
            count: self.count,
            width: self.width,
            values: &self.values,
        }
    }

    /// The same with one value more in each, at a position.
    pub(crate) fn with_each(self, position: usize, value: &Value) -> Self {
        let mut values = Vec::with_capacity(self.values.len() + self.count);
        let mut old = self.values.into_iter();
        for _ in 0..self.count {
            values.extend(old.by_ref().take(position));
            values.push(value.clone());
            values.extend(old.by_ref().take(self.width - position));
        }
        Self::new(self.count, values)
    }

    /// The same with more values behind those of each.
    pub(crate) fn with_more<V: IntoIterator<Item = Value>>(
        self,
        more: impl IntoIterator<Item = V>,
    ) -> Self {
        let mut values = Vec::with_capacity(self.values.len());
        let mut old = self.values.into_iter();
        for more in more {
            values.extend(old.by_ref().take(self.width));
            values.extend(more);
        }
        Self::new(self.count, values)
    }
}

/// Members with the values of each by themselves.
impl<V: IntoIterator<Item = Value>> FromIterator<V> for Members {
    fn from_iter<I: IntoIterator<Item = V>>(members: I) -> Self {
        let mut count = 0;
        let counted = members.into_iter().inspect(|_| count += 1);
        let values = counted.flatten().collect();
        Self::new(count, values)
    }
}

impl<'a> Stretch<'a> {
    pub(crate) fn len(self) -> usize {
        self.count
    }

    /// The values of each member, in their order.
    pub(crate) fn iter(self) -> impl ExactSizeIterator<Item = &'a [Value]> + Clone {
        (0..self.count).map(move |at| self.at(at))
    }

    fn at(self, position: usize) -> &'a [Value] {
        &self.values[position * self.width..][..self.width]
    }

    /// Some of these.
    pub(crate) fn part(self, members: Range<usize>) -> Self {
        Self {
            count: members.len(),
            width: self.width,
            values: &self.values[members.start * self.width..members.end * self.width],
        }
    }

    /// All of these, at most so many at a time.
    pub(crate) fn parts(self, largest: usize) -> impl Iterator<Item = Self> {
        let starts = (0..self.count).step_by(largest);
        starts.map(move |start| self.part(start..self.count.min(start + largest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(members: &[&[i64]]) -> Members {
        let values = |member: &&[i64]| -> Vec<Value> {
            member.iter().map(|value| Value::Integer(*value)).collect()
        };
        members.iter().map(values).collect()
    }

    fn read(stretch: Stretch<'_>) -> Members {
        stretch.iter().map(<[Value]>::to_vec).collect()
    }

    #[test]
    fn members_keep_their_values_apart() {
        let cases: [&[&[i64]]; 4] = [&[], &[&[1, 2], &[3, 4], &[5, 6]], &[&[1]], &[&[], &[]]];
        for case in cases {
            let members = members(case);
            assert_eq!(members.is_empty(), case.is_empty());
            assert_eq!(members.all().len(), case.len());
            assert_eq!(read(members.all()), members);
        }
    }

    #[test]
    fn a_part_holds_whole_members() {
        let five = members(&[&[1, 10], &[2, 20], &[3, 30], &[4, 40], &[5, 50]]);
        assert_eq!(read(five.all().part(1..3)), members(&[&[2, 20], &[3, 30]]));
        let parts: Vec<Members> = five.all().parts(2).map(read).collect();
        let [first, second, third] = &parts[..] else {
            panic!("{parts:?}");
        };
        assert_eq!(*first, members(&[&[1, 10], &[2, 20]]));
        assert_eq!(*second, members(&[&[3, 30], &[4, 40]]));
        assert_eq!(*third, members(&[&[5, 50]]));
    }

    #[test]
    fn a_value_is_put_into_each() {
        let two = members(&[&[1, 2], &[3, 4]]);
        let nine = Value::Integer(9);
        let cases: [(usize, &[&[i64]]); 3] = [
            (0, &[&[9, 1, 2], &[9, 3, 4]]),
            (1, &[&[1, 9, 2], &[3, 9, 4]]),
            (2, &[&[1, 2, 9], &[3, 4, 9]]),
        ];
        for (position, expected) in cases {
            assert_eq!(two.clone().with_each(position, &nine), members(expected));
        }
        assert_eq!(
            members(&[&[], &[]]).with_each(0, &nine),
            members(&[&[9], &[9]])
        );
    }

    #[test]
    fn more_values_follow_those_of_each() {
        let two = members(&[&[1, 2], &[3, 4]]);
        let more = [[5, 6], [7, 8]].map(|more| more.map(Value::Integer));
        assert_eq!(
            two.with_more(more),
            members(&[&[1, 2, 5, 6], &[3, 4, 7, 8]])
        );
    }
}
