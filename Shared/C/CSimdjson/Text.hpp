#pragma once

// Texts of JSON: the inside of strings, their escapes, and Unicode's well-formed UTF-8 (table 3-7).

#include "CSimdjson.h"

#include <cstring>

// Eight bytes are looked at as one number whose lowest byte is the first.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are read in little-endian order");

namespace bursar {

// In rising order of weight.
enum class EscapeFault { none, lone_surrogate, grammar };

struct Unescaped {
    size_t length;
    EscapeFault fault;
    // Where the first escape with this fault begins.
    size_t offset;
};

// Replaces escapes; `out` has room for `length` bytes and may be null, to look for faults alone.
Unescaped unescape(const char *text, size_t length, char *out) noexcept;

// Length of the well-formed sequence that begins with a byte of at least 0x80, or 0.
size_t utf8_sequence(const unsigned char *p, size_t left) noexcept;

inline uint64_t load8(const char *p) noexcept {
    uint64_t word;
    std::memcpy(&word, p, sizeof word);
    return word;
}

constexpr uint64_t ones = 0x0101010101010101;
constexpr uint64_t tops = 0x8080808080808080;

// Whether one of eight bytes is `"`, `\`, below 0x20 or above 0x7F. May be true without need, never
// false where it matters.
inline bool is_special(uint64_t word) noexcept {
    const uint64_t quote = word ^ (ones * '"');
    const uint64_t slash = word ^ (ones * '\\');
    return (((quote - ones) | (slash - ones) | (word - ones * 0x20) | word) & tops) != 0;
}

// Whether one of eight bytes is `"`, `\\` or below 0x20. May be true without need.
inline bool needs_escape(uint64_t word) noexcept {
    const uint64_t quote = word ^ (ones * '"');
    const uint64_t slash = word ^ (ones * '\\');
    const uint64_t found = ((quote - ones) & ~quote) | ((slash - ones) & ~slash)
        | ((word - ones * 0x20) & ~word);
    return (found & tops) != 0;
}

// The first `count` of eight bytes, and `filler` in place of the others.
inline uint64_t first_bytes(uint64_t word, size_t count, char filler) noexcept {
    if (count >= 8) { return word; }
    const uint64_t mask = (uint64_t{1} << count * 8) - 1;
    return (word & mask) | (ones * static_cast<unsigned char>(filler) & ~mask);
}

// Whether a text has nothing but printable ASCII without a backslash; may be false without need.
// Raw control characters were judged before. Reads up to seven bytes behind the text.
inline bool is_plain(bursar_text text) noexcept {
    uint64_t flags = 0;
    const auto look = [&flags](uint64_t word) {
        const uint64_t slash = word ^ (ones * '\\');
        flags |= (slash - ones) | (word + ones) | word;
    };
    size_t i = 0;
    for (; i + 8 <= text.length; i += 8) { look(load8(text.start + i)); }
    if (i < text.length) { look(first_bytes(load8(text.start + i), text.length - i, 'x')); }
    return (flags & tops) == 0;
}

// Order of two texts by their bytes, for sorting.
inline int compare(bursar_text a, bursar_text b) noexcept {
    const size_t common = a.length < b.length ? a.length : b.length;
    const int order = common == 0 ? 0 : std::memcmp(a.start, b.start, common);
    if (order != 0) { return order; }
    return a.length < b.length ? -1 : a.length > b.length ? 1 : 0;
}

inline bool is_equal(bursar_text a, bursar_text b) noexcept {
    return a.length == b.length && (a.length == 0 || std::memcmp(a.start, b.start, a.length) == 0);
}

template <size_t Size> bool is_text(bursar_text text, const char (&word)[Size]) noexcept {
    return text.length == Size - 1 && std::memcmp(text.start, word, Size - 1) == 0;
}

inline bool is_blank(char c) noexcept { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
inline bool is_digit(char c) noexcept { return static_cast<unsigned char>(c - '0') < 10; }

// Whether a token that begins so can only be a number.
inline bool is_number(char first) noexcept { return first == '-' || is_digit(first); }

// Steps over a number by RFC 8259; what is left then must be judged by the caller. Sets
// `is_integer` where there is neither fraction nor exponent. False, with `p` at the fault, where it
// is none.
bool skip_number(const char *&p, const char *end, bool &is_integer) noexcept;

}  // namespace bursar
