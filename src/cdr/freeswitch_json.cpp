// mod_json_cdr of FreeSWITCH: one JSON document per channel, as files put behind one another or as the bodies that it
// posts (`cdr=...`, URL-encoded or base64).
//
// Decided here:
//  - Values are URL-encoded by default (encode-values) or not: each document's variables and profiles are judged by
//    themselves, whether more values hold escapes than hold characters that the switch would have escaped.
//  - Epochs in microseconds come before stamps, so that no zone is needed. Where the variables have none, the times of
//    the call flow serve.
//  - The order of the call flow is not relied on: the latest profile is the one created last, by its time, then by
//    profile_index; the number that was dialled is the earliest one's.
//  - The direction of a leg is the switch's view, not the customer's, so calls have none.
//  - B legs (outbound, with an originator) count as rows of their A leg; without one they are left out, with a note.

#include "cdr/formats.hpp"
#include "cdr/freeswitch.hpp"
#include "cdr/json_values.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <tuple>

namespace lineside::cdr {
namespace {

namespace json = boost::json;
using namespace freeswitch;

constexpr std::size_t base64_line = 72; // mod_json_cdr breaks its lines there

bool has_escape(std::string_view text) {
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        const auto digits = text.substr(at + 1, 2);
        if (digits.size() == 2 && digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos)
            return true;
    }
    return false;
}

// What the switch does not leave as it is when it encodes.
bool has_raw(std::string_view text) {
    return text.find_first_of(" \"#&+:;<=>?@[]\\^`{|}\r\n") != std::string_view::npos;
}

void judge(const json::object& o, int& votes) {
    for (const auto& [name, value] : o) {
        if (const auto* text = value.if_string()) {
            const std::string_view t(text->data(), text->size());
            votes += has_raw(t) ? -1 : has_escape(t) ? 1 : 0;
        }
    }
}

bool looks_like_base64(std::string_view line) {
    return !line.empty() && std::all_of(line.begin(), line.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
               c == '=';
    });
}

// The document in a form body, or the whole line.
std::string_view form_value(std::string_view body) {
    for (auto at = body.find("cdr="); at != std::string_view::npos; at = body.find("cdr=", at + 1)) {
        if (at != 0 && body[at - 1] != '&' && body[at - 1] != '?')
            continue;
        const auto value = body.substr(at + 4);
        return value.substr(0, std::min(value.find('&'), value.size()));
    }
    return body;
}

class freeswitch_json_reader final : public reader_base {
public:
    freeswitch_json_reader(reader_options opts, sink& to)
        : reader_base(std::move(opts), to),
          known_(variables(options().account_from)),
          record_(known_),
          window_(to),
          splitter_([this](const json_piece& piece) { on_piece(piece); }) {
        json::parse_options parse;
        parse.max_depth = 64;
        parser_.emplace(json::storage_ptr(), parse);
    }

    void feed(std::string_view bytes) override { splitter_.feed(bytes); }

    void finish() override {
        splitter_.finish();
        end_base64();
        window_.finish();
        count_new();
        if (window_.orphans() != 0) {
            note(std::to_string(window_.orphans()) + " documents are B legs without their A leg; they were left out");
        }
        note_clock();
    }

private:
    void count_new() {
        count_rows(window_.rows_of_calls() - counted_);
        counted_ = window_.rows_of_calls();
    }

    void refuse_piece(std::uint64_t line, std::string_view text, row_fault why) {
        count_row();
        reject(line, std::move(why), text);
    }

    void on_piece(const json_piece& piece) {
        if (piece.what == json_piece::kind::bare_line) {
            bare_line(piece);
            return;
        }
        end_base64();
        switch (piece.what) {
        case json_piece::kind::cut_off:
            refuse_piece(piece.line, piece.text, {0, {}, "the JSON document is cut off"});
            break;
        case json_piece::kind::too_long:
            refuse_piece(piece.line, piece.text, {0, {}, "the document is longer than the limit of 4 MiB"});
            break;
        default: document(piece.line, piece.text, piece.text);
        }
    }

    void bare_line(const json_piece& piece) {
        auto value = form_value(piece.text);
        const bool fresh = value.data() != piece.text.data();
        if (fresh)
            end_base64();
        if (looks_like_base64(value) && base64_.size() + value.size() <= json_splitter::default_limit) {
            if (base64_.empty())
                base64_begin_ = piece.line;
            if (!base64_text_.empty())
                base64_text_ += '\n';
            base64_text_ += piece.text;
            base64_ += value;
            if (value.size() != base64_line || value.ends_with('='))
                end_base64();
            return;
        }
        end_base64();
        const auto decoded = percent_decoded(value, true);
        const auto body = trim(decoded);
        if (body.starts_with('{')) {
            document(piece.line, body, piece.text);
        } else {
            refuse_piece(piece.line, piece.text, {0, {}, "is no JSON document"});
        }
    }

    void end_base64() {
        if (base64_.empty())
            return;
        const auto decoded = base64_decoded(base64_);
        const auto text = std::move(base64_text_);
        base64_.clear();
        base64_text_.clear();
        if (decoded && trim(*decoded).starts_with('{')) {
            document(base64_begin_, trim(*decoded), text);
        } else {
            refuse_piece(base64_begin_, text, {0, {}, "is no JSON document"});
        }
    }

    void document(std::uint64_t line, std::string_view text, std::string_view as_it_stood) {
        row_fault why;
        json::monotonic_resource memory(room_.data(), room_.size());
        try {
            parser_->reset(&memory);
            json::error_code bad;
            parser_->write(text.data(), text.size(), bad);
            if (bad) {
                why.reason = "is not valid JSON: " + bad.message();
            } else {
                const auto value = parser_->release();
                const auto* object = value.if_object();
                if (object && take(*object, line, why)) {
                    parser_->reset();
                    count_new();
                    return;
                }
                if (!object)
                    why.reason = "is no JSON object";
            }
        } catch (...) {
            parser_->reset();
            throw;
        }
        parser_->reset();
        refuse_piece(line, as_it_stood, std::move(why));
    }

    // Puts a scalar member into the record, decoded where its surroundings are.
    void put(std::string_view name, const json::value& value, bool encoded) {
        const auto* matches = known_.find(name);
        if (!matches)
            return;
        std::string room;
        const auto text = scalar_text(value, room);
        if (!text)
            return;
        if (encoded && text->find('%') != std::string_view::npos) {
            texts_.push_back(percent_decoded(*text, false));
        } else if (text->data() == room.data()) {
            texts_.push_back(std::move(room));
        } else {
            record_.put(matches, name, *text, 0);
            return;
        }
        record_.put(matches, name, texts_.back(), 0);
    }

    struct flow_entry {
        std::int64_t created = 0;
        std::int64_t index = 0;
        const json::object* profile = nullptr;
        const json::object* times = nullptr;
    };

    // The earliest and the latest entry of the call flow.
    static std::pair<flow_entry, flow_entry> flow_of(const json::object& o) {
        std::pair<flow_entry, flow_entry> found;
        const auto* flow = o.if_contains("callflow");
        const auto consider = [&](const json::value& v) {
            const auto* entry = v.if_object();
            if (!entry)
                return;
            flow_entry e;
            e.profile = member_object(*entry, "caller_profile");
            e.times = member_object(*entry, "times");
            if (!e.profile)
                return;
            std::string room;
            constexpr auto most = std::numeric_limits<std::int64_t>::max() / 16;
            if (const auto index = member_text(*entry, "profile_index", room)) {
                if (parse_count(*index, e.index, most) != nullptr)
                    e.index = 0;
            }
            if (e.times) {
                if (const auto created = member_text(*e.times, "profile_created_time", room)) {
                    if (parse_count(*created, e.created, most) != nullptr)
                        e.created = 0;
                }
            }
            const auto key = std::tuple(e.created, e.index);
            auto& [first, last] = found;
            if (!first.profile || key < std::tuple(first.created, first.index))
                first = e;
            if (!last.profile || key >= std::tuple(last.created, last.index))
                last = e;
        };
        if (flow && flow->is_array()) {
            for (const auto& v : flow->get_array())
                consider(v);
        } else if (flow) {
            consider(*flow); // old versions wrote an object
        }
        return found;
    }

    bool take(const json::object& o, std::uint64_t line, row_fault& why) {
        record_.clear();
        texts_.clear();
        const auto* vars = member_object(o, "variables");
        if (!vars) {
            why = {0, "variables", "is missing: this is no document of mod_json_cdr"};
            return false;
        }
        int votes = 0;
        judge(*vars, votes);
        const bool encoded = votes > 0;
        const auto [first, last] = flow_of(o);
        int flow_votes = 0;
        if (first.profile)
            judge(*first.profile, flow_votes);
        if (last.profile)
            judge(*last.profile, flow_votes);
        // Where the profiles do not tell, they are as the variables are.
        const bool flow_encoded = flow_votes != 0 ? flow_votes > 0 : encoded;

        for (const auto& [name, value] : *vars)
            put(name, value, encoded);
        if (last.profile) {
            for (const auto& [name, value] : *last.profile) {
                // The profile of a channel names its caller; the number it dialled is the earliest one's.
                if (name != "destination_number")
                    put(name, value, flow_encoded);
            }
            if (const auto* dialled = first.profile->if_contains("destination_number")) {
                put("destination_number", *dialled, flow_encoded);
            }
            if (const auto* from = member_object(*last.profile, "originator"))
                originator_of(*from, flow_encoded);
        }
        // The last entry's times are the channel's; its progress counts from the channel's beginning too.
        if (last.times) {
            for (const auto& [name, value] : *last.times)
                put(name, value, false);
        }
        if (const auto* data = member_object(o, "channel_data")) {
            if (const auto* way = data->if_contains("direction"))
                put("direction", *way, false);
        }

        if (is_b_leg(record_) && !record_[uuid].empty()) {
            window_.b_leg(a_leg_of(record_));
            return true;
        }
        call_view call;
        assumptions assumed;
        const auto& account = record_[accountcode];
        if (!resolve_account(account.text, 0, account.there ? account.name : account_field("accountcode"), call.account,
                             why) ||
            !read_channel(record_, clock(), line, call, assumed, why)) {
            return false;
        }
        constexpr call_field_names names{.call_id = "uuid",
                                         .account = "accountcode",
                                         .cli = "caller_id_number",
                                         .destination = "destination_number",
                                         .source_ip = "network_addr",
                                         .answer = "answer_uepoch",
                                         .end = "end_uepoch",
                                         .talk = "billsec"};
        if (!check(call, names, why))
            return false;
        window_.a_leg(call);
        return true;
    }

    // A leg that another one opened carries the profile of that one.
    void originator_of(const json::object& from, bool encoded) {
        const auto* profiles = from.if_contains("originator_caller_profiles");
        const json::value* profile = profiles;
        if (profiles && profiles->is_array()) {
            if (profiles->get_array().empty())
                return;
            profile = &profiles->get_array().front();
        }
        if (!profile || !profile->is_object())
            return;
        if (const auto* id = profile->get_object().if_contains("uuid"))
            put("originating_leg_uuid", *id, encoded);
    }

    field_names known_;
    record record_;
    leg_window window_;
    json_splitter splitter_;
    std::optional<json::parser> parser_;
    std::array<unsigned char, 32768> room_; ///< for the document being parsed: most fit
    std::deque<std::string> texts_;         ///< decoded values of the document at hand
    std::string base64_;
    std::string base64_text_;
    std::uint64_t base64_begin_ = 0;
    std::uint64_t counted_ = 0;
};

} // namespace

std::unique_ptr<reader> make_freeswitch_json_reader(reader_options options, sink& to) {
    return std::make_unique<freeswitch_json_reader>(std::move(options), to);
}

} // namespace lineside::cdr
