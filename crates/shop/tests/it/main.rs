//! Tests of the shop's application from outside.

mod engine_adyen;
mod engine_cards;
mod engine_cloud;
mod engine_commands;
mod engine_faults;
mod engine_kit;
mod engine_people;
mod engine_printing;
mod engine_restart;
mod engine_transfers;
mod engine_vouchers;
mod engine_ways;
mod http_bank;
mod http_cloud;
mod http_desk;
mod http_door;
mod http_live;
mod http_openapi;
mod http_people;
mod http_rights;
mod http_sale;
mod http_secrets;
mod http_setup;
mod http_terminals;
mod http_world;
