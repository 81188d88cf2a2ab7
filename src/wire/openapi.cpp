#include "wire/openapi.hpp"

#include <lineside/version.hpp>

#include "wire/json_document.hpp"
#include "wire/media_type.hpp"
#include "wire/openapi_components.hpp"
#include "wire/openapi_schema.hpp"
#include "wire/operation_notes.hpp"
#include "wire/problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace lineside::wire {

namespace json = boost::json;

namespace {

constexpr std::string_view introduction =
    "A voice carrier's customer portal: accounts, calls and their numbers, people, money, live channels, internal "
    "numbers and alerts.\n\n"
    "Times are ISO 8601 and half-open ranges; amounts are decimal texts whose currency stands beside them; null is "
    "\"not reported\" or \"nothing to measure\", never zero. In a path, `~` as the account is the asker's own, and a value "
    "that begins with `~` or `.` gets one more `~` in front. In a query `+` is a space. Lists are read page by page: the "
    "`next` of a page is the `cursor` of the following one. Answers may gain members; requests may not have members "
    "that are not known.";

std::string lower(std::string_view text) {
    std::string low(text);
    std::transform(low.begin(), low.end(), low.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return low;
}

/// The paths as they stand in the document: those that differ in the names of their values only are the same there, under
/// the names that say most.
class documented_paths {
public:
    documented_paths() {
        for (const auto& r : routes())
            if (auto& path = paths_[shape_of(r.path)]; path.size() < r.path.size())
                path = r.path;
    }
    [[nodiscard]] const std::string& operator[](const route& r) const { return paths_.at(shape_of(r.path)); }

private:
    static std::string shape_of(std::string path) {
        for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1))
            path.erase(open + 1, path.find('}', open) - open - 1);
        return path;
    }

    std::map<std::string, std::string> paths_;
};

class operation_writer {
public:
    operation_writer(openapi_schemas& schemas, const openapi_options& options, const documented_paths& paths)
        : schemas_(schemas),
          options_(options),
          paths_(paths) {}

    [[nodiscard]] json::object write(const route& r, const operation_notes& notes) {
        json::object o{{"operationId", r.name},
                       {"tags", json::array{notes.section}},
                       {"summary", notes.summary},
                       {"description", description(r, notes)}};
        if (r.access.audience == operation::audience::anyone)
            o["security"] = json::array{};
        if (auto all = parameters(r); !all.empty())
            o["parameters"] = std::move(all);
        if (auto body = request_body_of(r); !body.empty())
            o["requestBody"] = std::move(body);
        o["responses"] = responses(r, notes);
        return o;
    }

private:
    [[nodiscard]] bool has_revision(const route& r) const {
        return options_.looks_at_revision && options_.looks_at_revision(r);
    }
    [[nodiscard]] bool has_tag(const route& r) const {
        return r.answers == answer_body::json && (r.retry == operation::retry_class::safe || has_revision(r));
    }

    [[nodiscard]] std::string description(const route& r, const operation_notes& notes) const {
        auto text = notes.text;
        switch (r.access.audience) {
        case operation::audience::anyone: text += "\n\nNeeds no credential."; break;
        case operation::audience::signed_in: text += "\n\nFor whoever is signed in, about itself."; break;
        case operation::audience::permitted:
            text.append("\n\nNeeds the permission `").append(lineside::to_string(r.access.needs)).append("`.");
            break;
        case operation::audience::operators: text += "\n\nFor the operator."; break;
        }
        switch (r.retry) {
        case operation::retry_class::safe: text += " Changes nothing."; break;
        case operation::retry_class::idempotent: text += " Asked twice it comes to the same."; break;
        case operation::retry_class::keyed: text += " To be repeated only with an idempotency key."; break;
        }
        return text;
    }

    [[nodiscard]] json::array parameters(const route& r) {
        json::array all;
        std::string_view path = paths_[r];
        for (const auto& p : r.path_parameters) {
            path.remove_prefix(path.find('{') + 1);
            auto schema = schemas_.refer(*p.type, direction::in);
            schema["minLength"] = 1;
            json::object parameter{{"name", path.substr(0, path.find('}'))},
                                   {"in", "path"},
                                   {"required", true},
                                   {"schema", std::move(schema)},
                                   {"example", example_of(*p.type, p.name)}};
            if (p.name == "account")
                parameter["description"] = "`~` is the asker's own.";
            all.push_back(std::move(parameter));
        }
        for (const auto& p : r.query) {
            auto schema = schemas_.refer(*p.type, direction::in);
            if (!p.repeats)
                add_default(schema, *p.type, p.initial);
            else
                schema = {{"type", "array"}, {"items", std::move(schema)}};
            all.push_back({{"name", p.name}, {"in", "query"}, {"schema", std::move(schema)}});
        }
        if (r.retry == operation::retry_class::keyed)
            all.push_back(reference("parameters", "idempotency_key"));
        if (has_revision(r))
            all.push_back(reference("parameters", "if_match"));
        if (r.verb == "GET" && has_tag(r))
            all.push_back(reference("parameters", "if_none_match"));
        if (r.answer == &schema_of<session_grant>())
            all.push_back(reference("parameters", "session_in"));
        return all;
    }

    [[nodiscard]] json::object request_body_of(const route& r) {
        if (r.body == request_body::records) {
            json::object content;
            for (const auto type : {"application/octet-stream", "text/csv", "application/x-ndjson", "application/gzip"})
                content[type] = json::object{};
            return {{"description", "The call records as the switch wrote them, also compressed."},
                    {"required", true},
                    {"content", std::move(content)}};
        }
        if (!takes_json(r))
            return {};
        std::vector<std::string> in_path;
        for (const auto& p : r.path_parameters) {
            std::string path;
            for (const auto name : p.member)
                path.append(path.empty() ? "" : ".").append(name);
            in_path.push_back(std::move(path));
        }
        auto schema = schemas_.refer_without(*r.request, std::string(r.name) + "_body", in_path);
        auto example = example_of(*r.request, {});
        for (const auto& path : in_path)
            remove(example.get_object(), path);
        if (r.body == request_body::form)
            return form_of(std::move(schema), std::move(example));
        return {{"required", true},
                {"content", json::object{{"application/json", json::object{{"schema", std::move(schema)},
                                                                           {"example", std::move(example)}}}}}};
    }

    [[nodiscard]] static bool takes_json(const route& r) {
        if (r.body != request_body::json && r.body != request_body::form)
            return false;
        const auto is_member = [](const url_parameter& p) { return p.member.size() == 1; };
        const auto in_path = std::count_if(r.path_parameters.begin(), r.path_parameters.end(), is_member);
        return r.request->members.size() > static_cast<std::size_t>(in_path);
    }

    static void remove(json::object& from, std::string_view path) {
        const auto dot = path.find('.');
        if (dot == path.npos)
            from.stable_erase(path);
        else if (auto* inner = from.if_contains(path.substr(0, dot)))
            remove(inner->get_object(), path.substr(dot + 1));
    }

    [[nodiscard]] static json::object form_of(json::object schema, json::value example) {
        const json::object records{{"description", "Call records as the switch wrote them."}};
        json::object form{
            {"type", "object"},
            {"properties", json::object{{"request", std::move(schema)}, {"ours", records}, {"theirs", records}}},
            {"required", json::array{"request"}}};
        json::object encoding{{"request", json::object{{"contentType", "application/json"}}},
                              {"ours", json::object{{"contentType", "application/octet-stream"}}},
                              {"theirs", json::object{{"contentType", "application/octet-stream"}}}};
        json::object form_example{{"request", std::move(example)}};
        return {{"required", true},
                {"content", json::object{{"multipart/form-data", json::object{{"schema", std::move(form)},
                                                                              {"encoding", std::move(encoding)},
                                                                              {"example", std::move(form_example)}}}}}};
    }

    [[nodiscard]] json::object answer_content(const route& r) {
        json::object content;
        if (r.answers != answer_body::table)
            content["application/json"] = json::object{{"schema", schemas_.refer(*r.answer, direction::out)},
                                                       {"example", example_of(*r.answer, {})}};
        if (r.answers == answer_body::events)
            content[to_string(media_type::ndjson)] =
                json::object{{"schema", json::object{{"type", "string"},
                                                     {"description",
                                                      "What happens on the way, an object a line; the last one is the "
                                                      "report or the problem."},
                                                     {"contentMediaType", to_string(media_type::ndjson)},
                                                     {"contentSchema", event_schema(r)}}}};
        if (r.answers == answer_body::table || r.tabular)
            for (const auto type : {media_type::csv, media_type::tsv, media_type::ndjson})
                content[to_string(type)] = json::object{{"schema", text_schema()}};
        return content;
    }

    // One line. What it is, its one member says.
    [[nodiscard]] json::object event_schema(const route& r) {
        auto rejected = schemas_.refer(schema_of<rejected_row>(), direction::out);
        json::object side{
            {"type", "object"},
            {"properties",
             json::object{{"side", json::object{{"type", "string"}, {"enum", json::array{"ours", "theirs"}}}}}}};
        if (r.body == request_body::form)
            rejected = {{"allOf", json::array{std::move(rejected), std::move(side)}}};
        json::object properties{{"progress", schemas_.refer(schema_of<import_progress>(), direction::out)},
                                {"rejected", std::move(rejected)},
                                {"report", schemas_.refer(*r.answer, direction::out)},
                                {"problem", reference("schemas", "problem")}};
        if (r.body == request_body::form)
            properties["evidence"] =
                json::object{{"type", "string"}, {"description", "The next piece of the table of differing calls."}};
        return schemas_.refer(std::string(r.name) + "_event",
                              {{"type", "object"}, {"properties", std::move(properties)}, {"minProperties", 1}});
    }

    // The statuses of what is refused, and in which case beyond the usual.
    [[nodiscard]] std::map<int, std::string> refused(const route& r, const operation_notes& notes) const {
        std::map<int, std::string> all;
        for (const int status : {400, 401, 403, 406, 429, 500, 502, 503, 504})
            all[status];
        if (!r.path_parameters.empty())
            all[404];
        if (r.body != request_body::none)
            all[413];
        if (r.body == request_body::json || r.body == request_body::form)
            all[415];
        if (r.retry == operation::retry_class::keyed) {
            all[409];
            all[422];
        }
        if (has_revision(r)) {
            all[412];
            all[428];
        }
        for (const auto& e : notes.errors) {
            auto& when = all[http_status_of(e.code)];
            if (!e.when.empty())
                when.append(when.empty() ? "" : "; ").append(e.when);
        }
        return all;
    }

    [[nodiscard]] json::object responses(const route& r, const operation_notes& notes) {
        auto with = headers_of({});
        if (has_tag(r))
            with["ETag"] = reference("headers", "ETag");
        if (r.answer == &schema_of<session_grant>())
            with["Set-Cookie"] = reference("headers", "Set-Cookie");
        json::object all{
            {"200",
             json::object{{"description", "Done."}, {"headers", std::move(with)}, {"content", answer_content(r)}}}};
        if (r.verb == "GET" && has_tag(r))
            all["304"] = reference("responses", "not_modified");
        for (const auto& [status, when] : refused(r, notes)) {
            const auto& usual = refusal_of(status);
            auto response = reference("responses", usual.name);
            if (!when.empty())
                response["description"] = std::string(usual.text).append(" Here: ").append(when).append(".");
            all[std::to_string(status)] = std::move(response);
        }
        all["default"] = reference("responses", "other");
        return all;
    }

    openapi_schemas& schemas_;
    const openapi_options& options_;
    const documented_paths& paths_;
};

json::array tags_of(std::span<const operation_notes> notes) {
    json::array tags;
    for (const auto& n : notes)
        if (tags.empty() || tags.back().at("name") != json::value(n.section))
            tags.push_back(json::object{{"name", n.section}});
    return tags;
}

} // namespace

std::string openapi_document(const openapi_options& options) {
    openapi_schemas schemas;
    for (const auto& r : routes())
        schemas.add_answer(*r.answer);
    const documented_paths documented;
    operation_writer operations(schemas, options, documented);
    json::object paths;
    const auto notes = notes_of_operations();
    for (const auto& r : routes()) {
        auto& item = paths.emplace(documented[r], json::object()).first->value();
        item.get_object()[lower(r.verb)] = operations.write(r, notes[r.index]);
    }
    for (const auto& other : options.others)
        paths[other.path] = parse_document(other.item);
    auto named = schemas.all();
    named["problem"] = problem_schema();

    const json::object license{{"name", "Apache 2.0"}, {"identifier", "Apache-2.0"}};
    const json::object info{
        {"title", "Lineside"}, {"version", version}, {"description", introduction}, {"license", license}};
    json::object components{{"schemas", std::move(named)},
                            {"responses", response_components()},
                            {"parameters", parameter_components()},
                            {"headers", header_components()},
                            {"securitySchemes", security_components()}};
    const json::array security{json::object{{"token", json::array{}}}, json::object{{"session", json::array{}}}};
    return json::serialize(json::object{{"openapi", "3.1.0"},
                                        {"info", info},
                                        {"servers", json::array{json::object{{"url", options.server}}}},
                                        {"tags", tags_of(notes)},
                                        {"security", security},
                                        {"paths", std::move(paths)},
                                        {"components", std::move(components)}});
}

} // namespace lineside::wire
