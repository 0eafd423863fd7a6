#include "Text.hpp"

namespace {

// Digits behind the decimal point that an amount keeps.
constexpr int64_t scale = 2;
// More than any exponent that a number of 1,000 bytes can undo.
constexpr int64_t largest_exponent = 1000000;
constexpr uint64_t largest = INT64_MAX;

int64_t exponent(const char *p, const char *end) noexcept {
    const bool is_negative = *p == '-';
    if (*p == '-' || *p == '+') { p++; }
    int64_t value = 0;
    for (; p < end; p++) {
        value = value * 10 + (*p - '0');
        if (value > largest_exponent) { value = largest_exponent; }
    }
    return is_negative ? -value : value;
}

// The value of a number whose grammar was checked: its digits without zeros around them, and the
// power of ten that they are multiplied by to give cents.
int exact(const char *p, const char *end, bool is_negative, int64_t *minor_units) noexcept {
    uint64_t value = 0;
    int64_t digits = 0;     // of `value`
    int64_t zeros = 0;      // seen behind them and not yet taken
    int64_t power = scale;  // of ten
    bool is_fraction = false;
    for (; p < end && (*p | 0x20) != 'e'; p++) {
        if (*p == '.') {
            is_fraction = true;
            continue;
        }
        if (is_fraction) { power--; }
        if (*p == '0') {
            if (digits > 0) { zeros++; }
            continue;
        }
        digits += zeros + 1;
        if (digits <= 19) {
            for (; zeros > 0; zeros--) { value *= 10; }
            value = value * 10 + static_cast<uint64_t>(*p - '0');
        }
        zeros = 0;
    }
    if (digits == 0) {
        *minor_units = 0;
        return BURSAR_AMOUNT_FINE;
    }
    power += zeros;
    if (p < end) { power += exponent(p + 1, end); }
    if (power < 0) { return BURSAR_AMOUNT_TOO_MANY_DECIMALS; }
    if (digits + power > 19) { return BURSAR_AMOUNT_OUT_OF_RANGE; }
    for (; power > 0; power--) { value *= 10; }
    if (value > largest) { return BURSAR_AMOUNT_OUT_OF_RANGE; }
    *minor_units = is_negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value);
    return BURSAR_AMOUNT_FINE;
}

}  // namespace

extern "C" int bursar_amount_parse(const char *text, size_t length, int64_t *minor_units) noexcept {
    const char *p = text;
    const char *const end = text + length;
    const bool is_negative = p < end && *p == '-';
    bool is_integer;
    if (!bursar::skip_number(p, end, is_integer) || p != end) { return BURSAR_AMOUNT_NOT_A_NUMBER; }
    if (length > BURSAR_JSON_MAXIMUM_NUMBER_BYTES) { return BURSAR_AMOUNT_TOO_LONG; }
    return exact(text + is_negative, end, is_negative, minor_units);
}

extern "C" size_t bursar_amount_write(int64_t minor_units, char *out) noexcept {
    char digits[24];
    char *p = digits + sizeof digits;
    const bool is_negative = minor_units < 0;
    uint64_t value = static_cast<uint64_t>(minor_units);
    if (is_negative) { value = 0 - value; }
    const unsigned cents = static_cast<unsigned>(value % 100);
    value /= 100;
    if (cents % 10 != 0) { *--p = static_cast<char>('0' + cents % 10); }
    *--p = static_cast<char>('0' + cents / 10);
    *--p = '.';
    do {
        *--p = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    if (is_negative) { *--p = '-'; }
    const size_t length = static_cast<size_t>(digits + sizeof digits - p);
    std::memcpy(out, p, length);
    return length;
}
