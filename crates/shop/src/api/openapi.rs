//! The OpenAPI document, made from the same table that registers the routes.

use std::collections::BTreeMap;

use axum::http::Method;
use domain::Permission;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, PathsBuilder, Ref, RefOr,
    Required, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use super::Problem;
use super::command::{Approval, ShopCommandRequest, TillCommandRequest};

type Named = (String, RefOr<Schema>);

/// Media type of problem documents.
pub const PROBLEM: &str = "application/problem+json";

/// A route as it is described.
#[derive(Clone)]
pub struct Operation {
    /// Method.
    pub method: Method,
    /// Path behind `/api/v1`.
    pub path: &'static str,
    /// What it needs.
    pub permission: Permission,
    tag: &'static str,
    summary: &'static str,
    queries: Vec<(&'static str, Type, &'static str)>,
    body: Option<(&'static str, RefOr<Schema>)>,
    answer: Option<(&'static str, RefOr<Schema>)>,
    schemas: Vec<Named>,
}

impl Operation {
    /// A route without a description yet.
    pub fn new(method: Method, path: &'static str, permission: Permission) -> Self {
        Operation {
            method,
            path,
            permission,
            tag: "",
            summary: "",
            queries: Vec::new(),
            body: None,
            answer: None,
            schemas: Vec::new(),
        }
    }

    /// The part of the API it belongs to and what it is for, in one sentence.
    pub fn about(mut self, tag: &'static str, summary: &'static str) -> Self {
        self.tag = tag;
        self.summary = summary;
        self
    }

    /// A word or text to search or filter by.
    pub fn text(mut self, name: &'static str, what: &'static str) -> Self {
        self.queries.push((name, Type::String, what));
        self
    }

    /// A number to filter or limit by.
    pub fn number(mut self, name: &'static str, what: &'static str) -> Self {
        self.queries.push((name, Type::Integer, what));
        self
    }

    /// Yes or no.
    pub fn flag(mut self, name: &'static str, what: &'static str) -> Self {
        self.queries.push((name, Type::Boolean, what));
        self
    }

    /// Takes a JSON document.
    pub fn takes<T: ToSchema>(mut self) -> Self {
        let schema = self.refer::<T>();
        self.body = Some(("application/json", schema));
        self
    }

    /// Takes another kind of document.
    pub fn takes_text(mut self, media: &'static str) -> Self {
        self.body = Some((media, string()));
        self
    }

    /// Answers a JSON document.
    pub fn answers<T: ToSchema>(mut self) -> Self {
        let schema = self.refer::<T>();
        self.answer = Some(("application/json", schema));
        self
    }

    /// Answers a JSON list.
    pub fn answers_list<T: ToSchema>(mut self) -> Self {
        let items = self.refer::<T>();
        self.answer = Some(("application/json", ArrayBuilder::new().items(items).into()));
        self
    }

    /// Answers another kind of document.
    pub fn answers_text(mut self, media: &'static str) -> Self {
        self.answer = Some((media, string()));
        self
    }

    /// Answers server-sent events whose data are JSON documents of this shape.
    pub fn answers_events<T: ToSchema>(mut self) -> Self {
        let _ = self.refer::<T>();
        self.answer = Some(("text/event-stream", string()));
        self
    }

    fn refer<T: ToSchema>(&mut self) -> RefOr<Schema> {
        collect::<T>(&mut self.schemas);
        Ref::from_schema_name(T::name()).into()
    }

    fn described(&self) -> OperationBuilder {
        let mut operation = OperationBuilder::new()
            .operation_id(Some(self.id()))
            .summary(Some(self.summary))
            .tag(self.tag)
            .extensions(Some(
                ExtensionsBuilder::new().add("x-permission", word(self.permission)).build(),
            ));
        for name in self.path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')) {
            operation = operation.parameter(parameter(name, Type::Integer, "", ParameterIn::Path));
        }
        for (name, kind, what) in &self.queries {
            operation =
                operation.parameter(parameter(name, kind.clone(), what, ParameterIn::Query));
        }
        if let Some((media, schema)) = &self.body {
            let body = RequestBodyBuilder::new()
                .content(*media, Content::new(Some(schema.clone())))
                .required(Some(Required::True));
            operation = operation.request_body(Some(body.build()));
        }
        self.with_responses(operation)
    }

    fn with_responses(&self, mut operation: OperationBuilder) -> OperationBuilder {
        operation = match &self.answer {
            Some((media, schema)) => operation.response(
                "200",
                ResponseBuilder::new()
                    .description("Done.")
                    .content(*media, Content::new(Some(schema.clone()))),
            ),
            None => operation.response("204", ResponseBuilder::new().description("Done.")),
        };
        for (status, why) in self.problems() {
            let problem = ResponseBuilder::new().description(why).content(
                PROBLEM,
                Content::new(Some(RefOr::<Schema>::from(Ref::from_schema_name("Problem")))),
            );
            operation = operation.response(status, problem);
        }
        operation
    }

    fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let mut problems = vec![("400", "The request is malformed.")];
        if self.permission != Permission::Public || self.body.is_some() {
            problems.push(("401", "Nobody is signed in, or the secret is wrong."));
        }
        if self.permission != Permission::Public || self.method != Method::GET {
            problems.push(("403", "Not permitted, or sent by another page."));
        }
        if self.path.contains('{') || !self.queries.is_empty() {
            problems.push(("404", "There is no such thing."));
        }
        if self.method == Method::POST {
            problems.push(("413", "The body is too large."));
            problems.push(("415", "The body is not of the kind this route takes."));
            problems.push(("422", "A rule said no, or a field does not fit."));
            problems.push(("429", "Too many wrong secrets; try again later."));
        }
        problems.push(("421", "The request names another host."));
        problems.push(("503", "The record could not be read or written; nothing was recorded."));
        problems
    }

    /// `GET /items/{item}` becomes `get_items_item`.
    fn id(&self) -> String {
        let path = self.path.replace(['{', '}'], "").replace(['/', '-', '.'], "_");
        format!("{}{path}", self.method.as_str().to_lowercase())
    }
}

fn parameter(name: &str, kind: Type, what: &str, place: ParameterIn) -> ParameterBuilder {
    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description((!what.is_empty()).then_some(what))
        .schema(Some(ObjectBuilder::new().schema_type(SchemaType::Type(kind))))
}

fn string() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).into()
}

fn collect<T: ToSchema>(schemas: &mut Vec<Named>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

/// A permission as it is serialised.
pub fn word(permission: Permission) -> String {
    match serde_json::to_value(permission) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// `{id, approval?} & command`: how commands travel.
fn command_schema<C: ToSchema>(with_approval: bool) -> RefOr<Schema> {
    let mut around = ObjectBuilder::new()
        .property(
            "id",
            ObjectBuilder::new()
                .schema_type(SchemaType::Type(Type::String))
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
                .description(Some("Made by the sender; the same id again gives the same answer and no second effect.")),
        )
        .required("id");
    if with_approval {
        around = around.property("approval", Ref::from_schema_name(Approval::name()));
    } else {
        around = around.property(
            "base",
            ObjectBuilder::new()
                .schema_type(SchemaType::Type(Type::String))
                .description(Some("The `revision` of the settings, the item or the person that the change is based on. When another one stands there now, the command is refused (`stale`).")),
        );
    }
    utoipa::openapi::schema::AllOfBuilder::new()
        .item(around)
        .item(Ref::from_schema_name(C::name()))
        .description(Some("A command and its id. Unknown fields are refused."))
        .into()
}

impl PartialSchema for TillCommandRequest {
    fn schema() -> RefOr<Schema> {
        command_schema::<domain::TillCommand>(true)
    }
}

impl ToSchema for TillCommandRequest {
    fn schemas(schemas: &mut Vec<Named>) {
        collect::<Approval>(schemas);
        collect::<domain::TillCommand>(schemas);
    }
}

impl PartialSchema for ShopCommandRequest {
    fn schema() -> RefOr<Schema> {
        command_schema::<domain::ShopCommand>(false)
    }
}

impl ToSchema for ShopCommandRequest {
    fn schemas(schemas: &mut Vec<Named>) {
        collect::<domain::ShopCommand>(schemas);
    }
}

/// The whole document.
pub fn document<'a>(operations: impl Iterator<Item = &'a Operation>) -> OpenApi {
    let mut schemas = Vec::new();
    collect::<Problem>(&mut schemas);
    let mut items: Vec<(String, PathItem)> = Vec::new();
    for operation in operations {
        schemas.extend(operation.schemas.iter().cloned());
        let path = format!("{}{}", crate::http::BASE, operation.path);
        let item = PathItem::new(http_method(&operation.method), operation.described());
        match items.iter_mut().find(|(known, _)| *known == path) {
            Some((_, known)) => known.merge_operations(item),
            None => items.push((path, item)),
        }
    }
    let paths =
        items.into_iter().fold(PathsBuilder::new(), |paths, (path, item)| paths.path(path, item));
    let sorted: BTreeMap<String, RefOr<Schema>> =
        schemas.into_iter().map(|(n, s)| open_command(n, s)).collect();
    let components =
        sorted.into_iter().fold(ComponentsBuilder::new(), |components, (name, schema)| {
            components.schema(name, schema)
        });
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Tresen: the API of a shop")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Amounts are minor units, quantities thousandths, times RFC 3339. Unknown fields are refused. \
                     `x-permission` names what the person signed in must be allowed to do.",
                )),
        )
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

/// The commands stand inside `allOf` beside `id`: there, `additionalProperties: false` would refuse
/// the id itself.
fn open_command(name: String, mut schema: RefOr<Schema>) -> (String, RefOr<Schema>) {
    if (name == "TillCommand" || name == "ShopCommand")
        && let RefOr::T(Schema::OneOf(one)) = &mut schema
    {
        for variant in &mut one.items {
            if let RefOr::T(Schema::Object(object)) = variant {
                object.additional_properties = None;
            }
        }
    }
    (name, schema)
}

fn http_method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
