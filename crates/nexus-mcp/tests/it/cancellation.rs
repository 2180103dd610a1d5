//! A client that hangs up stops what it asked for.

use std::sync::Arc;
use std::time::Duration;

use dataflow_core::error::Result;
use dataflow_core::node::{Answer, BoxFuture, Context, Descriptor, Details, Node, Object, Shape};
use nexus_core::{Dispatch, Registry};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::client::Server;

#[derive(Debug, PartialEq)]
enum Event {
    Begun,
    Dropped,
}

/// Waits for ever, and tells when it begins and when it is dropped.
struct Endless {
    descriptor: Descriptor,
    events: UnboundedSender<Event>,
}

struct TellsWhenDropped(UnboundedSender<Event>);

impl Drop for TellsWhenDropped {
    fn drop(&mut self) {
        self.0.send(Event::Dropped).unwrap();
    }
}

impl Node for Endless {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, _: &'a Context, _: Object) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async {
            let _guard = TellsWhenDropped(self.events.clone());
            self.events.send(Event::Begun).unwrap();
            std::future::pending().await
        })
    }
}

fn endless() -> (Endless, UnboundedReceiver<Event>) {
    let (events, receiver) = unbounded_channel();
    let details = Details {
        description: "Never ends.".into(),
        input: Shape::object(),
        output: Shape::object(),
    };
    let descriptor = Descriptor::custom("endless", details);
    (Endless { descriptor, events }, receiver)
}

async fn next(events: &mut UnboundedReceiver<Event>) -> Option<Event> {
    let wait = tokio::time::timeout(Duration::from_secs(10), events.recv());
    wait.await.unwrap()
}

#[tokio::test]
async fn a_call_ends_when_its_client_hangs_up() {
    let (node, mut events) = endless();
    let mut registry = Registry::new();
    registry.register(Arc::new(node)).unwrap();
    let dispatch = Dispatch::new(registry);
    dispatch.open();
    let server = Arc::new(Server::serve(dispatch).await);

    let client = tokio::spawn({
        let server = server.clone();
        async move { server.call("endless", serde_json::json!({})).await }
    });
    assert_eq!(next(&mut events).await, Some(Event::Begun));
    client.abort();

    assert_eq!(next(&mut events).await, Some(Event::Dropped));
}
