#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// multipart/form-data (RFC 7578, RFC 2046 5.1) without I/O.
namespace lineside::wire {

struct part_head {
    std::string name;
    std::string filename;     ///< as the sender calls the file, never to be opened; empty: it does not say
    std::string content_type; ///< empty: it does not say

    bool operator==(const part_head&) const = default;
};

struct multipart_limits {
    std::size_t parts = 8;
    std::size_t head_bytes = 4'096; ///< of one part
};

/// The boundary that a Content-Type states. Throws `lineside::error` (invalid_argument) where it is not
/// multipart/form-data with a boundary of 1 to 70 of the characters it may have.
[[nodiscard]] std::string boundary_of(std::string_view content_type);

enum class multipart_event : std::uint8_t {
    more, ///< feed it
    head,
    data,
    part_end,
    end, ///< of the last part, and of all
};

/// Takes a form apart as it arrives, in a buffer that holds what was fed and not yet told. It is strict: nothing stands
/// before the first boundary nor behind the last, lines end with CRLF, and no two parts have one name.
class multipart_reader {
public:
    explicit multipart_reader(std::string_view boundary, multipart_limits limits = {});

    void feed(std::string_view bytes);
    /// No more will be fed. Throws as `next` does where the end has not come.
    void finish();
    /// What comes next. Throws `lineside::error` (invalid_argument) where it is no form.
    [[nodiscard]] multipart_event next();
    /// Of the part that `next` told last.
    [[nodiscard]] const part_head& head() const noexcept { return head_; }
    /// What `next` told last; valid until the next `feed`.
    [[nodiscard]] std::string_view data() const noexcept { return data_; }

private:
    enum class place : std::uint8_t { delimiter, behind_delimiter, head, data, epilogue };

    [[nodiscard]] std::string_view rest() const noexcept { return std::string_view(buffer_).substr(used_); }
    [[nodiscard]] multipart_event read_delimiter();
    [[nodiscard]] multipart_event read_behind_delimiter();
    [[nodiscard]] multipart_event read_head();
    [[nodiscard]] multipart_event read_data();
    [[nodiscard]] multipart_event read_epilogue();
    void read_field(std::string_view line);
    void read_disposition(std::string_view value);

    std::string delimiter_; // with the CRLF and the dashes before the boundary
    multipart_limits limits_;
    std::string buffer_;
    std::size_t used_ = 0;
    place at_ = place::delimiter;
    part_head head_;
    std::string_view data_;
    std::vector<std::string> names_;
};

/// Writes a form piece by piece: each part is its head and then its bytes.
class multipart_writer {
public:
    /// The boundary must stand in none of the parts: at random, 24 letters and digits are enough.
    explicit multipart_writer(std::string boundary) : boundary_(std::move(boundary)) {}

    /// For the Content-Type field.
    [[nodiscard]] std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }
    /// Throws `lineside::error` (invalid_argument) where the head has control characters.
    [[nodiscard]] std::string begin_part(const part_head& head);
    [[nodiscard]] std::string end() const;

private:
    std::string boundary_;
    bool first_ = true;
};

} // namespace lineside::wire
