// The document at /openapi.json and the server say the same.

#include "integration/server/server_test.hpp"
#include "wire/routes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace lineside::served {
namespace {

using path_verbs = std::map<std::string, std::set<std::string>>;

class document_test : public server_test {
protected:
    [[nodiscard]] path_verbs documented() {
        const auto a = ask(get("/openapi.json"));
        EXPECT_EQ(a.status, 200U);
        EXPECT_EQ(a.field("content-type"), "application/json");
        path_verbs all;
        const auto whole = object_of(a.body);
        for (const auto& [path, item] : whole.at("paths").as_object())
            for (const auto& [verb, operation] : item.as_object())
                all[std::string(path)].insert(upper(std::string(verb)));
        return all;
    }
    [[nodiscard]] static std::string upper(std::string text) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        return text;
    }
    /// With a value in each pair of braces.
    [[nodiscard]] static std::string filled(std::string path) {
        for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
            path.replace(open, path.find('}') - open + 1, "x1");
        return path;
    }
    [[nodiscard]] static asked request(const std::string& verb, const std::string& path) {
        return verb == "GET" || verb == "DELETE" ? asked{verb, filled(path)} : send_json(verb, filled(path), "");
    }
};

LINESIDE_ON_A_SERVER_WITH(document, document_test);

TEST_P(document, every_operation_of_it_is_there) {
    const auto all = documented();
    std::size_t operations = 0;
    for (const auto& [path, verbs] : all)
        for (const auto& verb : verbs) {
            const auto a = ask(request(verb, path));
            EXPECT_NE(a.status, 404U) << verb << ' ' << path;
            EXPECT_NE(a.status, 405U) << verb << ' ' << path;
            EXPECT_LT(a.status, 500U) << verb << ' ' << path << ": " << a.body;
            ++operations;
        }
    EXPECT_EQ(operations, wire::routes().size() + 2) << "and the two of live data";
}

TEST_P(document, nothing_else_is_there) {
    const auto all = documented();
    std::set<std::string> paths;
    for (const auto& [path, verbs] : all) {
        paths.insert(filled(path));
        for (const std::string verb : {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECTED"}) {
            if (verbs.contains(verb))
                continue;
            const auto a = ask(request(verb, path));
            EXPECT_EQ(a.status, 405U) << verb << ' ' << path;
            const auto allowed = a.field("allow");
            for (const auto& has : verbs)
                EXPECT_NE(allowed.find(has), std::string::npos) << path;
            EXPECT_EQ(allowed.find(verb), std::string::npos) << path;
        }
    }
    std::set<std::string> neighbours;
    for (const auto& path : paths) {
        neighbours.insert(path + "/more");
        neighbours.insert(path + "/");
        neighbours.insert(path + "x");
        neighbours.insert(upper(path));
        neighbours.insert(path.substr(3)); // without the version
        for (auto end = path.rfind('/'); end != std::string::npos && end > 0; end = path.rfind('/', end - 1))
            neighbours.insert(path.substr(0, end));
    }
    const auto is_documented = [&](const std::string& path) {
        return std::any_of(all.begin(), all.end(), [&](const auto& one) {
            std::string_view pattern = one.first;
            std::string_view text = path;
            while (!pattern.empty() && !text.empty()) {
                const auto p = pattern.substr(0, pattern.find('/', 1));
                const auto t = text.substr(0, text.find('/', 1));
                if (p != t && (!p.starts_with("/{") || t.size() < 2))
                    return false;
                pattern.remove_prefix(p.size());
                text.remove_prefix(t.size());
            }
            return pattern.empty() && text.empty();
        });
    };
    for (const auto& path : neighbours)
        if (!is_documented(path)) {
            EXPECT_EQ(ask(get(path)).status, 404U) << path;
        }
}

TEST_P(document, it_is_the_same_for_everybody_and_kept_until_it_changes) {
    const auto a = ask(get("/openapi.json"));
    EXPECT_EQ(a.body, ask_as_operator(get("/openapi.json")).body);
    EXPECT_EQ(ask(get("/openapi.json").with("If-None-Match", a.field("etag"))).status, 304U);
    EXPECT_EQ(ask(get("/openapi.json").with("Accept-Encoding", "gzip")).field("content-encoding"), "gzip");
}

} // namespace
} // namespace lineside::served
