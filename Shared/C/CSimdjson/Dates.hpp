#pragma once

#include <cstddef>
#include <cstdint>

namespace bursar {

// Longest date-time in bytes.
constexpr size_t maximum_date_bytes = 64;

// Reads RFC 3339 `full-date` or `date-time` and gives the date part as written as days since 1970
// (contract A1-9). Years 1 to 9999; a leap second may stand anywhere.
bool read_date(const char *text, size_t length, int32_t &day) noexcept;

// Reads the ten bytes of a `full-date`.
bool read_day(const char *text, int32_t &day) noexcept;

}  // namespace bursar
