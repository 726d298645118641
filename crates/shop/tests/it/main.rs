//! Tests of the shop's application from outside.

mod engine_adyen;
mod engine_cards;
mod engine_commands;
mod engine_days;
mod engine_faults;
mod engine_kit;
mod engine_people;
mod engine_printing;
mod engine_restart;
mod engine_vouchers;
mod http_desk;
mod http_door;
mod http_live;
mod http_openapi;
mod http_people;
mod http_rights;
mod http_sale;
mod http_secrets;
mod http_setup;
mod http_world;
