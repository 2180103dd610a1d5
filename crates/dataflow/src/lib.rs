//! DataFlow: models, pool, repositories and nodes; the face users import.

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "repositories, which use it, come next")
)]
mod pool;
