#pragma once

// Amounts of the common shapes; `bursar_amount_parse` reads the others.

#include "Text.hpp"

namespace bursar {

constexpr uint64_t zeros = ones * '0';

// Up to eight digits before `end`; false where one is none.
inline bool eight_digits(const char *end, size_t count, uint64_t &value) noexcept {
    const uint64_t mask = count == 8 ? ~uint64_t{0} : ~(~uint64_t{0} >> count * 8);
    uint64_t digits = ((load8(end - 8) & mask) | (zeros & ~mask)) ^ zeros;
    if (((digits | (digits + ones * 0x76)) & tops) != 0) { return false; }
    digits = digits * 10 + (digits >> 8);
    constexpr uint64_t pair = 0x000000FF000000FF;
    const uint64_t high = (digits & pair) * 0x000F424000000064;
    const uint64_t low = (digits >> 16 & pair) * 0x0000271000000001;
    value = (high + low) >> 32;
    return true;
}

// One to eight digits, a point and two digits. At least eight bytes stand before the number: its
// key.
inline bool two_decimals(bursar_text text, int64_t &out) noexcept {
    const bool is_negative = *text.start == '-';
    const char *const first = text.start + is_negative;
    const size_t length = text.length - is_negative;
    if (length < 4 || length > 11 || (*first == '0' && length > 4)) { return false; }
    const char *const point = first + length - 3;
    uint64_t whole;
    if (*point != '.' || !is_digit(point[1]) || !is_digit(point[2])) { return false; }
    if (!eight_digits(point, length - 3, whole)) { return false; }
    const auto cents = static_cast<int64_t>(whole) * 100 + (point[1] - '0') * 10 + (point[2] - '0');
    out = is_negative ? -cents : cents;
    return true;
}

// The common shape: at most 15 digits and one or two decimals. False where the whole grammar is
// needed.
inline bool short_amount(bursar_text text, int64_t &out) noexcept {
    const char *p = text.start;
    const char *const end = p + text.length;
    const bool is_negative = *p == '-';
    p += is_negative;
    const char *const first = p;
    uint64_t value = 0;
    while (p < end && is_digit(*p)) { value = value * 10 + static_cast<uint64_t>(*p++ - '0'); }
    const auto digits = p - first;
    if (digits == 0 || digits > 15 || (*first == '0' && digits > 1)) { return false; }
    value *= 100;
    if (p < end) {
        if (*p != '.' || end - p < 2 || end - p > 3 || !is_digit(p[1])) { return false; }
        value += static_cast<uint64_t>(p[1] - '0') * 10;
        if (end - p == 3) {
            if (!is_digit(p[2])) { return false; }
            value += static_cast<uint64_t>(p[2] - '0');
        }
    }
    const auto cents = static_cast<int64_t>(value);
    out = is_negative ? -cents : cents;
    return true;
}

}  // namespace bursar
