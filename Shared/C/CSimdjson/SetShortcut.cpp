// The way of nearly every transaction: the fields in the order of the one before, plain texts,
// amounts with two decimals. Whatever is not so is left to the general way, from the transaction's
// beginning.
#include "Amount.hpp"
#include "Dates.hpp"
#include "SetPass.hpp"

// Calls cost more here than what they do.
#define BURSAR_INLINE inline __attribute__((always_inline))

namespace bursar {

namespace {

// Whether a key stands at `p` with its quotes and its colon.
template <size_t Size> bool begins(const char *p, const char (&word)[Size]) {
    return std::memcmp(p, word, Size - 1) == 0;
}

// Whether an account id is canonical as it stands: ASCII without small letters, blanks and
// backslashes.
bool is_canonical(bursar_text text) {
    if (text.length == 0 || text.length > maximum_account_bytes) { return false; }
    uint64_t flags = 0;
    for (size_t i = 0; i < text.length; i += 8) {
        const uint64_t word = first_bytes(load8(text.start + i), text.length - i, '0');
        const uint64_t blank = word ^ (ones * ' ');
        const uint64_t slash = word ^ (ones * '\\');
        flags |= (blank - ones) | (slash - ones) | (word + ones * (0x80 - 'a')) | word;
    }
    return (flags & tops) == 0;
}

// Whether a number is an account id as it stands: digits, no zero before them.
bool is_digits(bursar_text text) {
    if (text.length > maximum_account_bytes || *text.start == '0') { return false; }
    for (size_t i = 0; i < text.length; i++) {
        if (!is_digit(text.start[i])) { return false; }
    }
    return true;
}

}  // namespace

// What a string token says in at most `maximum` bytes; false where it is none or has a fault.
BURSAR_INLINE bool SetPass::plain_text(size_t token, size_t maximum, bursar_text &out) {
    if (buffer_[places_[token]] != '"') { return false; }
    out = inside(token);
    return (is_plain(out) || judge(out) == 0) && out.length <= maximum;
}

// A date-time of 20 bytes whose last ten, such as `T04:00:00Z`, are those of the date before it.
BURSAR_INLINE bool SetPass::plain_date(size_t token, bursar_text &out, int32_t &day) {
    if (buffer_[places_[token]] != '"') { return false; }
    out = inside(token);
    if (out.length != 20 || last_date_.length != 20) { return false; }
    const char *const p = out.start;
    const char *const last = last_date_.start;
    if (load8(p + 10) != load8(last + 10) || load8(p + 12) != load8(last + 12)) { return false; }
    if (load8(p) != load8(last) || load8(p + 2) != load8(last + 2)) {
        if (!read_day(p, last_day_)) { return false; }
        last_date_ = out;
    }
    day = last_day_;
    return true;
}

BURSAR_INLINE bool SetPass::plain_amount(size_t token, int64_t &out) const {
    if (!is_number(buffer_[places_[token]])) { return false; }
    const bursar_text text = scalar(token);
    return two_decimals(text, out) || short_amount(text, out);
}

BURSAR_INLINE bool SetPass::plain_account(size_t token, bursar_text &out) const {
    if (buffer_[places_[token]] == '"') {
        out = inside(token);
        return is_canonical(out);
    }
    out = scalar(token);
    return is_digits(out);
}

BURSAR_INLINE bool SetPass::plain_member(int field, size_t token, Row &row) {
    const char *const key = buffer_ + places_[token];
    const size_t value = token + 2;
    switch (field) {
        case BURSAR_FIELD_AMOUNT:
            return begins(key, "\"amount\":") && plain_amount(value, row.amount);
        case BURSAR_FIELD_ACCOUNT_ID:
            return begins(key, "\"account_id\":") && plain_account(value, row.account_id);
        case BURSAR_FIELD_DESCRIPTION:
            return begins(key, "\"description\":") && plain_text(value, 1000, row.description);
        case BURSAR_FIELD_DETAIL_CODE:
            return begins(key, "\"detail_code\":") && plain_text(value, 16, row.detail_code)
                && row.detail_code.length > 0;
        case BURSAR_FIELD_SOURCE_TRANSACTION_ID:
            return begins(key, "\"source_transaction_id\":") && plain_text(value, 128, row.id)
                && row.id.length > 0;
        default:
            return begins(key, "\"source_transaction_date\":")
                && plain_date(value, row.date, row.day);
    }
}

bool SetPass::plain_transaction() {
    if (token_count_ - token_ < tokens_of_transaction) { return false; }
    Row row;
    size_t token = token_ + 1;
#pragma clang loop unroll(disable)
    for (size_t i = 0; i < fields_of_transaction; i++) {
        if (!plain_member(order_[i], token, row)) { return false; }
        token += 4;
        const bool is_last = i + 1 == fields_of_transaction;
        if (buffer_[places_[token - 1]] != (is_last ? '}' : ',')) { return false; }
    }
    token_ = token;
    add_row(row);
    return true;
}

}  // namespace bursar
