use std::sync::{Arc, Mutex};

use dataflow_core::node::{Context, Object, Shape};
use dataflow_workflow::Workflow;
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::nodes::node;

/// For each node, the earlier nodes that feed it.
fn acyclic_graph() -> impl Strategy<Value = Vec<Vec<usize>>> {
    prop::collection::vec(
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        1..24,
    )
    .prop_map(|wishes| {
        let parents = wishes.into_iter().enumerate().map(|(at, wishes)| match at {
            0 => Vec::new(),
            at => wishes.iter().map(|wish| wish.index(at)).collect(),
        });
        parents.collect()
    })
}

proptest! {
    #[test]
    fn every_node_runs_once_and_after_those_that_feed_it(
        (parents, told) in acyclic_graph().prop_flat_map(|graph| {
            let places: Vec<usize> = (0..graph.len()).collect();
            (Just(graph), Just(places).prop_shuffle())
        })
    ) {
        let finished = Arc::new(Mutex::new(Vec::new()));
        let mut builder = Workflow::builder();
        for &at in &told {
            let finished = finished.clone();
            let record = node("record", Shape::free_object(), Shape::any(), move |_| {
                let finished = finished.clone();
                async move {
                    // Gives the others a turn, so that the order is not that of the calls.
                    for _ in 0..at % 3 {
                        tokio::task::yield_now().await;
                    }
                    finished.lock().unwrap().push(at);
                    Ok(Json::Null)
                }
            });
            builder = builder.node(format!("n{at}"), record);
        }
        for (at, feeds) in parents.iter().enumerate() {
            for (count, parent) in feeds.iter().enumerate() {
                builder = builder.connect(&format!("n{parent}"), &format!("n{at}.input{count}"));
            }
        }
        let workflow = builder.build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(workflow.run(&Context::default(), Object::new())).unwrap();

        let finished = finished.lock().unwrap();
        let mut sorted = finished.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, (0..parents.len()).collect::<Vec<_>>());
        let place = |node: usize| finished.iter().position(|at| *at == node);
        for (at, feeds) in parents.iter().enumerate() {
            for parent in feeds {
                prop_assert!(place(*parent) < place(at), "{} feeds {}", parent, at);
            }
        }
    }
}

#[tokio::test]
async fn a_long_chain_needs_no_deep_stack() {
    const LENGTH: usize = 5_000;
    let quiet = node("quiet", Shape::free_object(), Shape::any(), async |_| {
        Ok(Json::Null)
    });
    let mut builder = Workflow::builder();
    for at in 0..LENGTH {
        builder = builder.node(format!("n{at}"), quiet.clone());
    }
    for at in 1..LENGTH {
        builder = builder.connect(&format!("n{}", at - 1), &format!("n{at}.before"));
    }
    let workflow = builder.build().unwrap();
    let outputs = workflow
        .run(&Context::default(), Object::new())
        .await
        .unwrap();
    assert_eq!(outputs.len(), LENGTH);
}
