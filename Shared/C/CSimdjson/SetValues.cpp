// Values of a posting set: texts, dates, amounts, counts.
#include "Amount.hpp"
#include "Dates.hpp"
#include "SetPass.hpp"

namespace bursar {

namespace {

// Control characters (Unicode's Cc) and those that reorder what people see, in well-formed UTF-8.
int forbidden_character(bursar_text text) {
    const auto *const p = reinterpret_cast<const unsigned char *>(text.start);
    for (size_t i = 0; i < text.length; i++) {
        if (p[i] < 0x20 || p[i] == 0x7F) { return BURSAR_SET_CONTROL_CHARACTER; }
        if (p[i] == 0xC2 && p[i + 1] < 0xA0) { return BURSAR_SET_CONTROL_CHARACTER; }
        if (p[i] != 0xE2) { continue; }
        const bool is_embedding = p[i + 1] == 0x80 && p[i + 2] >= 0xAA && p[i + 2] <= 0xAE;
        const bool is_isolate = p[i + 1] == 0x81 && p[i + 2] >= 0xA6 && p[i + 2] <= 0xA9;
        if (is_embedding || is_isolate) { return BURSAR_SET_BIDI_CONTROL; }
    }
    return 0;
}

int amount_code(int fault) {
    switch (fault) {
        case BURSAR_AMOUNT_TOO_LONG: return BURSAR_SET_TOO_LONG;
        case BURSAR_AMOUNT_TOO_MANY_DECIMALS: return BURSAR_SET_TOO_MANY_DECIMALS;
        case BURSAR_AMOUNT_OUT_OF_RANGE: return BURSAR_SET_OUT_OF_RANGE;
        default: return BURSAR_SET_MALFORMED;
    }
}

bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }

// Whether a number token is an integer; false for every other token.
bool is_integer_token(bursar_text text) {
    const char *p = text.start;
    bool is_integer = false;
    return skip_number(p, text.start + text.length, is_integer) && is_integer
        && p == text.start + text.length;
}

}  // namespace

// Replaces the escapes of a text, if it has any.
int SetPass::unescaped(bursar_text &text) {
    if (text.length == 0 || std::memchr(text.start, '\\', text.length) == nullptr) { return 0; }
    char *const out = arena(text.length);
    const Unescaped result = unescape(text.start, text.length, out);
    if (result.fault == EscapeFault::grammar) { return BURSAR_SET_MALFORMED; }
    if (result.fault == EscapeFault::lone_surrogate) { return BURSAR_SET_LONE_SURROGATE; }
    text = {out, result.length};
    return 0;
}

// A text is unescaped at most twice, on the short way and then on the general one, and made
// canonical at most once: three times the document's length is enough for all.
char *SetPass::arena(size_t length) {
    if (arena_used_ == 0) { document_.arena.reserve(3 * document_.length + BURSAR_JSON_PADDING); }
    char *const place = document_.arena.data() + arena_used_;
    arena_used_ += length;
    return place;
}

int SetPass::judge(bursar_text &text) {
    if (is_plain(text)) { return 0; }
    const int fault = unescaped(text);
    return fault != 0 ? fault : forbidden_character(text);
}

SetPass::Reading SetPass::string(int field, bursar_text &out) {
    if (at(token_) != '"') { return wrong_type(field) ? Reading::refused : Reading::broken; }
    out = inside(token_);
    const int fault = judge(out);
    if (fault == 0) { return Reading::fine; }
    return refuse(fault, field) ? Reading::refused : Reading::broken;
}

bool SetPass::text(int field, size_t minimum, size_t maximum, bursar_text &out) {
    const Reading reading = string(field, out);
    if (reading != Reading::fine) { return reading == Reading::refused; }
    if (out.length < minimum) { return refuse(BURSAR_SET_EMPTY, field); }
    if (out.length > maximum) { return refuse(BURSAR_SET_TOO_LONG, field); }
    token_++;
    return true;
}

bool SetPass::date(int field, bursar_text &out, int32_t &day) {
    const Reading reading = string(field, out);
    if (reading != Reading::fine) { return reading == Reading::refused; }
    if (last_date_.length == 0 || !is_equal(out, last_date_)) {
        if (out.length > maximum_date_bytes) { return refuse(BURSAR_SET_TOO_LONG, field); }
        int32_t read = 0;
        if (!read_date(out.start, out.length, read)) {
            return refuse(BURSAR_SET_INVALID_DATE, field);
        }
        last_date_ = out;
        last_day_ = read;
    }
    day = last_day_;
    token_++;
    return true;
}

// Contract A1-4: a string or an integer; blanks around it go, ASCII letters become capitals.
bool SetPass::account_id(bursar_text &out) {
    if (is_number(at(token_))) {
        out = scalar(token_);
        if (!is_integer_token(out)) {
            return refuse(is_malformed(token_) ? BURSAR_SET_MALFORMED : BURSAR_SET_NOT_AN_INTEGER,
                          BURSAR_FIELD_ACCOUNT_ID);
        }
        if (is_text(out, "-0")) { out = {out.start + 1, 1}; }
    } else {
        const Reading reading = string(BURSAR_FIELD_ACCOUNT_ID, out);
        if (reading != Reading::fine) { return reading == Reading::refused; }
        while (out.length > 0 && *out.start == ' ') { out = {out.start + 1, out.length - 1}; }
        while (out.length > 0 && out.start[out.length - 1] == ' ') { out.length--; }
        if (out.length == 0) { return refuse(BURSAR_SET_EMPTY, BURSAR_FIELD_ACCOUNT_ID); }
    }
    if (out.length > maximum_account_bytes) {
        return refuse(BURSAR_SET_TOO_LONG, BURSAR_FIELD_ACCOUNT_ID);
    }
    capitalize(out);
    token_++;
    return true;
}

void SetPass::capitalize(bursar_text &text) {
    bool has_small = false;
    for (size_t i = 0; i < text.length; i++) { has_small |= is_small_letter(text.start[i]); }
    if (!has_small) { return; }
    char *const out = arena(text.length);
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.start[i];
        out[i] = is_small_letter(c) ? static_cast<char>(c - 0x20) : c;
    }
    text.start = out;
}

bool SetPass::amount(int field, int64_t &out) {
    if (!is_number(at(token_))) { return wrong_type(field); }
    const bursar_text text = scalar(token_);
    if (!short_amount(text, out)) {
        const int fault = bursar_amount_parse(text.start, text.length, &out);
        if (fault != BURSAR_AMOUNT_FINE) { return refuse(amount_code(fault), field); }
    }
    token_++;
    return true;
}

bool SetPass::record_count() {
    const int field = BURSAR_FIELD_RECORD_COUNT;
    if (!is_number(at(token_))) { return wrong_type(field); }
    if (is_malformed(token_)) { return refuse(BURSAR_SET_MALFORMED, field); }
    const bursar_text text = scalar(token_);
    if (!is_integer_token(text)) { return refuse(BURSAR_SET_NOT_AN_INTEGER, field); }
    const bool is_zero = is_text(text, "-0");
    if (*text.start == '-' && !is_zero) { return refuse(BURSAR_SET_NEGATIVE, field); }
    set_.record_count = 0;
    for (size_t i = is_zero ? 1 : 0; i < text.length; i++) {
        if (__builtin_mul_overflow(set_.record_count, 10, &set_.record_count)
            || __builtin_add_overflow(set_.record_count, text.start[i] - '0', &set_.record_count)) {
            return refuse(BURSAR_SET_OUT_OF_RANGE, field);
        }
    }
    token_++;
    return true;
}

bool SetPass::billing_type() {
    bursar_text word;
    const Reading reading = string(BURSAR_FIELD_BILLING_TYPE, word);
    if (reading != Reading::fine) { return reading == Reading::refused; }
    if (!is_text(word, "BANNER")) {
        return refuse(BURSAR_SET_UNKNOWN_VALUE, BURSAR_FIELD_BILLING_TYPE);
    }
    token_++;
    return true;
}

bool SetPass::posting_type() {
    bursar_text word;
    const Reading reading = string(BURSAR_FIELD_POSTING_TYPE, word);
    if (reading != Reading::fine) { return reading == Reading::refused; }
    set_.is_commit = is_text(word, "COMMIT");
    if (!set_.is_commit && !is_text(word, "TRIAL")) {
        return refuse(BURSAR_SET_UNKNOWN_VALUE, BURSAR_FIELD_POSTING_TYPE);
    }
    token_++;
    return true;
}

}  // namespace bursar
