#include "Dates.hpp"

#include "Text.hpp"

#include <algorithm>

namespace bursar {

namespace {

// Reads `count` digits, or -1.
int digits(const char *&p, const char *end, int count) noexcept {
    if (end - p < count) { return -1; }
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!is_digit(p[i])) { return -1; }
        value = value * 10 + (p[i] - '0');
    }
    p += count;
    return value;
}

bool take(const char *&p, const char *end, char c) noexcept {
    if (p == end || *p != c) { return false; }
    p++;
    return true;
}

int month_length(int year, int month) noexcept {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

// Days since 1970 of the proleptic Gregorian calendar, counted from 1 March so that the leap day
// comes last (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
int32_t days(int year, int month, int day) noexcept {
    const int shifted = month <= 2 ? year - 1 : year;
    const int era = shifted / 400;
    const int year_of_era = shifted - era * 400;
    const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

bool is_between(int value, int low, int high) noexcept { return value >= low && value <= high; }

bool skip_offset(const char *&p, const char *end) noexcept {
    if (take(p, end, 'Z') || take(p, end, 'z')) { return true; }
    if (!take(p, end, '+') && !take(p, end, '-')) { return false; }
    if (!is_between(digits(p, end, 2), 0, 23) || !take(p, end, ':')) { return false; }
    return is_between(digits(p, end, 2), 0, 59);
}

bool skip_time(const char *&p, const char *end) noexcept {
    if (!is_between(digits(p, end, 2), 0, 23) || !take(p, end, ':')) { return false; }
    if (!is_between(digits(p, end, 2), 0, 59) || !take(p, end, ':')) { return false; }
    if (!is_between(digits(p, end, 2), 0, 60)) { return false; }
    if (take(p, end, '.')) {
        if (digits(p, end, 1) < 0) { return false; }
        while (p < end && is_digit(*p)) { p++; }
    }
    return skip_offset(p, end);
}

}  // namespace

bool read_day(const char *p, int32_t &day) noexcept {
    unsigned digit[10];
    unsigned largest = 0;
    for (int i = 0; i < 10; i++) {
        digit[i] = static_cast<unsigned char>(p[i] - '0');
        if (i != 4 && i != 7) { largest = std::max(largest, digit[i]); }
    }
    if (largest > 9 || p[4] != '-' || p[7] != '-') { return false; }
    const int year = static_cast<int>(digit[0] * 1000 + digit[1] * 100 + digit[2] * 10 + digit[3]);
    const int month = static_cast<int>(digit[5] * 10 + digit[6]);
    const int day_of_month = static_cast<int>(digit[8] * 10 + digit[9]);
    if (year < 1 || !is_between(month, 1, 12)) { return false; }
    if (!is_between(day_of_month, 1, month_length(year, month))) { return false; }
    day = days(year, month, day_of_month);
    return true;
}

bool read_date(const char *text, size_t length, int32_t &day) noexcept {
    if (length < 10 || !read_day(text, day)) { return false; }
    const char *p = text + 10;
    const char *const end = text + length;
    if (p == end) { return true; }
    if (!take(p, end, 'T') && !take(p, end, 't')) { return false; }
    return skip_time(p, end) && p == end;
}

}  // namespace bursar
