#pragma once

// Texts of JSON: the inside of strings, their escapes, and Unicode's well-formed UTF-8 (table 3-7).

#include "CSimdjson.h"

#include <cstring>

namespace bursar {

enum class EscapeFault { none, grammar, lone_surrogate };

struct Unescaped {
    size_t length;
    EscapeFault fault;
    // Where the first faulty escape begins.
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

// Steps over a number by RFC 8259; what is left then must be judged by the caller. Sets `is_integer`
// where there is neither fraction nor exponent. False, with `p` at the fault, where it is none.
bool skip_number(const char *&p, const char *end, bool &is_integer) noexcept;

}  // namespace bursar
