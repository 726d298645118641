//! Tests of the shop's application from outside.

mod http_openapi;
