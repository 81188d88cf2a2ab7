#include "wire/routes.hpp"

#include "wire/parameters.hpp"
#include "wire/percent.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <type_traits>

namespace lineside::wire {

namespace {

template <class Request>
constexpr request_body body_of(std::string_view verb) {
    if (std::is_same_v<Request, import_request>)
        return request_body::records;
    if (std::is_same_v<Request, dispute_request>)
        return request_body::form;
    return verb == "GET" || verb == "DELETE" ? request_body::none : request_body::json;
}

template <class Request>
constexpr answer_body answers_of() {
    if (std::is_same_v<Request, export_request>)
        return answer_body::table;
    return std::is_same_v<Request, import_request> || std::is_same_v<Request, dispute_request> ? answer_body::events
                                                                                               : answer_body::json;
}

template <class Answer>
inline constexpr bool is_tabular = std::is_same_v<Answer, series> || std::is_same_v<Answer, summary> ||
                                   std::is_same_v<Answer, page<call>> || std::is_same_v<Answer, page<access_entry>>;

using member_path = std::vector<std::string_view>;

member_path below(member_path path, std::string_view name) {
    path.push_back(name);
    return path;
}

// The member that a name in the path means: one of the request, or of an object right inside of it.
std::optional<url_parameter> path_parameter(const schema& request, std::string_view name) {
    if (request.kind != value_kind::object)
        return url_parameter{std::string(name), {}, &request};
    if (const auto* m = request.find(name))
        return url_parameter{std::string(name), {m->name}, m->type};
    for (const auto& outer : request.members)
        if (const auto* m = outer.type->kind == value_kind::object ? outer.type->find(name) : nullptr)
            return url_parameter{std::string(name), {outer.name, m->name}, m->type};
    return std::nullopt;
}

// The members of an object that are not in the path. `range` gives its ends their own names.
void add_query(route& to, const schema& object, const std::string& prefix, const member_path& path, bool whole) {
    for (const auto& m : object.members) {
        const auto member = below(path, m.name);
        const auto in_path = [&](const url_parameter& p) { return p.member == member; };
        if (std::any_of(to.path_parameters.begin(), to.path_parameters.end(), in_path))
            continue;
        if (m.type->name == "time_range" && m.name == "range")
            add_query(to, *m.type, prefix, member, true);
        else if (m.type->kind == value_kind::object)
            add_query(to, *m.type, prefix + std::string(m.name) + '.', member, whole || m.optional);
        else if (m.type->kind == value_kind::array)
            to.query.push_back(
                {prefix + std::string(m.name), member, m.type->element, true, m.optional, m.initial, whole});
        else
            to.query.push_back({prefix + std::string(m.name), member, m.type, false, m.optional, m.initial, whole});
    }
}

template <class Operation>
route make_route() {
    route r{.index = detail::index_of<Operation>,
            .name = Operation::name,
            .verb = Operation::verb,
            .path = "/v1" + std::string(Operation::path),
            .access = Operation::access,
            .retry = Operation::retry,
            .body = body_of<typename Operation::request>(Operation::verb),
            .answers = answers_of<typename Operation::request>(),
            .tabular = is_tabular<typename Operation::answer>,
            .request = &schema_of<parameters_t<Operation>>(),
            .answer = &schema_of<typename Operation::answer>()};
    for (auto rest = Operation::path; rest.find('{') != rest.npos;) {
        rest.remove_prefix(rest.find('{') + 1);
        const auto name = rest.substr(0, rest.find('}'));
        auto parameter = path_parameter(*r.request, name);
        if (!parameter)
            throw std::logic_error(std::string(r.name) + ": {" + std::string(name) + "} is no member of the request");
        r.path_parameters.push_back(*std::move(parameter));
    }
    if (r.body == request_body::none || r.body == request_body::records)
        add_query(r, *r.request, {}, {}, false);
    return r;
}

// The paths, segment by segment.
struct node {
    std::vector<std::pair<std::string_view, std::size_t>> words; // in the order of the words
    std::size_t parameter = 0;                                   // the node behind a value; 0: there is none
    std::vector<const route*> routes;
    std::string allowed;
};

std::string_view next_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

class path_tree {
public:
    path_tree() : nodes_(1) {
        for (const auto& r : routes())
            insert(r);
        for (auto& n : nodes_)
            if (!n.routes.empty())
                n.allowed = allowed_by(n.routes);
    }

    // The segments that are values are put into `values`.
    [[nodiscard]] const node* find(std::string_view path,
                                   std::array<std::string_view, path_parameters::most>& values) const {
        std::size_t at = 0;
        std::size_t count = 0;
        while (path.starts_with('/')) {
            const auto segment = next_segment(path);
            const auto& n = nodes_[at];
            const auto word = std::lower_bound(n.words.begin(), n.words.end(), segment,
                                               [](const auto& w, std::string_view s) { return w.first < s; });
            if (word != n.words.end() && word->first == segment) {
                at = word->second;
            } else if (n.parameter != 0 && !segment.empty()) {
                at = n.parameter;
                values[count++] = segment;
            } else {
                return nullptr;
            }
        }
        return path.empty() && !nodes_[at].routes.empty() ? &nodes_[at] : nullptr;
    }

private:
    std::size_t added() {
        nodes_.emplace_back();
        return nodes_.size() - 1;
    }
    void insert(const route& r) {
        std::size_t at = 0;
        for (std::string_view path = r.path; !path.empty();) {
            const auto segment = next_segment(path);
            if (segment.starts_with('{')) {
                if (nodes_[at].parameter == 0) {
                    const auto next = added();
                    nodes_[at].parameter = next;
                }
                at = nodes_[at].parameter;
                continue;
            }
            const auto is = [&](const auto& w) { return w.first == segment; };
            const auto& words = nodes_[at].words;
            if (const auto word = std::find_if(words.begin(), words.end(), is); word != words.end()) {
                at = word->second;
                continue;
            }
            const auto next = added();
            nodes_[at].words.emplace_back(segment, next);
            std::sort(nodes_[at].words.begin(), nodes_[at].words.end());
            at = next;
        }
        nodes_[at].routes.push_back(&r);
    }
    static std::string allowed_by(const std::vector<const route*>& routes) {
        std::string verbs;
        for (const auto* r : routes) {
            verbs += r->verb;
            verbs += r->verb == "GET" ? ", HEAD, " : ", ";
        }
        return verbs + "OPTIONS";
    }

    std::vector<node> nodes_;
};

} // namespace

std::span<const route> routes() {
    static const std::vector<route> all = {
#define LINESIDE_OPERATION(NAME, ...) make_route<operation::NAME>(),
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
    };
    return all;
}

void path_parameters::add(std::string_view name, std::string value) { all_.at(size_++) = {name, std::move(value)}; }

const std::string& path_parameters::operator[](std::string_view name) const {
    for (std::size_t i = 0; i < size_; ++i)
        if (all_[i].first == name)
            return all_[i].second;
    throw std::out_of_range("no such parameter in the path: " + std::string(name));
}

route_match find_route(std::string_view verb, std::string_view path) {
    static const path_tree tree;
    std::array<std::string_view, path_parameters::most> values;
    const auto* n = tree.find(path, values);
    route_match match;
    if (n == nullptr)
        return match;
    const auto wanted = verb == "HEAD" ? "GET" : verb;
    const auto found =
        std::find_if(n->routes.begin(), n->routes.end(), [&](const route* r) { return r->verb == wanted; });
    if (found == n->routes.end()) {
        match.allowed = n->allowed;
        return match;
    }
    match.found = *found;
    for (std::size_t i = 0; i < match.found->path_parameters.size(); ++i) {
        const auto& name = match.found->path_parameters[i].name;
        match.parameters.add(name, read_segment(values[i], name));
    }
    return match;
}

} // namespace lineside::wire
