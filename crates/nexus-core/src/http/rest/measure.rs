//! What Prometheus is told about routes, prepared per route so that a request formats nothing.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::Request;
use axum::response::Response;
use axum::routing::Route;
use metrics::{Counter, Histogram};
use tower::{Layer, Service};

/// `1xx` to `5xx`.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Counts and times the requests of one route.
#[derive(Clone)]
pub(super) struct Measured {
    series: Arc<Series>,
}

struct Series {
    path: String,
    seconds: Histogram,
    by_class: [OnceLock<Counter>; CLASSES.len()],
}

impl Measured {
    pub(super) fn new(path: &str) -> Self {
        let seconds = metrics::histogram!("nexus_http_request_seconds", "route" => path.to_owned());
        Self {
            series: Arc::new(Series {
                path: path.to_owned(),
                seconds,
                by_class: Default::default(),
            }),
        }
    }
}

impl Series {
    fn record(&self, begun: Instant, response: &Response) {
        self.seconds.record(begun.elapsed());
        let class = usize::from(response.status().as_u16() / 100 - 1).min(CLASSES.len() - 1);
        let counter = self.by_class[class].get_or_init(|| {
            let route = self.path.clone();
            metrics::counter!("nexus_http_requests_total", "route" => route, "status" => CLASSES[class])
        });
        counter.increment(1);
    }
}

impl Layer<Route> for Measured {
    type Service = MeasuredRoute;

    fn layer(&self, route: Route) -> MeasuredRoute {
        MeasuredRoute {
            route,
            series: Arc::clone(&self.series),
        }
    }
}

#[derive(Clone)]
pub(super) struct MeasuredRoute {
    route: Route,
    series: Arc<Series>,
}

impl Service<Request> for MeasuredRoute {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let begun = Instant::now();
        let series = Arc::clone(&self.series);
        let answer = self.route.call(request);
        Box::pin(async move {
            let response = answer.await?;
            series.record(begun, &response);
            Ok(response)
        })
    }
}
