#include "Text.hpp"

namespace bursar {

namespace {

// Value of four hexadecimal digits, or -1.
int hexadecimal(const char *p, const char *end) noexcept {
    if (end - p < 4) { return -1; }
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const char c = p[i];
        const char lower = static_cast<char>(c | 0x20);
        if (is_digit(c)) {
            value = value << 4 | (c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            value = value << 4 | (lower - 'a' + 10);
        } else {
            return -1;
        }
    }
    return value;
}

size_t encode(uint32_t scalar, char *out) noexcept {
    if (scalar < 0x80) {
        out[0] = static_cast<char>(scalar);
        return 1;
    }
    if (scalar < 0x800) {
        out[0] = static_cast<char>(0xC0 | scalar >> 6);
        out[1] = static_cast<char>(0x80 | (scalar & 0x3F));
        return 2;
    }
    if (scalar < 0x10000) {
        out[0] = static_cast<char>(0xE0 | scalar >> 12);
        out[1] = static_cast<char>(0x80 | (scalar >> 6 & 0x3F));
        out[2] = static_cast<char>(0x80 | (scalar & 0x3F));
        return 3;
    }
    out[0] = static_cast<char>(0xF0 | scalar >> 18);
    out[1] = static_cast<char>(0x80 | (scalar >> 12 & 0x3F));
    out[2] = static_cast<char>(0x80 | (scalar >> 6 & 0x3F));
    out[3] = static_cast<char>(0x80 | (scalar & 0x3F));
    return 4;
}

// Scalar of the escape behind a backslash at `p`, which moves behind it; -1 for a faulty escape,
// with `p` where it was, and -2 for a lone surrogate.
int64_t escaped_scalar(const char *&p, const char *end) noexcept {
    if (p == end) { return -1; }
    const char c = *p;
    switch (c) {
        case '"': case '\\': case '/': p++; return c;
        case 'b': p++; return '\b';
        case 'f': p++; return '\f';
        case 'n': p++; return '\n';
        case 'r': p++; return '\r';
        case 't': p++; return '\t';
        case 'u': break;
        default: return -1;
    }
    const int high = hexadecimal(p + 1, end);
    if (high < 0) { return -1; }
    p += 5;
    if (high < 0xD800 || high > 0xDFFF) { return high; }
    if (high > 0xDBFF || end - p < 6 || p[0] != '\\' || p[1] != 'u') { return -2; }
    const int low = hexadecimal(p + 2, end);
    if (low < 0xDC00 || low > 0xDFFF) { return -2; }
    p += 6;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

}  // namespace

Unescaped unescape(const char *text, size_t length, char *out) noexcept {
    Unescaped result{0, EscapeFault::none, 0};
    const char *p = text;
    const char *const end = text + length;
    char scratch[4];
    while (p < end) {
        if (*p != '\\') {
            if (out != nullptr) { out[result.length] = *p; }
            result.length++;
            p++;
            continue;
        }
        const char *const begin = p++;
        int64_t scalar = escaped_scalar(p, end);
        if (scalar < 0) {
            const bool is_lone = scalar == -2;
            const EscapeFault fault = is_lone ? EscapeFault::lone_surrogate : EscapeFault::grammar;
            if (fault > result.fault) {
                result.fault = fault;
                result.offset = static_cast<size_t>(begin - text);
            }
            scalar = is_lone ? 0xFFFD : '\\';
        }
        const size_t size = encode(static_cast<uint32_t>(scalar), scratch);
        if (out != nullptr) { std::memcpy(out + result.length, scratch, size); }
        result.length += size;
    }
    return result;
}

size_t utf8_sequence(const unsigned char *p, size_t left) noexcept {
    const unsigned char first = p[0];
    if (first < 0xC2 || first > 0xF4) { return 0; }
    const size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (left < size) { return 0; }
    unsigned char low = 0x80, high = 0xBF;
    switch (first) {
        case 0xE0: low = 0xA0; break;
        case 0xED: high = 0x9F; break;
        case 0xF0: low = 0x90; break;
        case 0xF4: high = 0x8F; break;
        default: break;
    }
    if (p[1] < low || p[1] > high) { return 0; }
    for (size_t i = 2; i < size; i++) {
        if (p[i] < 0x80 || p[i] > 0xBF) { return 0; }
    }
    return size;
}

bool skip_number(const char *&p, const char *end, bool &is_integer) noexcept {
    is_integer = true;
    if (p < end && *p == '-') { p++; }
    if (p == end || !is_digit(*p)) { return false; }
    if (*p == '0') {
        p++;
    } else {
        while (p < end && is_digit(*p)) { p++; }
    }
    if (p < end && *p == '.') {
        is_integer = false;
        p++;
        if (p == end || !is_digit(*p)) { return false; }
        while (p < end && is_digit(*p)) { p++; }
    }
    if (p < end && (*p | 0x20) == 'e') {
        is_integer = false;
        p++;
        if (p < end && (*p == '+' || *p == '-')) { p++; }
        if (p == end || !is_digit(*p)) { return false; }
        while (p < end && is_digit(*p)) { p++; }
    }
    return true;
}

}  // namespace bursar

extern "C" size_t bursar_json_escape(const char *text, size_t length, char *out) noexcept {
    char *o = out;
    size_t i = 0;
    while (i < length) {
        while (i + 8 <= length) {
            const uint64_t word = bursar::load8(text + i);
            if (bursar::needs_escape(word)) { break; }
            std::memcpy(o, &word, 8);
            o += 8;
            i += 8;
        }
        const size_t stop = i + 8 < length ? i + 8 : length;
        for (; i < stop; i++) {
            const unsigned char c = static_cast<unsigned char>(text[i]);
            if (c >= 0x20 && c != '"' && c != '\\') {
                *o++ = static_cast<char>(c);
                continue;
            }
            *o++ = '\\';
            switch (c) {
                case '"': case '\\': *o++ = static_cast<char>(c); break;
                case '\b': *o++ = 'b'; break;
                case '\f': *o++ = 'f'; break;
                case '\n': *o++ = 'n'; break;
                case '\r': *o++ = 'r'; break;
                case '\t': *o++ = 't'; break;
                default:
                    std::memcpy(o, "u00", 3);
                    o[3] = static_cast<char>('0' + (c >> 4));
                    o[4] = "0123456789abcdef"[c & 15];
                    o += 5;
            }
        }
    }
    return static_cast<size_t>(o - out);
}

extern "C" size_t bursar_json_unescape(const char *text, size_t length, char *out) noexcept {
    return bursar::unescape(text, length, out).length;
}
