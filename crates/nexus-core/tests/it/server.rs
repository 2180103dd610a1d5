use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use dataflow_core::error::Result;
use dataflow_core::node::{
    Answer, BoxFuture, Context, Descriptor, Details, Node, Object, Shape, Source,
};
use nexus_core::http::{HostRule, HttpChannel, Limits, Listener, serve};
use nexus_core::{Channel, Dispatch, Measured, Registry, Shutdown, ShutdownTrigger};
use tokio::task::JoinHandle;

use crate::memory::Memory;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) dispatch: Dispatch,
    pub(crate) memory: Arc<Memory>,
    pub(crate) stop: ShutdownTrigger,
    pub(crate) task: JoinHandle<()>,
}

/// How a test's server differs from the usual one.
pub(crate) struct Setup {
    pub(crate) limits: Limits,
    pub(crate) nodes: Vec<Arc<dyn Node>>,
    pub(crate) deadline: Duration,
    pub(crate) channel: HttpChannel,
    pub(crate) measured: Measured,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            nodes: Vec::new(),
            deadline: Duration::from_secs(5),
            channel: HttpChannel::new(HostRule::Loopback),
            measured: Measured::No,
        }
    }
}

impl Setup {
    pub(crate) async fn start(self) -> Server {
        let memory = Arc::new(Memory::default());
        let mut registry = Registry::new();
        registry
            .mount(Arc::clone(&memory) as Arc<dyn Source>)
            .unwrap();
        for node in self.nodes {
            registry.register(node).unwrap();
        }
        let dispatch = Dispatch::with(registry, self.deadline, self.measured);
        dispatch.open();
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = Listener::bind(loopback, "api_port").await.unwrap();
        let (stop, shutdown) = Shutdown::new();
        let router = self.channel.router(dispatch.clone());
        Server {
            address: listener.address(),
            dispatch,
            memory,
            stop,
            task: tokio::spawn(serve(listener, router, self.limits, shutdown)),
        }
    }
}

pub(crate) async fn start() -> Server {
    Setup::default().start().await
}

type Function = fn(Object) -> BoxFuture<'static, Result<Answer>>;

/// A handler that is a function.
pub(crate) struct Handler {
    descriptor: Descriptor,
    function: Function,
}

impl Handler {
    pub(crate) fn node(name: &str, function: Function) -> Arc<dyn Node> {
        Arc::new(Self {
            descriptor: Descriptor::custom(
                name,
                Details {
                    description: format!("The handler {name}."),
                    input: Shape::object().required("name", Shape::string()),
                    output: Shape::any(),
                },
            ),
            function,
        })
    }
}

impl Node for Handler {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, _: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        (self.function)(input)
    }
}
