#include <lineside/error.hpp>

#include "wire/multipart.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace lineside;
using wire::multipart_event;
using wire::part_head;

namespace {

using parts = std::vector<std::pair<part_head, std::string>>;

parts read_form(std::string_view boundary, std::string_view form, std::size_t piece = std::string_view::npos,
                wire::multipart_limits limits = {}) {
    wire::multipart_reader reader(boundary, limits);
    parts found;
    for (;;) {
        switch (reader.next()) {
        case multipart_event::head: found.emplace_back(reader.head(), ""); break;
        case multipart_event::data: found.back().second += reader.data(); break;
        case multipart_event::part_end: break;
        default: // fed to the end, also behind its own
            if (form.empty()) {
                reader.finish();
                return found;
            }
            const auto size = std::min(piece, form.size());
            reader.feed(form.substr(0, size));
            form.remove_prefix(size);
        }
    }
}

std::string refusal_of(std::string_view form, wire::multipart_limits limits = {}) {
    std::string refusal;
    for (const std::size_t piece : {form.size() + 1, std::size_t{1}}) {
        try {
            (void)read_form("b", form, piece, limits);
            ADD_FAILURE() << form;
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_argument);
            EXPECT_TRUE(refusal.empty() || refusal == e.details().message) << refusal << " | " << e.details().message;
            refusal = e.details().message;
        }
    }
    return refusal;
}

std::string with_head(const std::string& head) { return "--b\r\n" + head + "\r\n\r\nx\r\n--b--\r\n"; }

} // namespace

TEST(multipart, is_the_same_however_it_is_cut) {
    const parts sent = {{{"request", "", "application/json"}, "{}"},
                        {{"ours", "a \"b\" \\ c.csv", "text/csv"}, std::string("\r\n--\r\n--B\r\n-\0\r\r\n", 17)},
                        {{"theirs", "\u6c34", ""}, ""}};
    wire::multipart_writer writer("B0undary");
    std::string form;
    for (const auto& [head, data] : sent)
        form += writer.begin_part(head) + data;
    form += writer.end();
    for (std::size_t piece = 1; piece <= form.size(); ++piece)
        ASSERT_EQ(read_form(wire::boundary_of(writer.content_type()), form, piece), sent) << piece;
}

TEST(multipart, of_a_browser_is_read) {
    const std::string boundary = "----WebKitFormBoundaryabc123";
    const auto form = "--" + boundary +
                      "\r\nContent-Disposition: form-data; name=\"ours\"; filename=\"a%22b.csv\"\r\n"
                      "Content-Type: text/csv\r\n\r\na,b\r\n\r\n--" +
                      boundary + "--";
    EXPECT_EQ(read_form(boundary, form), (parts{{{"ours", "a%22b.csv", "text/csv"}, "a,b\r\n"}}));
}

TEST(multipart, tells_data_before_all_of_it_is_there) {
    wire::multipart_reader reader("b");
    reader.feed("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n0123\r\n--");
    EXPECT_EQ(reader.next(), multipart_event::head);
    EXPECT_EQ(reader.next(), multipart_event::data);
    EXPECT_EQ(reader.data(), "0123") << "the rest may be a boundary";
    EXPECT_EQ(reader.next(), multipart_event::more);
    reader.feed("c");
    EXPECT_EQ(reader.next(), multipart_event::data);
    EXPECT_EQ(reader.data(), "\r\n--c") << "but is none";
}

TEST(multipart, that_is_malformed_is_refused) {
    const std::string name = "Content-Disposition: form-data; name=a";
    EXPECT_EQ(refusal_of("preamble\r\n" + with_head(name)), "the form does not begin with its boundary");
    EXPECT_EQ(refusal_of("\r\n" + with_head(name)), "the form does not begin with its boundary");
    EXPECT_EQ(refusal_of(""), "the form ends before its last boundary");
    EXPECT_EQ(refusal_of("--b--\r\n"), "the form has no part");
    EXPECT_EQ(refusal_of("--b\r\n" + name), "the form ends before its last boundary");
    EXPECT_EQ(refusal_of("--b\r\n" + name + "\r\n\r\nx"), "the form ends before its last boundary");
    EXPECT_EQ(refusal_of("--b\r\n" + name + "\r\n\r\nx\r\n--b\r\n"), "the form ends before its last boundary");
    EXPECT_EQ(refusal_of("--b\r\n" + name + "\r\n\r\nx\r\n--b-"), "the form ends before its last boundary");
    EXPECT_EQ(refusal_of("--b\r\n" + name + "\r\n\r\nx\r\n--b--\r"), "the form ends before its last boundary");
    EXPECT_EQ(refusal_of("--b\r\n" + name + "\r\n\r\nx\r\n--bad\r\n"),
              "the form has a line that begins as its boundary and is another one");
    EXPECT_EQ(refusal_of("--b \r\n" + name + "\r\n\r\nx\r\n--b--"),
              "the form has a line that begins as its boundary and is another one");
    EXPECT_EQ(refusal_of(with_head("")), "the form has a part without a name");
    EXPECT_EQ(refusal_of("--b\r\n\r\n" + name + "\r\n\r\nx"),
              "the form has a part whose head has a line that is no field");
    EXPECT_EQ(refusal_of(with_head("Content-Type: text/csv")), "the form has a part without a name");
    EXPECT_EQ(refusal_of(with_head("Content-Disposition: form-data")), "the form has a part without a name");
    EXPECT_EQ(refusal_of(with_head("Content-Disposition: attachment; name=a")),
              "the form has a part whose Content-Disposition is not one form-data");
    EXPECT_EQ(refusal_of(with_head(name + "\r\n" + name)),
              "the form has a part whose Content-Disposition is not one form-data");
    EXPECT_EQ(refusal_of(with_head(name + "; name=b")), "the form has a part that is named twice");
    EXPECT_EQ(refusal_of(with_head(name + "; filename=\"x")),
              "the form has a part whose Content-Disposition is malformed");
    EXPECT_EQ(refusal_of(with_head(name + "\r\nContent-Transfer-Encoding: base64")),
              "the form has a part with a Content-Transfer-Encoding, which HTTP has not");
    EXPECT_EQ(refusal_of(with_head(name + "\nX: y")), "the form has a part whose head has a control character");
    EXPECT_EQ(refusal_of(with_head(name + "\r\n folded")),
              "the form has a part whose head has a line that is no field");
    EXPECT_EQ(refusal_of(with_head(name + "\r\nX : y")), "the form has a part whose head has a line that is no field");
    EXPECT_EQ(refusal_of("--b\r\n" + name + "\r\n\r\nx\r\n" + with_head(name)), "the form has the part a twice");
}

TEST(multipart, that_goes_on_behind_its_end_is_refused) {
    const auto form = with_head("Content-Disposition: form-data; name=a");
    for (const std::size_t piece : {std::size_t{1}, form.size(), form.size() + 1})
        EXPECT_THROW((void)read_form("b", form + "x", piece), error) << piece;
}

TEST(multipart, has_its_limits) {
    const auto part = [](const std::string& name) {
        return "--b\r\nContent-Disposition: form-data; name=" + name + "\r\n\r\n\r\n";
    };
    EXPECT_EQ(read_form("b", part("a") + part("c") + "--b--", 1, {.parts = 2}).size(), 2U);
    EXPECT_EQ(refusal_of(part("a") + part("c") + part("d") + "--b--", {.parts = 2}), "the form has more than 2 parts");
    const std::string line = "Content-Disposition: form-data; name=a";
    EXPECT_EQ(read_form("b", with_head(line), 1, {.head_bytes = line.size()}).size(), 1U);
    EXPECT_EQ(refusal_of("--b\r\n" + line + std::string(100, 'a'), {.head_bytes = 60}),
              "the form has a part whose head is longer than 60 bytes");
}

TEST(multipart, states_its_boundary_in_the_content_type) {
    EXPECT_EQ(wire::boundary_of("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(wire::boundary_of("Multipart/Form-Data;charset=utf-8 ; Boundary=\"a b:c\""), "a b:c");
    for (const auto* wrong :
         {"", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
          "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a;b\"", "text/plain; boundary=a",
          "multipart/form-dataX; boundary=a", "multipart/form-data; boundary=\"a"})
        EXPECT_THROW((void)wire::boundary_of(wrong), error) << wrong;
    EXPECT_THROW((void)wire::boundary_of("multipart/form-data; boundary=" + std::string(71, 'a')), error);
}

TEST(multipart, is_not_written_with_heads_that_smuggle) {
    wire::multipart_writer writer("b");
    EXPECT_THROW((void)writer.begin_part({"a\r\nX: y", "", ""}), error);
    EXPECT_THROW((void)writer.begin_part({"a", "b\n", ""}), error);
    EXPECT_THROW((void)writer.begin_part({"a", "", "text/csv\r\nX: y"}), error);
}
