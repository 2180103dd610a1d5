//! Finds nodes that wait for each other.

/// The circles of a graph that have no node in common, each from its first node on; an edge from
/// a node to itself is not one.
///
/// `children[n]` names the nodes that wait for node `n`.
pub(crate) fn circles(children: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut removed = vec![false; children.len()];
    let mut found = Vec::new();
    loop {
        remove_what_ends(children, &mut removed);
        let Some(start) = removed.iter().position(|gone| !gone) else {
            return found;
        };
        let circle = walk(children, &removed, start);
        for &node in &circle {
            removed[node] = true;
        }
        found.push(circle);
    }
}

/// Removes every node from which no walk can go on forever.
fn remove_what_ends(children: &[Vec<usize>], removed: &mut [bool]) {
    let mut parents = vec![Vec::new(); children.len()];
    let mut ways_on = vec![0; children.len()];
    for (node, targets) in children
        .iter()
        .enumerate()
        .filter(|(node, _)| !removed[*node])
    {
        for &child in targets
            .iter()
            .filter(|child| !removed[**child] && **child != node)
        {
            parents[child].push(node);
            ways_on[node] += 1;
        }
    }
    let is_end = |node: &usize| !removed[*node] && ways_on[*node] == 0;
    let mut ends: Vec<usize> = (0..children.len()).filter(is_end).collect();
    while let Some(node) = ends.pop() {
        removed[node] = true;
        for &parent in &parents[node] {
            ways_on[parent] -= 1;
            if ways_on[parent] == 0 {
                ends.push(parent);
            }
        }
    }
}

/// Walks until a node comes back; every node that is left leads on to another that is left.
fn walk(children: &[Vec<usize>], removed: &[bool], start: usize) -> Vec<usize> {
    let mut place = vec![None; children.len()];
    let mut path = Vec::new();
    let mut node = start;
    while place[node].is_none() {
        place[node] = Some(path.len());
        path.push(node);
        let next = children[node]
            .iter()
            .find(|child| !removed[**child] && **child != node);
        node = *next.expect("nodes without a way on are removed");
    }
    let mut circle = path.split_off(place[node].unwrap_or(0));
    let first = (0..circle.len()).min_by_key(|at| circle[*at]).unwrap_or(0);
    circle.rotate_left(first);
    circle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_apart_from_what_leads_to_and_from_them() {
        type Lists = &'static [&'static [usize]];
        let cases: [(Lists, Lists); 6] = [
            (&[], &[]),
            (&[&[1], &[2], &[]], &[]),
            (&[&[0]], &[]),
            (&[&[1], &[0]], &[&[0, 1]]),
            // 0 leads into the circle 1 → 3 → 2, which leads on to 4.
            (&[&[2], &[3], &[1, 4], &[2], &[]], &[&[1, 3, 2]]),
            (&[&[1], &[0], &[3], &[2]], &[&[0, 1], &[2, 3]]),
        ];
        for (children, expected) in cases {
            let children: Vec<Vec<usize>> = children.iter().map(|to| to.to_vec()).collect();
            assert_eq!(circles(&children), expected, "{children:?}");
        }
    }
}
