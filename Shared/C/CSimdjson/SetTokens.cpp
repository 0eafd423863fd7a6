// Tokens of a document: where they end, what they are, and how they are stepped over.
#include "SetPass.hpp"

namespace bursar {

bursar_text SetPass::scalar(size_t token) const {
    const char *const start = buffer_ + places_[token];
    const char *end = buffer_ + places_[token + 1];
    while (end > start && is_blank(end[-1])) { end--; }
    return {start, static_cast<size_t>(end - start)};
}

bool SetPass::is_malformed(size_t token) const {
    if (token >= token_count_) { return true; }
    switch (at(token)) {
        case '"': case '{': case '[': return false;
        default: break;
    }
    const bursar_text text = scalar(token);
    if (is_text(text, "true") || is_text(text, "false") || is_text(text, "null")) {
        return false;
    }
    const char *p = text.start;
    bool is_integer;
    return !skip_number(p, text.start + text.length, is_integer) || p != text.start + text.length;
}

// Brackets are only counted: whether they pair is for the validator, which sees every document that
// has something to step over.
bool SetPass::skip() {
    size_t depth = 0;
    do {
        if (token_ >= token_count_) { return false; }
        switch (at(token_)) {
            case '{': case '[':
                depth++;
                break;
            case '}': case ']':
                if (depth == 0) { return false; }
                depth--;
                break;
            case ',': case ':':
                if (depth == 0) { return false; }
                break;
            default: break;
        }
        token_++;
    } while (depth > 0);
    return true;
}

bool SetPass::refuse(int code, int field) {
    const size_t first = token_;
    if (!skip()) { return false; }
    const char *const start = buffer_ + places_[first];
    const char *const end = buffer_ + places_[token_];
    bursar_text value{start, static_cast<size_t>(end - start)};
    while (value.length > 0 && is_blank(value.start[value.length - 1])) { value.length--; }
    faults_.add(code, field, index_, value);
    const bool is_no_json = code == BURSAR_SET_MALFORMED
        || (code == BURSAR_SET_TOO_LONG && value.length > BURSAR_JSON_MAXIMUM_NUMBER_BYTES);
    if (is_no_json && faults_.malformed.start == nullptr) { faults_.malformed = value; }
    return true;
}

bool SetPass::wrong_type(int field) {
    return refuse(is_malformed(token_) ? BURSAR_SET_MALFORMED : BURSAR_SET_WRONG_TYPE, field);
}

}  // namespace bursar
